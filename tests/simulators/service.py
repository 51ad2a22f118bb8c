"""What every simulated agency offers besides its own protocol.

``GET /_sim/ready``, ``/_sim/received`` (what it was handed), ``/_sim/declared``
(its planted dirt), ``POST /_sim/act`` (an officer of the agency does something)
and ``POST /_sim/fault`` (the next answers misbehave). These paths belong to the
test bench, not to the agency's interface; the hub never calls them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.simulators.dirt import Dirt
from tests.simulators.state import State


@dataclass(frozen=True, slots=True)
class Options:
    """How a simulator is started."""

    port: int
    data: Path
    seed: int = 7
    cases: int = 500
    extra: tuple[str, ...] = ()

    def value(self, name: str, default: str = "") -> str:
        """One of the simulator's own ``--set name=value`` options."""
        found = [
            item.partition("=")[2] for item in self.extra if item.startswith(f"{name}=")
        ]
        return found[-1] if found else default


class Agency(Protocol):
    """A simulated agency: its routes, its dirt and what its officers can do."""

    state: State

    def routes(self) -> Sequence[BaseRoute]:
        """The agency's own interface."""

    def declared(self) -> Sequence[Dirt]:
        """The dirt that was planted and must show up as failures."""

    def act(self, order: dict[str, Any]) -> dict[str, Any]:
        """An officer works: ``order["do"]`` says what. Returns what came of it."""


def application(agency: Agency, faults: dict[str, Any]) -> Starlette:
    """The agency's interface plus the test bench's paths."""

    async def ready(_: Request) -> Response:
        return JSONResponse({"ready": True})

    async def received(_: Request) -> Response:
        return JSONResponse(agency.state.received())

    async def declared(_: Request) -> Response:
        return JSONResponse([asdict(dirt) for dirt in agency.declared()])

    async def act(request: Request) -> Response:
        try:
            return JSONResponse(agency.act(json.loads(await request.body())))
        except (KeyError, ValueError, LookupError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)

    async def fault(request: Request) -> Response:
        faults.clear()
        faults.update(json.loads(await request.body()))
        return JSONResponse(faults)

    bench = [
        Route("/_sim/ready", ready),
        Route("/_sim/received", received),
        Route("/_sim/declared", declared),
        Route("/_sim/act", act, methods=["POST"]),
        Route("/_sim/fault", fault, methods=["POST"]),
    ]
    return Starlette(routes=[*agency.routes(), *bench])


def options(arguments: Sequence[str]) -> Options:
    """Read a simulator's command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulators NAME")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--set", action="append", default=[], dest="extra")
    found = parser.parse_args(arguments)
    return Options(found.port, found.data, found.seed, found.cases, tuple(found.extra))


def serve(app: Starlette, port: int) -> None:
    """Answer on loopback until killed."""
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
