"""The simulated court: a database whose views it lends out, and an intake by REST.

Options: ``--set database=URL`` (an administrator's address, PostgreSQL or MariaDB;
without it an embedded PostgreSQL in ``--data``), ``--set schema=court_sim``,
``--set token=...``. ``GET /_sim/database`` tells the reader's address. Faults:
``down``, ``slow`` (seconds), ``login_refused``, and for so many answers ``garbage``,
``html``, ``busy``, ``bad_gateway``, ``silent_after_commit``.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.adapters.court_case import dirty, words
from tests.adapters.court_case.database import Database, open_database
from tests.adapters.court_case.office import Conflict, Office
from tests.simulators import world
from tests.simulators.dirt import Dirt
from tests.simulators.forms import Refused
from tests.simulators.service import Options
from tests.simulators.state import State

TOKEN = "invented-court-token"
SCHEMA = "court_sim"

_HTML, _JSON = {"Content-Type": "text/html"}, {"Content-Type": "application/json"}
_PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"

#: fault -> status, headers and bytes of so many answers
_STUMBLES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "html": (200, _HTML, _PAGE),
    "bad_gateway": (502, _HTML, _PAGE),
    "busy": (429, {"Retry-After": "2"}, b"slow down"),
    "garbage": (200, _JSON, b'{"accepted": tr'),
}
Handler = Callable[[Request], Awaitable[Response]]


def open_agency(options: Options, faults: dict[str, Any]) -> Court:
    """The court with its database made and, on the first start, seeded."""
    schema = options.value("schema", SCHEMA)
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,40}", schema):
        raise ValueError("schema: lower-case letters, digits and _ only")
    options.data.mkdir(parents=True, exist_ok=True)
    database = open_database(options.value("database"), schema, options.data)
    court = Court(options, faults, database)
    court.office.seed(_seeds(options), f"{options.seed}/{options.cases}")
    return court


def _seeds(options: Options) -> Iterator[dict[str, list[words.Row]]]:
    for case in _cases(options):
        rows = words.rows(case, options.seed)
        dirty.soil(rows, dirty.kind_of(options.seed, case.index))
        yield rows


def _cases(options: Options) -> list[world.Case]:
    found = world.build(options.seed, options.cases)
    return [case for case in found if case.reached("TRIAL")]


class Court:
    """Routes and token; what its clerks and judges do is ``Office``'s business."""

    def __init__(
        self, options: Options, faults: dict[str, Any], database: Database
    ) -> None:
        self.state = State(options.data)
        self.office = Office(database)
        self.faults = faults
        self._options = options
        self._database = database
        self._token = options.value("token", TOKEN)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/api/zt", self._guarded(self._pulse)),
            Route("/api/la", self._guarded(self._receive), methods=["POST"]),
            Route("/api/la/{sjbs}", self._guarded(self._enquire)),
            Route("/_sim/database", self._told),
        ]

    def declared(self) -> Sequence[Dirt]:
        found = []
        for case in _cases(self._options):
            kind = dirty.kind_of(self._options.seed, case.index)
            if kind:
                key = words.row_id("aj", case.court_number)
                found.append(Dirt(key, dirty.KINDS[kind], kind))
        return found

    def act(self, order: dict[str, Any]) -> dict[str, Any]:
        return self.office.act(order)

    async def _told(self, _: Request) -> Response:
        told = {"url": self._database.reader_url, "schema": self._database.schema}
        return JSONResponse(told)

    def _take(self, name: str) -> bool:
        left = int(self.faults.get(name) or 0)
        if left:
            self.faults[name] = left - 1
        return left > 0

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            if self.faults.get("slow"):
                await asyncio.sleep(float(self.faults["slow"]))
            if self.faults.get("down"):
                return Response("down", 503)
            name = next((name for name in _STUMBLES if self._take(name)), "")
            if name:
                status, headers, body = _STUMBLES[name]
                return Response(body, status, headers)
            sent = request.headers.get("authorization", "")
            if self.faults.get("login_refused") or sent != f"Bearer {self._token}":
                return JSONResponse({"text": "令牌无效"}, 401)
            try:
                return await handler(request)
            except Refused as error:
                return JSONResponse({"accepted": False, "text": str(error)}, 400)
            except Conflict as error:
                return JSONResponse({"accepted": False, "text": str(error)}, 409)

        return guarded

    async def _pulse(self, _: Request) -> Response:
        return JSONResponse({"bb": "4.2", "sj": self.office.now()})

    async def _receive(self, request: Request) -> Response:
        body = (await request.body()).decode()
        try:
            message = json.loads(body)
        except ValueError as error:
            raise Refused("报文不是 JSON") from error
        answer, digest, is_new = self.office.receive(message)
        if is_new:
            self.state.receive(message["sjbs"], digest, answer, body)
        if self._take("silent_after_commit"):
            while (await request.receive())["type"] != "http.disconnect":
                pass
        return JSONResponse(answer)

    async def _enquire(self, request: Request) -> Response:
        known = self.office.known(request.path_params["sjbs"])
        if known is None:
            return JSONResponse({"text": "无此数据标识"}, 404)
        return JSONResponse(known[1])
