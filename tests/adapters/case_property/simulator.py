"""The simulated case property system: JSON, cursors that are lost, HTTP statuses.

Interface: ``adapters/case_property/interface/2024-01.md``. Test-bench faults:
``down``, ``slow`` (seconds), ``login_refused``, ``code`` (answered with status 422
until cleared), and, for so many answers, ``html``, ``garbage``, ``busy``,
``silent_after_commit``, ``cursor_gone`` (a cursor that is asked by is lost).
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.adapters.case_property import words
from tests.adapters.case_property.office import No, Office
from tests.simulators import world
from tests.simulators.dirt import Dirt
from tests.simulators.forms import Refused
from tests.simulators.service import Options
from tests.simulators.state import State

TOKEN = "invented-token-property"
#: seconds after which a cursor is forgotten
LIFE = 60.0
MOST_ROWS = 100
_STUMBLES: dict[str, tuple[int, str, bytes]] = {
    "html": (200, "text/html", b"<html><body>gateway</body></html>"),
    "garbage": (200, "application/json", b'{"data":[{"tzbh":"TZ'),
    "busy": (429, "text/plain", b"slow down"),
}
Handler = Callable[[Request], Awaitable[Response]]


def open_agency(options: Options, faults: dict[str, Any]) -> Centre:
    """The centre with its disk open, seeded on the first start."""
    centre = Centre(options, faults)
    if centre.state.is_new():
        centre.state.seed(_seeds(options), f"{options.seed}/{options.cases}")
    return centre


def _seeds(options: Options) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for case in world.build(options.seed, options.cases):
        if words.belongs(case):
            kind = words.planted(options.seed, case.index)
            form = words.soil(words.form(case, options.seed), kind)
            yield "account", form["tzbh"], form["zhgxsj"], {"form": form, "dirt": kind}


class Centre:
    """Routes, the token and the cursors; the rest is ``Office``'s business."""

    def __init__(self, options: Options, faults: dict[str, Any]) -> None:
        self.state = State(options.data)
        self.office = Office(self.state)
        self.faults = faults
        self._token = options.value("token", TOKEN)
        #: cursor -> when it was made, the rows behind it, rows a page
        self._cursors: dict[str, tuple[float, list[dict[str, str]], int]] = {}

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/api/tz", self._guarded(self._list)),
            Route("/api/tz/{number}", self._guarded(self._account)),
            Route("/api/jj", self._guarded(self._receive), methods=["POST"]),
            Route("/api/jj/{sjbs}", self._guarded(self._known)),
            Route("/api/about", self._guarded(self._about)),
        ]

    def declared(self) -> Sequence[Dirt]:
        rows = self.state.changes("account", "", self.state.count("account"), 0)
        return [
            Dirt(key, words.KINDS[body["dirt"]], body["dirt"])
            for key, _, body in rows
            if body["dirt"]
        ]

    def act(self, order: dict[str, Any]) -> dict[str, Any]:
        return self.office.act(order)

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            if self.faults.get("slow"):
                await asyncio.sleep(float(self.faults["slow"]))
            ill = self._misbehave()
            if ill is not None:
                return ill
            told = request.headers.get("authorization")
            if self.faults.get("login_refused") or told != f"Bearer {self._token}":
                return _error(401, "LOGIN", "令牌无效")
            try:
                return await handler(request)
            except Refused as error:
                code = "UNKNOWN_CODE" if error.is_code else "BAD_MESSAGE"
                return _error(400, code, str(error))
            except No as error:
                return _error(error.status, error.code, error.text)

        return guarded

    def _misbehave(self) -> Response | None:
        if self.faults.get("down"):
            return Response("down", 503)
        name = next((name for name in _STUMBLES if self._spend(name)), "")
        if name:
            status, media, body = _STUMBLES[name]
            return Response(body, status, {"Retry-After": "2"}, media_type=media)
        if self.faults.get("code"):
            return _error(422, str(self.faults["code"]), "由测试台指定")
        return None

    def _spend(self, name: str) -> bool:
        left = int(self.faults.get(name) or 0)
        if left:
            self.faults[name] = left - 1
        return left > 0

    async def _list(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if "cursor" in asked:
            if set(asked) != {"cursor"}:
                raise Refused("cursor 应单独使用")
            return self._page(self._resumed(asked["cursor"]))
        if set(asked) - {"since", "size"}:
            raise Refused("含未知参数")
        size = asked.get("size", "")
        if not size.isdecimal() or not 0 < int(size) <= MOST_ROWS:
            raise Refused("size 超出范围")
        since = asked.get("since", "")
        try:
            floor = datetime.fromisoformat(since) if since else None
        except ValueError as error:
            raise Refused("since 格式错误") from error
        if floor is not None and floor.tzinfo is None:
            raise Refused("since 缺少时区")
        every = self.state.changes("account", "", self.state.count("account"), 0)
        rows = [
            {"tzbh": key, "zhgxsj": at}
            for key, at, _ in every
            if floor is None or datetime.fromisoformat(at) >= floor
        ]
        return self._page((rows, int(size)))

    def _resumed(self, cursor: str) -> tuple[list[dict[str, str]], int]:
        made, rows, size = self._cursors.get(cursor, (0.0, [], 0))
        if self._spend("cursor_gone") or time.monotonic() - made > LIFE:
            self._cursors.pop(cursor, None)
            raise No(410, "CURSOR_GONE", "游标已失效")
        return rows, size

    def _page(self, told: tuple[list[dict[str, str]], int]) -> Response:
        rows, size = told
        answer: dict[str, Any] = {"data": rows[:size], "cursor": None}
        if rows[size:]:
            cursor = secrets.token_urlsafe(18)
            self._cursors[cursor] = time.monotonic(), rows[size:], size
            answer["cursor"] = cursor
        return JSONResponse(answer)

    async def _account(self, request: Request) -> Response:
        body = self.state.get("account", request.path_params["number"])
        if body is None or body["dirt"] == "gone":
            raise No(404, "NOT_FOUND", "台账不存在")
        told = json.dumps(body["form"], ensure_ascii=False).encode()
        cut = len(told) * 2 // 3 if body["dirt"] == "truncated" else len(told)
        return Response(told[:cut], media_type="application/json")

    async def _receive(self, request: Request) -> Response:
        try:
            message = json.loads(await request.body())
        except ValueError as error:
            raise Refused("报文不是 JSON") from error
        told = self.office.receive(message)
        if self._spend("silent_after_commit"):
            while (await request.receive())["type"] != "http.disconnect":
                pass
        return _answered(told)

    async def _known(self, request: Request) -> Response:
        known = self.state.answered(request.path_params["sjbs"])
        if known is None:
            raise No(404, "NOT_FOUND", "数据标识不存在")
        return _answered(known[1])

    async def _about(self, _: Request) -> Response:
        return JSONResponse({"version": "3.1", "now": self.office.now()})


def _answered(told: dict[str, Any]) -> Response:
    body = {name: value for name, value in told.items() if name != "status"}
    return JSONResponse(body, told["status"])


def _error(status: int, code: str, text: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": text}}, status)
