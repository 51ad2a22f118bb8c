"""How the hub talks with a detention centre: register, custody change, term."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from adapters.detention_centre.answer import (
    NOT_THERE,
    WELL,
    Answers,
    code_of,
    envelope,
    moment,
)
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import (
    Health,
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
from hub.errors import AgencyAnswerUnreadable, RecordUnreadable, SettingInvalid
from hub.wire.business import BusinessFaults, shown
from hub.wire.http import Answer, Http
from hub.wire.locate import in_xml
from hub.wire.rest import in_step, segment
from hub.wire.soap_envelope import charset
from hub.wire.trees import rows, tree_xml, xml_element

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: node -> the path that takes it, and the element that is posted there
DOORS = {"CUSTODY_CHANGE": ("/hy", "HY"), "CUSTODY_TERM_NOTICE": ("/jyqx", "JYQX")}
#: what stands around every content and says nothing about it
_SUCCESS = frozenset({"FHM", "FHXX"})

_FAULTS = Path(__file__).with_name("faults.yaml")


class DetentionCentre:
    """One endpoint of the system: its register and its two counters."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """``options``: account; ``secrets``: key. Raises ``SettingInvalid``."""
        limits = manifest.limits
        self._manifest = manifest
        self._root = endpoint.address.rstrip("/")
        self._http = Http(
            endpoint.code, deadline=limits.deadline_seconds, max_bytes=limits.max_bytes
        )
        self._headers = {
            "Accept": "text/xml",
            "Content-Type": "text/xml; charset=GBK",
            "X-JKZH": _setting(endpoint, endpoint.options.get("account"), "options"),
            "X-JKMY": _setting(endpoint, endpoint.secrets.get("key"), "secrets"),
        }
        self._answers = Answers(endpoint.code, BusinessFaults.load(_FAULTS))

    async def __aenter__(self) -> Self:
        """Open the session; nothing is asked yet."""
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
        """Changed persons, oldest first; each page is asked by the last row's value.

        A centre that closes in the middle ends the pull with ``AgencyBusy``; the
        pages so far are kept, and the next pull goes on behind them.
        """
        window = Window.resume(watermark, self._manifest.increment.lag_seconds)
        last = Change("", window.since)
        while True:
            changes = await self._changes(last)
            fresh = window.unseen(changes)
            window = window.advance(changes)
            if fresh:
                yield Page(await self._persons(fresh), window.watermark())
            if len(changes) < self._manifest.limits.page_size:
                return
            last = changes[-1]

    async def _changes(self, last: Change) -> list[Change]:
        asked = {"mys": str(self._manifest.limits.page_size)}
        asked |= {"xgsjq": last.modified} if last.modified else {}
        asked |= {"rybhq": last.key} if last.key else {}
        answer = await self._get("/zyry", asked)
        told = rows(self._answers.well(answer), "LB/RY")
        changes = [
            Change(str(row.get("RYBH") or ""), str(row.get("XGSJ") or ""))
            for row in told
        ]
        if not all(one.key and moment(one.modified) for one in changes):
            raise self._answers.unreadable(answer, "a row without RYBH or XGSJ")
        if changes and (changes[-1].modified, changes[-1].key) <= (
            last.modified,
            last.key,
        ):
            raise self._answers.unreadable(answer, "the list does not move on")
        return changes

    async def _persons(self, fresh: Sequence[Change]) -> tuple[RawRecord, ...]:
        calls = [partial(self._person, change) for change in fresh]
        return tuple(await in_step(calls, self._manifest.limits.in_flight))

    async def _person(self, change: Change) -> RawRecord:
        """One person as it came. XML that nobody can parse is the record's fault."""
        answer = await self._get(f"/zyry/{segment(change.key)}")
        self._demand_record(answer)
        return RawRecord("case", change.key, answer.body, answer.media, change.modified)

    def _demand_record(self, answer: Answer) -> Record | None:
        """The tree, ``None`` where it is cut off; raises what is no record at all."""
        try:
            told = self._answers.opened(answer)
        except AgencyAnswerUnreadable:
            if not answer.body.lstrip().startswith((b"<?xml", b"<YD")):
                raise
            return None
        if not self._answers.is_of_record(told):
            raise self._answers.error(told, answer)
        return told

    async def lookup(self, kind: str, key: str) -> RawRecord | None:
        """One person now, by the 21-digit number; ``None``: not in the register."""
        answer = await self._get(f"/zyry/{segment(key)}")
        told = self._demand_record(answer)
        if told is not None and code_of(told) == NOT_THERE:
            return None
        modified = str((rows(told, "ZYRY") or [{}])[0].get("XGSJ") or "")
        return RawRecord(kind, key, answer.body, answer.media, modified)

    def read(self, raw: RawRecord) -> Tree:
        """One person, without the system's "success" around it."""
        told = envelope(raw.body, raw.media)
        if code_of(told) != WELL or not isinstance(told.get("ZYRY"), dict):
            raise RecordUnreadable(
                "对方列出了该人员，但未给出内容",
                "The centre lists this person but does not tell of it",
                where=raw.key,
                detail=f"FHM {shown(code_of(told))}",
            )
        return {name: part for name, part in told.items() if name not in _SUCCESS}

    def locate(self, raw: RawRecord, place: str) -> Spot:
        """The XPath in the answer."""
        return in_xml(xml_element(raw.body, charset(raw.media)), place)

    async def push(self, parcel: Parcel) -> Receipt:
        """Hand a custody change or a term in; a refusal comes back as a receipt."""
        path, name = DOORS[parcel.node]
        message: Record = {
            "SJBS": parcel.message_id,
            "JSDW": f"{parcel.receiver.partition('-')[2][:6]}000000",
            "FSSJ": parcel.submitted_at.astimezone(SHANGHAI).strftime(STAMP),
            **parcel.body,
        }
        text = '<?xml version="1.0" encoding="GBK"?>' + tree_xml(name, message)
        # what GBK lacks goes as a character reference and is read back the same
        body = text.encode("gbk", "xmlcharrefreplace")
        answer = await self._http.call(
            "POST", self._root + path, body=body, headers=self._headers
        )
        return self._answers.receipt(answer)

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        """What became of a message; ``None`` if its id is not known there."""
        path, _ = DOORS[parcel.node]
        answer = await self._get(f"{path}/{parcel.message_id}")
        if code_of(self._answers.opened(answer)) == NOT_THERE:
            return None
        return self._answers.receipt(answer)

    async def probe(self) -> Health:
        """Version and clock; proves address, account and that it is open."""
        told = self._answers.well(await self._get("/zt"))
        clock = moment(str(told.get("FWQSJ") or ""))
        return Health(
            str(told.get("BBH") or ""),
            clock.replace(tzinfo=SHANGHAI).astimezone(UTC) if clock else None,
        )

    async def _get(self, path: str, params: dict[str, str] | None = None) -> Answer:
        return await self._http.call(
            "GET", self._root + path, headers=self._headers, params=params
        )


def _setting(endpoint: Endpoint, value: str | None, place: str) -> str:
    name = {"options": "options.account", "secrets": "secrets.key"}[place]
    if not value:
        raise SettingInvalid(
            f"接入点 {endpoint.code} 缺少 {name}",
            f"The endpoint {endpoint.code} lacks {name}",
            where=f"endpoints.{endpoint.code}.{name}",
        )
    return value
