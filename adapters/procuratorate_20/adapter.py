"""How the hub talks with the procuratorate's system 2.0."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, cast
from zoneinfo import ZoneInfo

from adapters.procuratorate_20 import pseudo
from adapters.procuratorate_20.answer import (
    NOT_THERE,
    WELL,
    Answers,
    ret_code,
    tells_dead,
)
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import (
    Health,
    Page,
    Parcel,
    Piece,
    RawRecord,
    Receipt,
    Tree,
    Watermark,
)
from hub.contract.place import Spot
from hub.contract.window import STAMP, Change, Window
from hub.errors import RecordUnreadable, SettingInvalid
from hub.wire import ranges
from hub.wire.answer import parse_json
from hub.wire.business import BusinessFaults
from hub.wire.http import Http
from hub.wire.locate import in_json
from hub.wire.login import ClientCredentials
from hub.wire.rest import Rest, in_step, segment

SHANGHAI = ZoneInfo("Asia/Shanghai")

_FAULTS = Path(__file__).with_name("faults.yaml")

Row = dict[str, Tree]


class Procuratorate20:
    """One endpoint of the system: token, change list, details, hand-overs."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """Raises ``SettingInvalid`` where client id or secret are not configured."""
        self._endpoint = endpoint.code
        self._manifest = manifest
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
        self._rest = Rest(self._http, endpoint.address, token, is_stale=tells_dead)
        self._answers = Answers(endpoint.code, BusinessFaults.load(_FAULTS))

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
        told = self._answers.well(answer)
        try:
            rows = cast("list[Row]", told["data"])
            changes = [
                Change(str(row["bmsah"]), _stamp(str(row["zhxgsj"]))) for row in rows
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise self._answers.unreadable(answer, type(error).__name__) from error
        return changes, str(told.get("nextCursor") or "")

    async def _details(self, fresh: Sequence[Change]) -> tuple[RawRecord, ...]:
        calls = [partial(self._detail, change) for change in fresh]
        return tuple(await in_step(calls, self._manifest.limits.in_flight))

    async def _detail(self, change: Change) -> RawRecord:
        """One case as it came. A body nobody can parse is the record's fault."""
        answer = await self._rest.call(
            "GET", f"/api/aj/{segment(change.key)}", may_cut=True
        )
        try:
            code = ret_code(parse_json(answer.body))
        except ValueError:
            code = ""
        if code and not self._answers.concerns_record(code):
            raise self._answers.error(code, answer)
        return RawRecord("case", change.key, answer.body, answer.media, change.modified)

    def read(self, raw: RawRecord) -> Tree:
        """The case in the system's words, ``xxnr`` opened up."""
        try:
            return _opened(_case(parse_json(raw.body)))
        except ValueError as error:
            raise RecordUnreadable(where=raw.key, detail=str(error)) from error

    def locate(self, raw: RawRecord, place: str) -> Spot:
        """The JSON pointer; below ``xxnr`` the one in the text that stands there."""
        try:
            told = parse_json(raw.body)
            ahead = _case_at(told)
            inner = place.removeprefix("xxnr")
            if inner == place or not inner.startswith(("/", "[")):
                return in_json(_case(told), place, ahead)
            opened = _opened(_case(told)).get("xxnr")
        except ValueError as error:
            raise RecordUnreadable(where=raw.key, detail=str(error)) from error
        return in_json(opened, inner, part=f"{ahead}/xxnr")

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
        return self._answers.receipt(answer)

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        """What became of a hand-over; ``None`` if its id is not known there."""
        answer = await self._rest.call("GET", f"/api/xt/js/{parcel.message_id}")
        if ret_code(self._rest.read(answer)) == NOT_THERE:
            return None
        return self._answers.receipt(answer)

    async def fetch(self, reference: str, offset: int, most: int) -> Piece | None:
        """A document's scan: ``reference`` is its ``bmsah``, ``/`` and its ``WSWH``."""
        bmsah, _, wswh = reference.partition("/")
        answer = await self._rest.call(
            "GET",
            f"/api/dzjz/{segment(bmsah)}/wj/{segment(wswh)}",
            headers=ranges.asking(offset, most),
            accept_status=ranges.ANSWERS,
        )
        return ranges.told(answer, offset, most, endpoint=self._endpoint)

    async def probe(self) -> Health:
        """Version and clock; proves address, login and protocol."""
        answer = await self._rest.call("GET", "/api/version")
        told = self._answers.well(answer).get("data")
        if not isinstance(told, dict):
            raise self._answers.unreadable(answer, "no data")
        return Health(str(told.get("bbh", "")), _moment(str(told.get("fwqsj", ""))))


def _setting(endpoint: Endpoint, value: str | None, name: str) -> str:
    if not value:
        raise SettingInvalid(
            f"接入点 {endpoint.code} 缺少 {name}",
            f"The endpoint {endpoint.code} lacks {name}",
            where=f"endpoints.{endpoint.code}.{name}",
        )
    return value


def _case(told: Tree) -> Row:
    """The case in an answer; some services put it into a list of one."""
    data = told.get("data") if isinstance(told, dict) else None
    case = data[0] if isinstance(data, list) and len(data) == 1 else data
    if ret_code(told) not in WELL or not isinstance(case, dict):
        raise ValueError(f"no case, retCode {ret_code(told)[:16]}")
    return case


def _case_at(told: Tree) -> str:
    """The JSON pointer to the case in an answer."""
    data = told.get("data") if isinstance(told, dict) else None
    return "/data/0" if isinstance(data, list) else "/data"


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
