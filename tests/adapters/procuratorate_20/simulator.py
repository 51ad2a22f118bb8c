"""The simulated procuratorate system 2.0: JSON over HTTP, tokens, cursor pages.

Interface: ``adapters/procuratorate_20/interface/2023-07.md``. Test-bench faults:
``down``, ``slow`` (seconds), ``login_refused``, ``expire_token`` (after so many
calls), and, for so many answers, ``html``, ``garbage``, ``gbk``, ``busy``,
``bad_gateway``, ``silent_after_commit``, ``shift`` (a listed row changes);
``ret_code`` is answered with status 200 until cleared.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.adapters.procuratorate_20 import dirty, dossier, words
from tests.adapters.procuratorate_20.office import Conflict, Office
from tests.simulators import world
from tests.simulators.dirt import Dirt
from tests.simulators.forms import Refused
from tests.simulators.service import Options
from tests.simulators.state import State

CLIENT_ID, CLIENT_SECRET = "hub-421300", "invented-secret-20"
TOKEN_SECONDS = 1800
_PAGE = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"

_HTML, _JSON = {"Content-Type": "text/html"}, {"Content-Type": "application/json"}

#: fault -> status, headers and bytes of so many answers
_STUMBLES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "html": (200, _HTML, _PAGE),
    "bad_gateway": (502, _HTML, _PAGE),
    "busy": (429, {"Retry-After": "2"}, b"slow down"),
    "garbage": (200, _JSON, '{"retCode":"0","retMsg":"成功","da'.encode()),
    "gbk": (200, _JSON, '{"retCode":"0","retMsg":"成功","data":[]}'.encode("gbk")),
}

Handler = Callable[[Request], Awaitable[Response]]


def open_agency(options: Options, faults: dict[str, Any]) -> Procuratorate:
    """The agency with its disk open, seeded on the first start."""
    agency = Procuratorate(options, faults)
    if agency.state.is_new():
        agency.state.seed(_seeds(options), f"{options.seed}/{options.cases}")
    return agency


def _seeds(options: Options) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for case in world.build(options.seed, options.cases):
        if case.in_15 or not case.reached("PROSECUTION"):
            continue
        form = words.detail(case, options.seed)
        kind = dirty.kind_of(options.seed, case.index)
        dirty.soil(form, kind)
        stamp = f"{case.modified:%Y-%m-%d %H:%M:%S}"
        body = {"form": form, "dirt": kind, "accepted": case.accepted.isoformat()}
        yield "case", case.department_number, stamp, body


class Procuratorate:
    """Routes, tokens and pages; what its officers do is ``Office``'s business."""

    def __init__(self, options: Options, faults: dict[str, Any]) -> None:
        self.state = State(options.data)
        self.office = Office(self.state)
        self.faults = faults
        self._scans = options.data / "dzjz"
        self._id = options.value("client_id", CLIENT_ID)
        self._secret = options.value("client_secret", CLIENT_SECRET)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/auth/token", self._login, methods=["POST"]),
            Route("/api/aj", self._guarded(self._list)),
            Route("/api/aj/{bmsah}", self._guarded(self._detail, told_in_body=True)),
            Route("/api/xt/js", self._guarded(self._receive), methods=["POST"]),
            Route("/api/xt/js/{sjbs}", self._guarded(self._enquire)),
            Route("/api/dzjz/{bmsah}/wj/{wswh}", self._guarded(self._scan)),
            Route("/api/version", self._guarded(self._version)),
            Route("/_sim/logins", self._logins),
        ]

    def declared(self) -> Sequence[Dirt]:
        rows = self.state.changes("case", "", self.state.count("case"), 0)
        return [
            Dirt(key, dirty.KINDS[body["dirt"]], body["dirt"])
            for key, _, body in rows
            if body.get("dirt")
        ]

    def act(self, order: dict[str, Any]) -> dict[str, Any]:
        return self.office.act(order)

    async def _login(self, request: Request) -> Response:
        await self._stumble()
        if self.faults.get("down"):
            return Response("down", 503)
        form = dict(parse_qsl((await request.body()).decode()))
        wanted = {
            "grant_type": "client_credentials",
            "client_id": self._id,
            "client_secret": self._secret,
        }
        if form != wanted or self.faults.get("login_refused"):
            self._count("refused")
            return JSONResponse({"error": "invalid_client"}, 401)
        self._count("granted")
        token = secrets.token_hex(16)
        self.state.set("token", token)  # the one before is dead from now on
        self.state.set("token_until", str(time.time() + TOKEN_SECONDS))
        return JSONResponse(
            {"access_token": token, "token_type": "bearer", "expires_in": TOKEN_SECONDS}
        )

    async def _logins(self, _: Request) -> Response:
        names = ("granted", "refused")
        return JSONResponse(
            {name: int(self.state.setting(f"logins/{name}") or 0) for name in names}
        )

    def _count(self, name: str) -> None:
        done = int(self.state.setting(f"logins/{name}") or 0)
        self.state.set(f"logins/{name}", str(done + 1))

    def _take(self, name: str) -> bool:
        left = int(self.faults.get(name) or 0)
        if left:
            self.faults[name] = left - 1
        return left > 0

    async def _stumble(self) -> None:
        if self.faults.get("slow"):
            await asyncio.sleep(float(self.faults["slow"]))

    def _guarded(self, handler: Handler, *, told_in_body: bool = False) -> Handler:
        """Token and faults first; the detail service tells a dead token in a 200."""

        async def guarded(request: Request) -> Response:
            await self._stumble()
            misbehaved = self._misbehave()
            if misbehaved is not None:
                return misbehaved
            if not self._is_known(request):
                dead = {"retCode": "9401", "retMsg": "令牌失效"}
                return JSONResponse(dead, 200 if told_in_body else 401)
            try:
                return await handler(request)
            except Refused as error:
                return _answer("1002" if error.is_code else "1001", str(error))
            except Conflict as error:
                return _answer("1409", str(error))

        return guarded

    def _misbehave(self) -> Response | None:
        if self.faults.get("down"):
            return Response("down", 503)
        name = next((name for name in _STUMBLES if self._take(name)), "")
        if name:
            status, headers, body = _STUMBLES[name]
            return Response(body, status, headers)
        if self.faults.get("ret_code"):
            return _answer(str(self.faults["ret_code"]), "业务异常")
        return None

    def _is_known(self, request: Request) -> bool:
        if "expire_token" in self.faults:
            if self.faults["expire_token"] <= 0:
                del self.faults["expire_token"]
                self.state.set("token", "")
            else:
                self.faults["expire_token"] -= 1
        if self.faults.get("login_refused"):
            return False
        token = self.state.setting("token") or ""
        alive = time.time() < float(self.state.setting("token_until") or 0)
        sent = request.headers.get("authorization", "")
        return bool(token) and alive and sent == f"Bearer {token}"

    async def _version(self, _: Request) -> Response:
        return _answer("0", "成功", {"bbh": "2.0.7", "fwqsj": self.office.now()})

    async def _list(self, request: Request) -> Response:
        asked = dict(request.query_params)
        since, start, size = _page_asked(asked)
        rows = self.state.changes("case", since, size + 1, start)
        told = [self._row(key, at, body) for key, at, body in rows[:size]]
        if rows and self._take("shift"):
            self.office.touch(rows[0][0])
        answer: dict[str, Any] = {"retCode": "0", "retMsg": "成功", "data": told}
        if len(rows) > size:
            position = f"{since}|{start + size}".encode()
            answer["nextCursor"] = base64.urlsafe_b64encode(position).decode()
        return JSONResponse(answer)

    def _row(self, key: str, modified: str, body: dict[str, Any]) -> dict[str, Any]:
        form = body["form"]
        return {
            "bmsah": key,
            "tysah": form["tysah"],
            "ajmc": form["ajmc"],
            "slrq": f"{body['accepted']} 00:00:00",
            "zhxgsj": modified,
            "sfsc": form["sfsc"],
        }

    async def _detail(self, request: Request) -> Response:
        body = self.state.get("case", request.path_params["bmsah"])
        if body is None:
            return _answer("1404", "案件不存在")
        answer = {"retCode": 0, "retMsg": "成功", "data": body["form"]}
        return _json(dirty.sent(answer, body["dirt"]))

    async def _scan(self, request: Request) -> Response:
        """A document's scan, whole or the range that is asked for."""
        bmsah, wswh = request.path_params["bmsah"], request.path_params["wswh"]
        body = self.state.get("case", bmsah)
        if body is None or wswh not in dossier.numbers(body["form"]):
            return JSONResponse({"retCode": "1404", "retMsg": "文件不存在"}, 404)
        place = dossier.put_out(self._scans, bmsah, wswh)
        return FileResponse(place, media_type="application/pdf")

    async def _receive(self, request: Request) -> Response:
        try:
            message = json.loads(await request.body())
        except ValueError as error:
            raise Refused("报文不是 JSON") from error
        told = self.office.receive(message)
        if self._take("silent_after_commit"):
            await _gone(request)
        return _answer("200", "成功", told)

    async def _enquire(self, request: Request) -> Response:
        known = self.state.answered(request.path_params["sjbs"])
        if known is None:
            return _answer("1404", "数据标识不存在")
        return _answer("200", "成功", known[1])


async def _gone(request: Request) -> None:
    """Never answer: wait until the other side hangs up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _page_asked(asked: dict[str, str]) -> tuple[str, int, int]:
    unknown = set(asked) - {"zhxgsjStart", "cursor", "size"}
    if unknown:
        raise Refused(f"未知参数 {sorted(unknown)[0]}")
    since, start = asked.get("zhxgsjStart", ""), 0
    if since and not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", since):
        raise Refused("zhxgsjStart 格式错误")
    if not re.fullmatch(r"[1-9]\d{0,2}", asked.get("size", "50")):
        raise Refused("size 超出范围")
    if "cursor" in asked:
        try:
            position = base64.urlsafe_b64decode(asked["cursor"]).decode()
            since, _, offset = position.rpartition("|")
            start = int(offset)
        except ValueError as error:
            raise Refused("cursor 无效") from error
    return since, start, int(asked.get("size", "50"))


def _answer(code: str, text: str, data: Any = None) -> Response:
    return JSONResponse({"retCode": code, "retMsg": text, "data": data})


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json; charset=utf-8")
