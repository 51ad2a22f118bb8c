"""A simulated procuratorate on system 1.5: SOAP, document/literal wrapped, on disk.

Seeds itself with the cases of the world that live in 1.5. By default a ticket dies
after 120 calls, so every full reading has one die in the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tests.adapters.procuratorate_15 import intake, orders, paper, words
from tests.adapters.procuratorate_15.tickets import Tickets
from tests.simulators.dirt import Dirt
from tests.simulators.service import Options
from tests.simulators.soap import (
    Dropped,
    SoapFault,
    faulted,
    mood,
    opened,
    spend,
    wsdl_schema,
)
from tests.simulators.state import State
from tests.simulators.world import build

SERVICE = "/TyywService.asmx"
ACCOUNT, PASSWORD = "hub", "invented-password-15"
MOST_ROWS = 500
TICKET_CALLS = 120
_ROOT = Path(__file__).parents[3]
_WSDL = _ROOT / "adapters" / "procuratorate_15" / "wsdl" / "2019-03" / "tyyw.wsdl"
_LETTERS = frozenset({"AjxxJs", "WsJs"})


class Procuratorate:
    """The agency: its disk, its tickets, its interface, its officers."""

    def __init__(self, options: Options, faults: dict[str, Any]) -> None:
        """Open the disk; a new one is seeded from the world."""
        self.state = State(options.data)
        self._options = options
        self._faults = faults
        self._schema = wsdl_schema(_WSDL)
        login = (
            options.value("account", ACCOUNT),
            options.value("password", PASSWORD),
        )
        calls = int(options.value("ticket_calls", str(TICKET_CALLS)))
        self._tickets = Tickets(self.state, login, calls, faults)
        self._operations: Mapping[str, Callable[..., Response]] = {
            "AjxxCx": self._list,
            "AjxxXq": self._case,
            "AjxxJs": lambda text: self._take("AjxxJs", text),
            "WsJs": lambda text: self._take("WsJs", text),
            "HzCx": self._receipt,
            "FwZt": self._status,
        }
        if self.state.is_new():
            self.state.seed(self._rows(), f"{options.seed}/{options.cases}")

    def routes(self) -> Sequence[BaseRoute]:
        """The one service address."""
        return [Route(SERVICE, self._service, methods=["POST"])]

    def declared(self) -> Sequence[Dirt]:
        """The dirty acceptances by their department number."""
        seed = self._options.seed
        return [
            Dirt(case.department_number, words.KINDS[kind], kind)
            for case in build(seed, self._options.cases)
            if words.belongs(case) and (kind := words.planted(case.index, seed))
        ]

    def act(self, order: dict[str, Any]) -> dict[str, Any]:
        """An officer works."""
        return orders.obey(self.state, order)

    def _rows(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for case in build(self._options.seed, self._options.cases):
            if words.belongs(case):
                for body in words.acceptances(case, self._options.seed):
                    card = body["AJXX"]
                    yield "case", card["BMSAH"], card["ZHXGSJ"], body

    async def _service(self, request: Request) -> Response:
        ill = await mood(self._faults)
        if ill is not None:
            return ill
        try:
            operation, parts = await self._parts(request)
            answer = self._answer(operation, parts)
        except SoapFault as fault:
            return faulted(fault)
        silent = operation in _LETTERS and spend(self._faults, "silent_after_commit")
        return Dropped() if silent else answer

    def _answer(self, operation: str, parts: list[str]) -> Response:
        if operation == "Dl":
            code, ticket = self._tickets.log_in(*parts)
            text = "成功" if code == "0" else "用户名或口令错误"
            return paper.reply(operation, code, text, f"<TICKET>{ticket}</TICKET>")
        if not self._tickets.is_good(parts[0]):
            return paper.reply(operation, "1002", "票据无效或已过期")
        code = str(self._faults.get("code") or "")
        if code:
            return paper.reply(operation, code, "由测试台指定")
        return self._operations[operation](*parts[1:])

    def _list(self, since: str, page: str, size: str) -> Response:
        if not (page.isdecimal() and size.isdecimal() and 0 < int(size) <= MOST_ROWS):
            return paper.reply("AjxxCx", "2001", "页码或每页数错误")
        if since and not _is_stamp(since):
            return paper.reply("AjxxCx", "2001", "起始时间格式错误")
        offset = (int(page) - 1) * int(size)
        found = self.state.changes("case", since, int(size), offset)
        items = [
            {"BMSAH": key, "ZHXGSJ": modified, "SFSC": body["AJXX"]["SFSC"]}
            for key, modified, body in found
        ]
        return paper.reply("AjxxCx", "0", "成功", paper.elements({"ROWS": items}))

    def _case(self, number: str) -> Response:
        body = self.state.get("case", number)
        if body is None:
            return paper.reply("AjxxXq", "2405", "无此案件或无权查看")
        return paper.case_reply("AjxxXq", body)

    def _take(self, operation: str, text: str) -> Response:
        return _said(operation, intake.take(self.state, operation, text))

    def _receipt(self, mark: str) -> Response:
        return _said("HzCx", intake.receipt(self.state, mark))

    def _status(self) -> Response:
        data = f"<BBH>1.5.27</BBH><FWQSJ>{orders.now()}</FWQSJ>"
        return paper.reply("FwZt", "0", "成功", data)

    async def _parts(self, request: Request) -> tuple[str, list[str]]:
        media = request.headers.get("content-type", "")
        call = opened(await request.body(), media)
        try:
            # a copy, so that no namespace of the envelope leaks into the judgment
            self._schema.assertValid(etree.fromstring(etree.tostring(call)))
        except etree.DocumentInvalid as error:
            raise SoapFault("Client.Schema", str(error)) from error
        operation = etree.QName(call).localname
        if request.headers.get("soapaction") != f'"{paper.NAMESPACE}/{operation}"':
            raise SoapFault("Client.Schema", "SOAPAction")
        return operation, [part.text or "" for part in call]


def open_agency(options: Options, faults: dict[str, Any]) -> Procuratorate:
    """The simulated procuratorate."""
    return Procuratorate(options, faults)


def _said(operation: str, said: intake.Said) -> Response:
    numbers = {"BMSAH": said.department, "TYSAH": said.unified}
    told = {name: number for name, number in numbers.items() if number}
    return paper.reply(operation, said.code, said.text, paper.elements(told))


def _is_stamp(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - local clock
    except ValueError:
        return False
    return True
