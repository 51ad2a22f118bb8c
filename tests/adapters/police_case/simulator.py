"""A simulated police case handling system: SOAP 1.1, rpc/literal, on disk.

Seeds itself with every case of the world. While the change list is read from its
beginning for the first time, cases in it are saved by others, so its pages shift.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tests.adapters.police_case import intake, orders, paper, words
from tests.simulators.dirt import Dirt
from tests.simulators.service import Options
from tests.simulators.soap import Dropped, SoapFault, faulted, mood, opened, spend
from tests.simulators.state import State
from tests.simulators.world import build

SERVICE = "/services/ZfbaService"
ACCOUNT, SECRET = "hub", "invented-secret-police"
MOST_ROWS = 500
#: how often somebody saves a listed case during the first full reading
SHIFTS = 3

#: operation -> its parts, in order
PARTS: Mapping[str, tuple[str, ...]] = {
    "BgLb": ("senderId", "authorizeInfo", "xgsjq", "ym", "mys"),
    "AjXq": ("senderId", "authorizeInfo", "ajbh"),
    "XtJs": ("senderId", "authorizeInfo", "xml"),
    "FwZt": ("senderId", "authorizeInfo"),
}


class Police:
    """The agency: its disk, its interface, its officers."""

    def __init__(self, options: Options, faults: dict[str, Any]) -> None:
        """Open the disk; a new one is seeded from the world."""
        self.state = State(options.data)
        self._options = options
        self._faults = faults
        self._login = (
            options.value("account", ACCOUNT),
            options.value("secret", SECRET),
        )
        self._operations: Mapping[str, Callable[..., Response]] = {
            "BgLb": self._list,
            "AjXq": self._case,
            "XtJs": self._take,
            "FwZt": self._status,
        }
        if self.state.is_new():
            self.state.seed(self._rows(), f"{options.seed}/{options.cases}")

    def routes(self) -> Sequence[BaseRoute]:
        """The one service address."""
        return [Route(SERVICE, self._service, methods=["POST"])]

    def declared(self) -> Sequence[Dirt]:
        """The dirty cases by their number."""
        seed = self._options.seed
        return [
            Dirt(case.police_number, words.KINDS[kind], kind)
            for case in build(seed, self._options.cases)
            if (kind := words.planted(case.index, seed))
        ]

    def act(self, order: dict[str, Any]) -> dict[str, Any]:
        """An officer works."""
        return orders.obey(self.state, order)

    def _rows(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for case in build(self._options.seed, self._options.cases):
            body = words.words(case, self._options.seed)
            yield "case", case.police_number, body["XGSJ"], body

    async def _service(self, request: Request) -> Response:
        ill = await mood(self._faults)
        if ill is not None:
            return ill
        try:
            operation, parts = await _parts(request)
            self._admit(parts["senderId"], parts["authorizeInfo"])
            given = [parts[name] for name in PARTS[operation][2:]]
            answer = self._operations[operation](*given)
        except SoapFault as fault:
            return faulted(fault)
        silent = operation == "XtJs" and spend(self._faults, "silent_after_commit")
        return Dropped() if silent else answer

    def _admit(self, account: str, secret: str) -> None:
        if self._faults.get("login_refused") or (account, secret) != self._login:
            raise SoapFault("Client.Authentication", "授权信息无效")
        code = self._faults.get("fault_code")
        if code:
            raise SoapFault(str(code), "由测试台指定")

    def _list(self, since: str, page: str, size: str) -> Response:
        if not (page.isdecimal() and size.isdecimal() and 0 < int(size) <= MOST_ROWS):
            return paper.reply("BgLb", "3001", "页码或每页数错误")
        if since and not _is_stamp(since):
            return paper.reply("BgLb", "3001", "起始时间格式错误")
        if self._faults.get("code"):
            return paper.reply("BgLb", str(self._faults["code"]), "由测试台指定")
        offset = (int(page) - 1) * int(size)
        found = self.state.changes("case", since, int(size), offset)
        items = [{"AJBH": key, "XGSJ": modified} for key, modified, _ in found]
        self._shift(found)
        total = self.state.count("case")
        return paper.reply("BgLb", "0", "成功", paper.rows(items, total))

    def _shift(self, found: Sequence[tuple[str, str, dict[str, Any]]]) -> None:
        """Somebody saves a case that was just listed: it moves to the end."""
        done = int(self.state.setting("shifts") or 0)
        due = int(self._options.value("shifts", str(SHIFTS)))
        if done >= due or not found:
            return
        _, _, body = random.Random(done).choice(found)
        orders.save(self.state, body)
        self.state.set("shifts", str(done + 1))

    def _case(self, number: str) -> Response:
        body = self.state.get("case", number)
        if body is None:
            return paper.reply("AjXq", "4004", "案件不存在或无权查看")
        return paper.case_reply("AjXq", body)

    def _take(self, text: str) -> Response:
        said = intake.take(self.state, text)
        number = f"<AJBH>{said.number}</AJBH>" if said.number else ""
        return paper.reply("XtJs", said.code, said.text, number)

    def _status(self) -> Response:
        content = f"<BBH>3.2.1</BBH><FWQSJ>{orders.now()}</FWQSJ>"
        return paper.reply("FwZt", "0", "成功", content)


def open_agency(options: Options, faults: dict[str, Any]) -> Police:
    """The simulated police."""
    return Police(options, faults)


async def _parts(request: Request) -> tuple[str, dict[str, str]]:
    media = request.headers.get("content-type", "")
    call = opened(await request.body(), media)
    space, _, operation = str(call.tag).rpartition("}")
    if space != "{" + paper.NAMESPACE or operation not in PARTS:
        raise SoapFault("Client.Schema", f"unknown operation {call.tag!s}")
    if request.headers.get("soapaction") != f'"{paper.NAMESPACE}#{operation}"':
        raise SoapFault("Client.Schema", "SOAPAction")
    if tuple(part.tag for part in call) != PARTS[operation]:
        raise SoapFault("Client.Schema", f"parts of {operation}")
    return operation, {str(part.tag): part.text or "" for part in call}


def _is_stamp(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - local clock
    except ValueError:
        return False
    return True
