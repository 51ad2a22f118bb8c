"""A small city for the flow tests: simulated agencies as processes, and a hub."""

from __future__ import annotations

import importlib
import json
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.contract.endpoint import Endpoint
from tests.simulators.launch import Running, launch

ROOT = Path(__file__).parents[2]
SYSTEMS = tuple(
    sorted(path.parent.name for path in (ROOT / "tests/adapters").glob("*/bench.py"))
)


@dataclass(slots=True)
class City:
    """Running simulators by system, and the endpoints that reach them."""

    running: dict[str, Running] = field(default_factory=dict)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)

    def look(self, system: str, path: str) -> Any:
        """What a simulator tells of itself."""
        address = self.running[system].address
        with urllib.request.urlopen(f"{address}{path}", timeout=20) as answer:
            return json.load(answer)

    def order(self, system: str, do: Mapping[str, Any]) -> Any:
        """Have an officer of an agency do something."""
        return self._post(system, "/_sim/act", do)

    def fault(self, system: str, **switches: Any) -> Any:
        """Let the next answers of an agency misbehave; none: behave again."""
        return self._post(system, "/_sim/fault", switches)

    def again(self, system: str) -> None:
        """Start an agency again on its old port and its old disk."""
        old = self.running[system]
        settings = _settings(system, old.data)
        self.running[system] = launch(
            system, old.data, port=old.port, cases=self.cases, settings=settings
        )

    cases: int = 500

    def _post(self, system: str, path: str, body: Mapping[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self.running[system].address}{path}",
            data=json.dumps(body).encode(),
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


@contextmanager
def open_city(
    folder: Path, systems: Iterable[str] = SYSTEMS, cases: int = 500
) -> Iterator[City]:
    """Start these agencies; they end with the block."""
    city = City(cases=cases)
    try:
        for system in systems:
            data = folder / system
            settings = _settings(system, data)
            running = launch(system, data, cases=cases, settings=settings)
            city.running[system] = running
            city.endpoints[system] = _bench(system).endpoint(running)
        yield city
    finally:
        for running in city.running.values():
            running.stop()


def _bench(system: str) -> Any:
    return importlib.import_module(f"tests.adapters.{system}.bench")


def _settings(system: str, data: Path) -> dict[str, str]:
    chosen = getattr(_bench(system), "settings", None)
    found: dict[str, str] = chosen(data) if chosen else {}
    return found
