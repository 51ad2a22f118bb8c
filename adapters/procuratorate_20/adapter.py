"""How the hub talks with the procuratorate's system 2.0."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, cast
from zoneinfo import ZoneInfo

from adapters.procuratorate_20 import pseudo
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import (
    Health,
    Outcome,
    Page,
    Parcel,
    RawRecord,
    Reason,
    Receipt,
    Tree,
    Watermark,
)
from hub.contract.window import STAMP, Change, Window
from hub.errors import AgencyAnswerUnreadable, RecordUnreadable, SettingInvalid
from hub.wire.business import BusinessFaults
from hub.wire.http import Answer, Http
from hub.wire.rest import ClientCredentials, Rest, in_step, parse_json, segment

SHANGHAI = ZoneInfo("Asia/Shanghai")

#: three spellings of "all is well", by service
_WELL = ("0", "200")
_DEAD_TOKEN = "9401"  # noqa: S105 - a fault code
_NOT_THERE = "1404"
_FAULTS = Path(__file__).with_name("faults.yaml")

Row = dict[str, Tree]


class Procuratorate20:
    """One endpoint of the system: token, change list, details, hand-overs."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """Raises ``SettingInvalid`` where client id or secret are not configured."""
        self._manifest = manifest
        self._code = endpoint.code
        limits = manifest.limits
        self._http = Http(
            endpoint.code, deadline=limits.deadline_seconds, max_bytes=limits.max_bytes
        )
        token = ClientCredentials(
            self._http,
            f"{endpoint.address.rstrip('/')}/auth/token",
            _setting(endpoint, endpoint.options.get("client_id"), "options.client_id"),
            _setting(
                endpoint, endpoint.secrets.get("client_secret"), "secrets.client_secret"
            ),
        )
        self._rest = Rest(self._http, endpoint.address, token, is_stale=_tells_dead)
        self._faults = BusinessFaults.load(_FAULTS)

    async def __aenter__(self) -> Self:
        """Open the session; the first call logs in."""
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the session; the token is left to die by itself."""
        await self._http.__aexit__(kind, error, trace)

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        """Changed cases, oldest first.

        The next page is asked from the last row's time on and not by the cursor,
        which counts rows and so skips one whenever a listed row moves away. Only
        where a whole page bears one second does the cursor help on.
        """
        window = Window.resume(watermark, self._manifest.increment.lag_seconds)
        since, cursor = window.since, ""
        while True:
            changes, following = await self._changes(since, cursor)
            fresh = window.unseen(changes)
            window = window.advance(changes)
            if fresh:
                yield Page(await self._details(fresh), window.watermark())
            if not changes or not following:
                return
            last = changes[-1].modified
            since, cursor = (last, "") if last > since else (since, following)

    async def _changes(self, since: str, cursor: str) -> tuple[list[Change], str]:
        asked = {"size": str(self._manifest.limits.page_size)}
        asked |= {"cursor": cursor} if cursor else {}
        asked |= {"zhxgsjStart": since} if since and not cursor else {}
        answer = await self._rest.call("GET", "/api/aj", params=asked)
        told = self._well(answer)
        try:
            rows = cast("list[Row]", told["data"])
            changes = [
                Change(str(row["bmsah"]), _stamp(str(row["zhxgsj"]))) for row in rows
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise self._unreadable(answer, type(error).__name__) from error
        return changes, str(told.get("nextCursor") or "")

    async def _details(self, fresh: Sequence[Change]) -> tuple[RawRecord, ...]:
        calls = [partial(self._detail, change) for change in fresh]
        return tuple(await in_step(calls, self._manifest.limits.in_flight))

    async def _detail(self, change: Change) -> RawRecord:
        """One case as it came. A body nobody can parse is the record's fault."""
        answer = await self._rest.call("GET", f"/api/aj/{segment(change.key)}")
        try:
            code = _ret_code(parse_json(answer.body))
        except ValueError:
            code = _WELL[0]
        if code not in _WELL and not self._faults.concerns_record(code):
            raise self._faults.error(code, endpoint=self._code, body=answer.body)
        return RawRecord("case", change.key, answer.body, answer.media, change.modified)

    def read(self, raw: RawRecord) -> Tree:
        """The case in the system's words, ``xxnr`` opened up."""
        try:
            told = parse_json(raw.body)
            code, data = _ret_code(told), cast("Row", told).get("data")
            case = data[0] if isinstance(data, list) and len(data) == 1 else data
            if code not in _WELL or not isinstance(case, dict):
                raise ValueError(f"no case, retCode {code}")  # noqa: TRY301 - one way out
            return _opened(case)
        except ValueError as error:
            raise RecordUnreadable(where=raw.key, detail=str(error)) from error

    async def push(self, parcel: Parcel) -> Receipt:
        """Hand a case over; a refusal comes back as a receipt."""
        message: Row = {
            "sjbsbh": parcel.message_id,
            "fsdwbh": _unit(parcel.sender),
            "jsdwbh": _unit(parcel.receiver),
            "fssj": parcel.submitted_at.astimezone(SHANGHAI).strftime(STAMP),
            "sjlx": "1",
            **parcel.body,
        }
        answer = await self._rest.call("POST", "/api/xt/js", body=message)
        return self._receipt(answer)

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        """What became of a hand-over; ``None`` if its id is not known there."""
        answer = await self._rest.call("GET", f"/api/xt/js/{parcel.message_id}")
        if _ret_code(self._rest.read(answer)) == _NOT_THERE:
            return None
        return self._receipt(answer)

    async def probe(self) -> Health:
        """Version and clock; proves address, login and protocol."""
        answer = await self._rest.call("GET", "/api/version")
        told = self._well(answer).get("data")
        if not isinstance(told, dict):
            raise self._unreadable(answer, "no data")
        return Health(str(told.get("bbh", "")), _moment(str(told.get("fwqsj", ""))))

    def _well(self, answer: Answer) -> Row:
        """The answer as an object that says all is well, or the fault it tells."""
        told = self._rest.read(answer)
        code = _ret_code(told)
        if not isinstance(told, dict) or not code:
            raise self._unreadable(answer, "no retCode")
        if code not in _WELL:
            raise self._faults.error(code, endpoint=self._code, body=answer.body)
        return told

    def _receipt(self, answer: Answer) -> Receipt:
        told = self._rest.read(answer)
        code = _ret_code(told)
        text = str(told.get("retMsg") or "") if isinstance(told, dict) else ""
        refusal = self._faults.reason(code, text)
        receipt = Receipt(
            Outcome.RETURNED,
            reasons=(refusal,) if refusal else (),
            body=answer.body,
            media=answer.media,
            received_at=datetime.now(UTC),
        )
        return receipt if refusal else self._verdict(answer, receipt)

    def _verdict(self, answer: Answer, receipt: Receipt) -> Receipt:
        data = self._well(answer).get("data")
        told = data if isinstance(data, dict) else {}
        if told.get("jszt") == "1" and told.get("bmsah") and told.get("tysah"):
            numbers = {"department": str(told["bmsah"]), "unified": str(told["tysah"])}
            return replace(receipt, outcome=Outcome.ACCEPTED, numbers=numbers)
        reasons = told.get("thyy")
        if told.get("jszt") == "2" and isinstance(reasons, list) and reasons:
            return replace(receipt, reasons=tuple(map(self._reason, reasons)))
        raise self._unreadable(answer, "neither taken nor sent back")

    def _reason(self, told: Tree) -> Reason:
        row = told if isinstance(told, dict) else {}
        text = str(row.get("ms") or "")
        found = self._faults.reason(str(row.get("dm") or ""), text)
        return found or self._faults.reason_in(text)

    def _unreadable(self, answer: Answer, detail: str) -> AgencyAnswerUnreadable:
        return AgencyAnswerUnreadable(
            endpoint=self._code, body=answer.body, detail=detail
        )


def _setting(endpoint: Endpoint, value: str | None, name: str) -> str:
    if not value:
        raise SettingInvalid(
            f"接入点 {endpoint.code} 缺少 {name}",
            f"The endpoint {endpoint.code} lacks {name}",
            where=f"endpoints.{endpoint.code}.{name}",
        )
    return value


def _ret_code(told: Tree) -> str:
    code = told.get("retCode") if isinstance(told, dict) else None
    return str(code) if isinstance(code, (str, int)) else ""


def _tells_dead(answer: Answer) -> bool:
    """A dead token told with status 200; such answers are short."""
    if len(answer.body) > 500:
        return False
    try:
        return _ret_code(parse_json(answer.body)) == _DEAD_TOKEN
    except ValueError:
        return False


def _opened(case: Row) -> Row:
    text = case.get("xxnr")
    if not isinstance(text, str) or not text.strip():
        return case
    return case | {"xxnr": pseudo.parse(text)}


def _stamp(text: str) -> str:
    """A list's time, checked: the window compares these as text."""
    return datetime.strptime(text, STAMP).strftime(STAMP)  # noqa: DTZ007 - local clock


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=SHANGHAI).astimezone(UTC)
    except ValueError:
        return None


def _unit(agency: str) -> str:
    """The number under which this system knows an agency: by rule, 12 or 6 digits."""
    kind, _, division = agency.partition("-")
    return f"{division[:6]}000000" if kind == "POLICE" else division[:6]
