"""Talks to system 1.5: tickets, change list, one acceptance, two kinds of letters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from adapters.procuratorate_15.letter import letter
from adapters.procuratorate_15.ticket import Ticket
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import (
    Health,
    Outcome,
    Page,
    Parcel,
    RawRecord,
    Receipt,
    Record,
    Tree,
    Watermark,
)
from hub.contract.place import Spot
from hub.contract.window import STAMP, Change, Window
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyFaultUnknown,
    RecordUnreadable,
)
from hub.wire.business import BusinessFaults
from hub.wire.changes import walk
from hub.wire.http import Answer, Http
from hub.wire.locate import in_soap_text
from hub.wire.rest import in_step
from hub.wire.soap import Soap, body_tree
from hub.wire.trees import rows, xml_text

HERE = Path(__file__).parent
WSDL = HERE / "wsdl" / "2019-03" / "tyyw.wsdl"
SERVICE = "/TyywService.asmx"
SHANGHAI = ZoneInfo("Asia/Shanghai")
OK, TICKET_DEAD, NO_SUCH_MESSAGE = "0", "1002", "2404"
#: this acceptance cannot be shown: said of one record only
OF_THE_RECORD = frozenset({"2405", "2406"})
#: the system gives no more rows than this at once
MOST_ROWS = 500
#: how often one call is said again under a new ticket
RENEWALS = 3
#: node -> the operation that takes it
OPERATIONS = {"PROSECUTION_TRANSFER": "AjxxJs", "JUDGMENT_SERVICE": "WsJs"}


class Procuratorate15:
    """The adapter of one endpoint of system 1.5."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """``options``: account, path of the service; ``secrets``: password."""
        self._code = endpoint.code
        self._limits = manifest.limits
        self._lag = manifest.increment.lag_seconds
        self._faults = BusinessFaults.load(HERE / "faults.yaml")
        self._login = {
            "yhm": endpoint.options.get("account", ""),
            "kl": endpoint.secrets.get("password", ""),
        }
        self._http = Http(
            endpoint.code,
            deadline=self._limits.deadline_seconds,
            max_bytes=self._limits.max_bytes,
        )
        path = endpoint.options.get("path", SERVICE)
        address = endpoint.address.rstrip("/") + path
        self._soap = Soap(self._http, WSDL, address, self._faults)
        self._ticket = Ticket(self._log_in, endpoint=endpoint.code)

    async def __aenter__(self) -> Self:
        """Open the session and read the WSDL; the login waits for the first call."""
        await self._soap.__aenter__()
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the session."""
        await self._http.__aexit__(kind, error, trace)

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        """Changed acceptances, soft-deleted ones too, oldest first."""
        window = Window.resume(watermark, self._lag)
        size = self._limits.page_size
        async for changes in walk(
            self._changes, window.since, size=size, most=MOST_ROWS
        ):
            fresh = window.unseen(changes)
            if not fresh:
                continue
            calls = [partial(self._case, change) for change in fresh]
            records = await in_step(calls, self._limits.in_flight)
            window = window.advance(changes)
            yield Page(tuple(records), window.watermark())

    def read(self, raw: RawRecord) -> Tree:
        """One acceptance, without the RESULT around it.

        Raises ``RecordUnreadable``.
        """
        tree = _result(body_tree(raw.body, raw.media))
        data = tree.get("DATA")
        if tree.get("CODE") != OK or not isinstance(data, dict):
            raise RecordUnreadable(
                "对方列出了该案件，但未给出内容",
                "The agency lists this case but does not give it",
                where="RESULT/CODE",
            )
        return data

    def locate(self, raw: RawRecord, place: str) -> Spot:
        """The XPath in the XML that the answer carries as text."""
        return in_soap_text(raw.body, raw.media, f"DATA/{place}")

    async def push(self, parcel: Parcel) -> Receipt:
        """Hand a parcel over; the same SJBS again gets the same answer again."""
        operation = OPERATIONS.get(parcel.node)
        if operation is None:
            raise AgencyFaultUnknown(
                f"该系统不接收节点 {parcel.node}",
                f"The system does not take the node {parcel.node}",
                endpoint=self._code,
            )
        return self._receipt(*await self._call(operation, xml=letter(parcel)))

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        """The receipt for this message, if the system has it."""
        answer, found = await self._call("HzCx", sjbs=parcel.message_id)
        if found.get("CODE") == NO_SUCH_MESSAGE:
            return None
        return self._receipt(answer, found)

    async def probe(self) -> Health:
        """Version and clock; proves address, login and protocol."""
        answer, found = await self._call("FwZt")
        self._demand(answer, found)
        data = found.get("DATA")
        told = data if isinstance(data, dict) else {}
        return Health(str(told.get("BBH") or ""), _moment(str(told.get("FWQSJ") or "")))

    async def _log_in(self) -> str:
        answer, tree = await self._soap.call("Dl", **self._login)
        found = self._read(answer, tree)
        self._demand(answer, found)
        data = found.get("DATA")
        ticket = data.get("TICKET") if isinstance(data, dict) else None
        if not isinstance(ticket, str) or not ticket:
            raise self._unreadable(answer)
        return ticket

    async def _changes(self, since: str, page: int, size: int) -> Sequence[Change]:
        answer, found = await self._call(
            "AjxxCx", zhxgsjq=since, ym=str(page), mys=str(size)
        )
        self._demand(answer, found)
        changes = [
            Change(str(row.get("BMSAH") or ""), str(row.get("ZHXGSJ") or ""))
            for row in rows(found, "DATA/ROWS/ROW")
        ]
        if not all(change.key and _moment(change.modified) for change in changes):
            raise self._unreadable(answer)
        return changes

    async def _case(self, change: Change) -> RawRecord:
        answer, found = await self._asked("AjxxXq", bmsah=change.key)
        if found is None and not answer.is_xml:
            raise self._unreadable(answer)  # no record: something in between answered
        code = OK if found is None else str(found.get("CODE"))
        if code != OK and code not in OF_THE_RECORD:
            raise self._faults.error(code, endpoint=self._code, body=answer.body)
        return RawRecord("case", change.key, answer.body, answer.media, change.modified)

    async def _call(self, operation: str, **parts: str) -> tuple[Answer, Record]:
        answer, found = await self._asked(operation, **parts)
        if found is None:
            raise self._unreadable(answer)
        return answer, found

    async def _asked(
        self, operation: str, **parts: str
    ) -> tuple[Answer, Record | None]:
        """The answer and its RESULT; none if the bytes cannot be read.

        A call under a dead ticket did nothing, so it is said again under a new one.
        """
        for _ in range(RENEWALS):
            ticket = await self._ticket.current()
            answer = await self._soap.send(operation, ticket=ticket, **parts)
            try:
                found = _result(self._soap.result(answer))
            except RecordUnreadable:
                return answer, None
            if found.get("CODE") != TICKET_DEAD:
                return answer, found
            await self._ticket.renew(ticket)
        raise self._faults.error(TICKET_DEAD, endpoint=self._code)

    def _read(self, answer: Answer, tree: Tree) -> Record:
        try:
            return _result(tree)
        except RecordUnreadable:
            raise self._unreadable(answer) from None

    def _demand(self, answer: Answer, found: Record) -> None:
        code = str(found.get("CODE"))
        if code != OK:
            raise self._faults.error(code, endpoint=self._code, body=answer.body)

    def _receipt(self, answer: Answer, found: Record) -> Receipt:
        code, text = str(found.get("CODE")), str(found.get("MSG") or "")
        if code == OK:
            receipt = Receipt(Outcome.ACCEPTED, _numbers(found))
        elif reason := self._faults.reason(code, text):
            receipt = Receipt(Outcome.RETURNED, reasons=(reason,))
        else:
            raise self._faults.error(code, endpoint=self._code, body=answer.body)
        return replace(
            receipt,
            body=answer.body,
            media=answer.media,
            received_at=datetime.now(UTC),
        )

    def _unreadable(self, answer: Answer) -> AgencyAnswerUnreadable:
        return AgencyAnswerUnreadable(endpoint=self._code, body=answer.body)


def _result(tree: Tree) -> Record:
    """The RESULT that stands as text in the one element of the answer."""
    texts = list(tree.values()) if isinstance(tree, dict) else []
    text = texts[0] if len(texts) == 1 else None
    found = xml_text(text) if isinstance(text, str) and text else None
    if not isinstance(found, dict):
        raise RecordUnreadable("应答中没有 RESULT", "The answer holds no RESULT")
    return found


def _numbers(found: Record) -> dict[str, str]:
    data = found.get("DATA")
    told = data if isinstance(data, dict) else {}
    schemes = {"department": told.get("BMSAH"), "unified": told.get("TYSAH")}
    return {scheme: str(number) for scheme, number in schemes.items() if number}


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
