"""The simulated detention centre: REST with XML bodies, open by its own clock only.

Interface: ``adapters/detention_centre/interface/2021-05.md``. Settings: ``hours``
(``08:00-20:00``), ``clock`` (what its clock shows at the first start), ``account``,
``key``. Test-bench faults: ``down``, ``slow`` (seconds), ``login_refused``, ``closed``
(whatever the clock shows), ``fhm`` (answered until cleared), and, for so many answers,
``html``, ``garbage``, ``busy``, ``silent_after_commit``.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tests.adapters.detention_centre import strict, words
from tests.adapters.detention_centre.office import Clock, No, Office
from tests.simulators import world
from tests.simulators.dirt import Dirt
from tests.simulators.forms import Refused
from tests.simulators.service import Options
from tests.simulators.state import State

ACCOUNT, KEY = "hub-421300", "invented-key-detention"
MOST_ROWS = 100
MEDIA = "text/xml; charset=GBK"

#: fault -> status, media and bytes of so many answers
_STUMBLES: dict[str, tuple[int, str, bytes]] = {
    "html": (200, "text/html", b"<!DOCTYPE html><html><body>login</body></html>"),
    "garbage": (200, MEDIA, b'<?xml version="1.0" encoding="GBK"?><YD><FHM>00'),
    "busy": (429, "text/plain", b"slow down"),
}
Handler = Callable[[Request], Awaitable[Response]]


def open_agency(options: Options, faults: dict[str, Any]) -> Centre:
    """The centre with its disk open, seeded on the first start."""
    centre = Centre(options, faults)
    if centre.state.is_new():
        centre.office.clock.set(options.value("clock", words.BEGINNING))
        centre.state.seed(_seeds(options), f"{options.seed}/{options.cases}")
    return centre


def _seeds(options: Options) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for case in world.build(options.seed, options.cases):
        for place, person in words.held(case):
            kind = words.planted(options.seed, case, place)
            clean = words.form(case, place, options.seed)
            body = {
                "form": words.soil(clean, kind),
                "key": clean["RYBH"],
                "dirt": kind,
                "id": person.id_number,
                "ends_on": f"{words.ends_on(case, person)}",
            }
            yield "person", clean["RYBH"], clean["XGSJ"], body


class Centre:
    """Routes, hours and the account; what happens inside is ``Office``'s business."""

    def __init__(self, options: Options, faults: dict[str, Any]) -> None:
        self.state = State(options.data)
        opens, _, closes = options.value("hours", "08:00-20:00").partition("-")
        self.office = Office(self.state, Clock(self.state, opens, closes))
        self.faults = faults
        self._login = options.value("account", ACCOUNT), options.value("key", KEY)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/zyry", self._guarded(self._list)),
            Route("/zyry/{number}", self._guarded(self._person)),
            Route("/hy", self._guarded(self._take("HY")), methods=["POST"]),
            Route("/jyqx", self._guarded(self._take("JYQX")), methods=["POST"]),
            Route("/tx/yy", self._guarded(self._take("TX")), methods=["POST"]),
            Route("/hy/{sjbs}", self._guarded(self._known)),
            Route("/jyqx/{sjbs}", self._guarded(self._known)),
            Route("/zt", self._guarded(self._status)),
        ]

    def declared(self) -> Sequence[Dirt]:
        rows = self.state.changes("person", "", self.state.count("person"), 0)
        return [
            Dirt(key, words.KINDS[body["dirt"]], body["dirt"])
            for key, _, body in rows
            if body["dirt"]
        ]

    def act(self, order: dict[str, Any]) -> dict[str, Any]:
        return self.office.act(order)

    def _guarded(self, handler: Handler) -> Handler:
        """The hours first, then the account, then the matter itself."""

        async def guarded(request: Request) -> Response:
            if self.faults.get("slow"):
                await asyncio.sleep(float(self.faults["slow"]))
            ill = self._misbehave() or self._closed()
            if ill is not None:
                return ill
            told = request.headers.get("x-jkzh"), request.headers.get("x-jkmy")
            if self.faults.get("login_refused") or told != self._login:
                return Response(words.answer("9003", "账号未授权"), 401)
            try:
                return await handler(request)
            except Refused as error:
                return _say("1002" if error.is_code else "1001", str(error))
            except No as error:
                return _say(error.code, error.text)

        return guarded

    def _misbehave(self) -> Response | None:
        if self.faults.get("down"):
            return Response("down", 503)
        name = next((name for name in _STUMBLES if self._spend(name)), "")
        if name:
            status, media, body = _STUMBLES[name]
            return Response(body, status, {"Retry-After": "2"}, media_type=media)
        if self.faults.get("fhm"):
            return _say(str(self.faults["fhm"]), "由测试台指定")
        return None

    def _closed(self) -> Response | None:
        clock = self.office.clock
        opens = clock.opening()
        if self.faults.get("closed"):
            day = clock.now() + timedelta(hours=1)
            opens = opens or words.stamp(day)
        if not opens:
            return None
        now = words.stamp(clock.now())
        text = f"非服务时间，请于 {opens} 后再办理"
        return _say("9001", text, {"KFSJ": opens, "FWQSJ": now})

    def _spend(self, name: str) -> bool:
        left = int(self.faults.get(name) or 0)
        if left:
            self.faults[name] = left - 1
        return left > 0

    async def _list(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if set(asked) - {"xgsjq", "rybhq", "mys"}:
            raise Refused("含未知参数")
        since, after = asked.get("xgsjq", ""), asked.get("rybhq", "")
        if since and not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", since):
            raise Refused("xgsjq 格式错误")
        size = asked.get("mys", "")
        if not size.isdecimal() or not 0 < int(size) <= MOST_ROWS:
            raise Refused("mys 超出范围")
        every = self.state.changes("person", since, self.state.count("person"), 0)
        found = [
            {"RYBH": key, "XGSJ": at}
            for key, at, _ in every
            if not after or (at, key) > (since, after)
        ]
        return _say("0000", "成功", {"LB": {"RY": found[: int(size)]}})

    async def _person(self, request: Request) -> Response:
        body = self.state.get("person", request.path_params["number"])
        if body is None or body["dirt"] == "gone":
            return _say("1404", "在押人员不存在")
        told = words.answer("0000", "成功", {"ZYRY": body["form"]})
        cut = len(told) * 2 // 3 if body["dirt"] == "truncated" else len(told)
        return Response(told[:cut], media_type=MEDIA)

    def _take(self, root: str) -> Handler:
        async def take(request: Request) -> Response:
            message = strict.opened(root, await request.body())
            told = self.office.receive(root, message)
            if self._spend("silent_after_commit"):
                while (await request.receive())["type"] != "http.disconnect":
                    pass
            return _receipt(told)

        return take

    async def _known(self, request: Request) -> Response:
        known = self.state.answered(request.path_params["sjbs"])
        return _receipt(known[1]) if known else _say("1404", "数据标识不存在")

    async def _status(self, _: Request) -> Response:
        now = words.stamp(self.office.clock.now())
        return _say("0000", "成功", {"BBH": "4.1", "FWQSJ": now})


def _receipt(told: dict[str, Any]) -> Response:
    number = {"HZBH": told["HZBH"]} if "HZBH" in told else {}
    return _say(told["code"], told["text"], number)


def _say(code: str, text: str, content: dict[str, Any] | None = None) -> Response:
    return Response(words.answer(code, text, content), media_type=MEDIA)
