"""Talks to a police case handling system: change list, one case, a hand-over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

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
from hub.errors import AgencyAnswerUnreadable, RecordUnreadable
from hub.wire.business import BusinessFaults
from hub.wire.changes import walk
from hub.wire.http import Answer, Http
from hub.wire.locate import in_soap_text
from hub.wire.rest import in_step
from hub.wire.soap import Soap, body_tree
from hub.wire.trees import rows, tree_xml, xml_text

HERE = Path(__file__).parent
WSDL = HERE / "wsdl" / "2018-06" / "zfba.wsdl"
SERVICE = "/services/ZfbaService"
SHANGHAI = ZoneInfo("Asia/Shanghai")
OK = "0"
#: the system gives no more rows than this at once
MOST_ROWS = 500
#: this case cannot be shown (gone, locked by its unit): said of one record only
OF_THE_RECORD = frozenset({"4004", "4005"})
#: what stands around every content and says nothing about it
_SUCCESS = frozenset({"ZT", "XX"})


class PoliceCase:
    """The adapter of one police endpoint."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """``options``: account, path of the service; ``secrets``: secret."""
        self._code = endpoint.code
        self._limits = manifest.limits
        self._lag = manifest.increment.lag_seconds
        self._faults = BusinessFaults.load(HERE / "faults.yaml")
        self._who = {
            "senderId": endpoint.options.get("account", ""),
            "authorizeInfo": endpoint.secrets.get("secret", ""),
        }
        self._http = Http(
            endpoint.code,
            deadline=self._limits.deadline_seconds,
            max_bytes=self._limits.max_bytes,
        )
        path = endpoint.options.get("path", SERVICE)
        address = endpoint.address.rstrip("/") + path
        self._soap = Soap(self._http, WSDL, address, self._faults)

    async def __aenter__(self) -> Self:
        """Open the session and read the WSDL."""
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
        """Changed cases, oldest first, each as the answer that held it."""
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
        """One case, without the system's "success" around it.

        Raises ``RecordUnreadable``.
        """
        tree = _inner(body_tree(raw.body, raw.media))
        if tree.get("ZT") != OK or "AJ" not in tree:
            raise RecordUnreadable(
                "对方列出了该案件，但未给出内容",
                "The agency lists this case but does not give it",
                where="ZT",
            )
        return {name: part for name, part in tree.items() if name not in _SUCCESS}

    def locate(self, raw: RawRecord, place: str) -> Spot:
        """The XPath in the XML that the answer carries as text."""
        return in_soap_text(raw.body, raw.media, place)

    async def push(self, parcel: Parcel) -> Receipt:
        """Hand a parcel over; the same SJBS again gets the same answer again."""
        answer, found = await self._call("XtJs", xml=_letter(parcel))
        return self._receipt(answer, found)

    async def probe(self) -> Health:
        """Version and clock of the service."""
        answer, found = await self._call("FwZt")
        self._demand(answer, found)
        clock = _moment(str(found.get("FWQSJ") or ""))
        return Health(str(found.get("BBH") or ""), clock)

    async def _changes(self, since: str, page: int, size: int) -> Sequence[Change]:
        answer, found = await self._call(
            "BgLb", xgsjq=since, ym=str(page), mys=str(size)
        )
        self._demand(answer, found)
        changes = [
            Change(str(row.get("AJBH") or ""), str(row.get("XGSJ") or ""))
            for row in rows(found, "BGLB/BG")
        ]
        if not all(change.key and _moment(change.modified) for change in changes):
            raise self._unreadable(answer)
        return changes

    async def _case(self, change: Change) -> RawRecord:
        answer = await self._soap.send("AjXq", **self._who, ajbh=change.key)
        raw = RawRecord("case", change.key, answer.body, answer.media, change.modified)
        try:
            code = str(_inner(self._soap.result(answer)).get("ZT"))
        except RecordUnreadable:
            if not answer.is_xml:  # no record at all: something in between answered
                raise self._unreadable(answer) from None
            return raw
        if code != OK and code not in OF_THE_RECORD:
            raise self._faults.error(code, endpoint=self._code, body=answer.body)
        return raw

    async def _call(self, operation: str, **parts: str) -> tuple[Answer, Record]:
        answer, tree = await self._soap.call(operation, **self._who, **parts)
        try:
            return answer, _inner(tree)
        except RecordUnreadable:
            raise self._unreadable(answer) from None

    def _demand(self, answer: Answer, found: Record) -> None:
        code = str(found.get("ZT"))
        if code != OK:
            raise self._faults.error(code, endpoint=self._code, body=answer.body)

    def _receipt(self, answer: Answer, found: Record) -> Receipt:
        code, text = str(found.get("ZT")), str(found.get("XX") or "")
        if code == OK:
            numbers = {"police": str(found["AJBH"])} if found.get("AJBH") else {}
            receipt = Receipt(Outcome.ACCEPTED, numbers)
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


def _inner(tree: Tree) -> Record:
    """The system's own XML inside the string that SOAP carried."""
    text = tree.get("return") if isinstance(tree, dict) else None
    found = xml_text(text) if isinstance(text, str) and text else None
    if not isinstance(found, dict):
        raise RecordUnreadable("应答中没有内容", "The answer holds nothing")
    return found


def _letter(parcel: Parcel) -> str:
    head: Record = {
        "SJBS": parcel.message_id,
        "FSDWBH": _unit(parcel.sender),
        "JSDWBH": _unit(parcel.receiver),
        "FSSJ": parcel.submitted_at.astimezone(SHANGHAI).strftime(STAMP),
        "SJLX": "1",
    }
    return tree_xml("XT", {"TOU": head, **parcel.body})


def _unit(agency: str) -> str:
    """The 12-digit unit of an agency, ``POLICE-421381`` or any other."""
    return agency.partition("-")[2][:6] + "000000"


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
