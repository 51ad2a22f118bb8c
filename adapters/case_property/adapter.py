"""How the hub talks with a case property centre: accounts, and lists handed over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, cast
from zoneinfo import ZoneInfo

from adapters.case_property.answer import (
    CURSOR_GONE,
    NOT_FOUND,
    SPOKEN,
    Answers,
    code_of,
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
from hub.errors import RecordUnreadable, SettingInvalid
from hub.wire.answer import parse_json
from hub.wire.business import BusinessFaults, shown
from hub.wire.http import Answer, Http
from hub.wire.locate import in_json
from hub.wire.login import FixedToken
from hub.wire.rest import Rest, in_step, segment

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: how often in a row a cursor may be lost before the pull gives up
_LOSSES = 3

_FAULTS = Path(__file__).with_name("faults.yaml")


class CaseProperty:
    """One endpoint of the system."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """``secrets``: token. Raises ``SettingInvalid`` where it is not configured."""
        limits = manifest.limits
        self._manifest = manifest
        self._http = Http(
            endpoint.code, deadline=limits.deadline_seconds, max_bytes=limits.max_bytes
        )
        token = FixedToken(_token(endpoint), endpoint=endpoint.code)
        self._rest = Rest(self._http, endpoint.address, token)
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
        """Changed accounts, oldest first, along a cursor.

        The cursor is a snapshot, so nothing shifts under it, but it may be lost on
        the way: then the listing begins anew at the last row's time.
        """
        window = Window.resume(watermark, self._manifest.increment.lag_seconds)
        since, cursor, losses = window.since, "", 0
        while True:
            answer = await self._list(since, cursor)
            if self._is_lost(answer, losses):
                cursor, losses = "", losses + 1
                since = max(since, window.high)
                continue
            changes, following = self._changes(answer)
            fresh = window.unseen(changes)
            window = window.advance(changes)
            if fresh:
                losses = 0
                yield Page(await self._accounts(fresh), window.watermark())
            if not following:
                return
            cursor = following

    async def _list(self, since: str, cursor: str) -> Answer:
        asked = {"cursor": cursor} if cursor else self._from(since)
        return await self._rest.call(
            "GET", "/api/tz", params=asked, accept_status=SPOKEN
        )

    def _from(self, since: str) -> dict[str, str]:
        asked = {"size": str(self._manifest.limits.page_size)}
        return asked | ({"since": f"{since.replace(' ', 'T')}+08:00"} if since else {})

    def _is_lost(self, answer: Answer, losses: int) -> bool:
        """Was the cursor lost? Raises if that happens again and again."""
        told = self._answers.opened(answer)
        if code_of(told) != CURSOR_GONE:
            return False
        if losses >= _LOSSES:
            raise self._answers.error(told, answer)
        return True

    def _changes(self, answer: Answer) -> tuple[list[Change], str]:
        told = self._answers.well(answer)
        try:
            rows = cast("list[Record]", told["data"])
            changes = [
                Change(str(row["tzbh"]), _stamp(str(row["zhgxsj"]))) for row in rows
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise self._answers.unreadable(answer, type(error).__name__) from error
        return changes, str(told.get("cursor") or "")

    async def _accounts(self, fresh: Sequence[Change]) -> tuple[RawRecord, ...]:
        calls = [partial(self._account, change) for change in fresh]
        return tuple(await in_step(calls, self._manifest.limits.in_flight))

    async def _account(self, change: Change) -> RawRecord:
        answer, _ = await self._detail(change.key)
        return RawRecord("case", change.key, answer.body, answer.media, change.modified)

    async def _detail(self, key: str) -> tuple[Answer, Record | None]:
        """One account as it came; ``None``: nobody can parse it, its own fault."""
        answer = await self._rest.call(
            "GET", f"/api/tz/{segment(key)}", accept_status=SPOKEN
        )
        try:
            parse_json(answer.body)
        except ValueError:
            return answer, None
        told = self._answers.opened(answer)
        if not self._answers.is_of_record(told):
            raise self._answers.error(told, answer)
        return answer, told

    async def lookup(self, kind: str, key: str) -> RawRecord | None:
        """One account now, by its number; ``None``: there is none."""
        answer, told = await self._detail(key)
        if told is not None and code_of(told) == NOT_FOUND:
            return None
        at = str(told.get("zhgxsj") or "") if told else ""
        modified = _stamp(at) if at else ""
        return RawRecord(kind, key, answer.body, answer.media, modified)

    def read(self, raw: RawRecord) -> Tree:
        """The account in the system's words."""
        try:
            told = parse_json(raw.body)
        except ValueError as error:
            raise RecordUnreadable(where=raw.key, detail=str(error)[:80]) from error
        if not isinstance(told, dict) or code_of(told) or "tzbh" not in told:
            detail = f"no account, {shown(code_of(told))}"
            raise RecordUnreadable(where=raw.key, detail=detail)
        return told

    def locate(self, raw: RawRecord, place: str) -> Spot:
        """The JSON pointer."""
        try:
            return in_json(parse_json(raw.body), place)
        except ValueError as error:
            raise RecordUnreadable(where=raw.key, detail=str(error)[:80]) from error

    async def push(self, parcel: Parcel) -> Receipt:
        """Hand lists over; a refusal comes back as a receipt."""
        message: Record = {
            "sjbs": parcel.message_id,
            "zx": f"ZX{parcel.receiver.partition('-')[2]}",
            "fssj": parcel.submitted_at.astimezone(SHANGHAI).isoformat(),
            **parcel.body,
        }
        answer = await self._rest.call(
            "POST", "/api/jj", body=message, accept_status=SPOKEN
        )
        return self._answers.receipt(answer)

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        """What became of a message; ``None`` if its id is not known there."""
        answer = await self._rest.call(
            "GET", f"/api/jj/{parcel.message_id}", accept_status=SPOKEN
        )
        if code_of(self._answers.opened(answer)) == NOT_FOUND:
            return None
        return self._answers.receipt(answer)

    async def probe(self) -> Health:
        """Version and clock; proves address, token and protocol."""
        answer = await self._rest.call("GET", "/api/about", accept_status=SPOKEN)
        told = self._answers.well(answer)
        try:
            clock = datetime.fromisoformat(str(told["now"])).astimezone(UTC)
        except (KeyError, ValueError) as error:
            raise self._answers.unreadable(answer, "no clock") from error
        return Health(str(told.get("version") or ""), clock)


def _token(endpoint: Endpoint) -> str:
    token = endpoint.secrets.get("token")
    if not token:
        raise SettingInvalid(
            f"接入点 {endpoint.code} 缺少 secrets.token",
            f"The endpoint {endpoint.code} lacks secrets.token",
            where=f"endpoints.{endpoint.code}.secrets.token",
        )
    return token


def _stamp(text: str) -> str:
    """A time with offset as the window keeps it: Shanghai's, to the second."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without offset")
    local = moment.astimezone(SHANGHAI) - timedelta(microseconds=moment.microsecond)
    return local.strftime(STAMP)
