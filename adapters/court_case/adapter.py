"""How the hub reads the court's views and hands cases in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.court_case import rows
from adapters.court_case.answer import SHANGHAI, Answers
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import (
    Health,
    Page,
    Parcel,
    RawRecord,
    Receipt,
    Tree,
    Watermark,
)
from hub.contract.place import Spot
from hub.contract.window import STAMP, Change, Window
from hub.errors import AgencyAnswerUnreadable, RecordUnreadable, SettingInvalid
from hub.wire.business import BusinessFaults
from hub.wire.http import Http
from hub.wire.login import FixedToken
from hub.wire.rest import Rest
from hub.wire.sql import Row, Snapshot, Views

MEDIA = "application/json; charset=utf-8"

_FAULTS = Path(__file__).with_name("faults.yaml")
_BEGINNING = datetime(1000, 1, 1)  # noqa: DTZ001 - the court's local clock
_ORDER = {
    rows.PARTIES: "C_AJBH, N_XH, C_BH",
    rows.JUDGMENTS: "C_AJBH, C_DSRBH, N_PJXH, C_BH",
    rows.PAPERS: "C_AJBH, N_XH, C_BH",
}
_REFUSALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT)


class CourtCase:
    """One endpoint of the system: a door to its views and one to its intake."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """Raises ``SettingInvalid`` where address or token are not configured."""
        limits = manifest.limits
        self._manifest = manifest
        self._code = endpoint.code
        self._schema = _schema(endpoint)
        self._views = Views(
            _setting(endpoint, endpoint.options.get("database"), "options.database"),
            endpoint=endpoint.code,
            deadline=limits.deadline_seconds,
        )
        self._http = Http(
            endpoint.code, deadline=limits.deadline_seconds, max_bytes=limits.max_bytes
        )
        token = _setting(endpoint, endpoint.secrets.get("token"), "secrets.token")
        held = FixedToken(token, endpoint=endpoint.code)
        self._rest = Rest(self._http, endpoint.address, held)
        self._answers = Answers(endpoint.code, BusinessFaults.load(_FAULTS))
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open both doors; nothing is asked yet."""
        await self._open.enter_async_context(self._http)
        await self._open.enter_async_context(self._views)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close both."""
        await self._open.aclose()

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        """Changed cases, oldest first; each page's rows are of one moment.

        First the application's pulse: its views would go on answering after it
        died, and what has stopped moving would pass for fresh.
        """
        await self._pulse()
        window = Window.resume(watermark, self._manifest.increment.lag_seconds)
        last = Change("", window.since)
        while True:
            async with self._views.snapshot() as snapshot:
                changes = await self._changes(snapshot, last)
                fresh = window.unseen(changes)
                records = await self._records(snapshot, fresh)
            window = window.advance(changes)
            if records:
                yield Page(records, window.watermark())
            if len(changes) < self._manifest.limits.page_size:
                return
            if not _is_later(changes[-1], last):
                raise AgencyAnswerUnreadable(
                    "视图的 D_ZHGXSJ 不按秒排序",
                    "V_XS_AJ does not come in the order of D_ZHGXSJ by the second",
                    endpoint=self._code,
                )
            last = changes[-1]

    async def _changes(self, snapshot: Snapshot, last: Change) -> list[Change]:
        told = await snapshot.rows(
            f"SELECT C_BH, D_ZHGXSJ FROM {self._schema}.{rows.CASE}"  # noqa: S608 - checked
            " WHERE D_ZHGXSJ > :at OR (D_ZHGXSJ = :at AND C_BH > :key)"
            " ORDER BY D_ZHGXSJ, C_BH LIMIT :size",
            at=_local(last.modified),
            key=last.key,
            size=self._manifest.limits.page_size,
        )
        return [Change(str(row["C_BH"]), str(row["D_ZHGXSJ"])) for row in told]

    async def _records(
        self, snapshot: Snapshot, fresh: Sequence[Change]
    ) -> tuple[RawRecord, ...]:
        if not fresh:
            return ()
        keys = [change.key for change in fresh]
        cases = await self._of(snapshot, rows.CASE, "C_BH", "C_BH", keys)
        found = {str(row["C_BH"]): row for row in cases}
        others: dict[str, dict[str, list[Row]]] = {key: {} for key in keys}
        for view, order in _ORDER.items():
            for row in await self._of(snapshot, view, "C_AJBH", order, keys):
                others[str(row["C_AJBH"])].setdefault(view, []).append(row)
        return tuple(
            RawRecord(
                kind="case",
                key=change.key,
                body=rows.together(found[change.key], others[change.key]),
                media=MEDIA,
                modified=change.modified,
            )
            for change in fresh
        )

    async def _of(
        self, snapshot: Snapshot, view: str, by: str, order: str, keys: list[str]
    ) -> list[Row]:
        return await snapshot.rows(
            f"SELECT * FROM {self._schema}.{view}"  # noqa: S608 - checked names
            f" WHERE {by} IN :keys ORDER BY {order}",
            keys=keys,
        )

    def read(self, raw: RawRecord) -> Tree:
        """The case with parties, corrected judgments and papers inside."""
        try:
            return rows.tree(raw.body)
        except ValueError as error:
            raise RecordUnreadable(where=raw.key, detail=str(error)) from error

    def locate(self, raw: RawRecord, place: str) -> Spot:
        """The JSON pointer to the row and column of the view it came from."""
        try:
            return rows.spot(raw.body, place)
        except ValueError as error:
            raise RecordUnreadable(where=raw.key, detail=str(error)) from error

    async def push(self, parcel: Parcel) -> Receipt:
        """Hand an indictment in; a refusal in words comes back as a receipt."""
        message: Row = {
            "sjbs": parcel.message_id,
            "fsdw": _division(parcel.sender),
            "fydz": _sign(parcel.receiver),
            "fssj": parcel.submitted_at.astimezone(SHANGHAI).strftime(STAMP),
            **parcel.body,
        }
        accepted = (HTTPStatus.OK, *_REFUSALS)
        answer = await self._rest.call(
            "POST", "/api/la", body=message, accept_status=accepted
        )
        return self._answers.receipt(answer)

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        """What became of an indictment; ``None`` if its id is not known there."""
        answer = await self._rest.call(
            "GET",
            f"/api/la/{parcel.message_id}",
            accept_status=(HTTPStatus.OK, HTTPStatus.NOT_FOUND),
        )
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        return self._answers.receipt(answer)

    async def probe(self) -> Health:
        """Version and clock of the application, and one look at a view."""
        health = await self._pulse()
        async with self._views.snapshot() as snapshot:
            await snapshot.rows(
                f"SELECT C_BH FROM {self._schema}.{rows.CASE} LIMIT 1"  # noqa: S608 - checked
            )
        return health

    async def _pulse(self) -> Health:
        answer = await self._rest.call("GET", "/api/zt")
        return self._answers.health(answer)


def _setting(endpoint: Endpoint, value: str | None, name: str) -> str:
    if not value:
        raise SettingInvalid(
            f"接入点 {endpoint.code} 缺少 {name}",
            f"The endpoint {endpoint.code} lacks {name}",
            where=f"endpoints.{endpoint.code}.{name}",
        )
    return value


def _schema(endpoint: Endpoint) -> str:
    """The schema's name goes into statements, so nothing but a name is taken."""
    name = endpoint.options.get("schema", "")
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", name):
        raise SettingInvalid(
            f"接入点 {endpoint.code} 的 options.schema 不是模式名",
            f"options.schema of the endpoint {endpoint.code} is no schema name",
            where=f"endpoints.{endpoint.code}.options.schema",
        )
    return name


def _is_later(change: Change, than: Change) -> bool:
    return (change.modified, change.key) > (than.modified, than.key)


def _local(stamp: str) -> datetime:
    if not stamp:
        return _BEGINNING
    return datetime.strptime(stamp, STAMP)  # noqa: DTZ007 - the court's local clock


def _division(agency: str) -> str:
    return agency.partition("-")[2][:6]


def _sign(agency: str) -> str:
    """The court's sign by the rule of case numbers: 鄂1381, 鄂13 for a city."""
    division = _division(agency)
    return f"鄂{division[2:4] if division.endswith('00') else division[2:]}"
