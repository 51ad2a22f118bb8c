"""Drift: each page is counted where it is taken in, and looked at when a run ends.

At the end of a run and not once a day, since a new code sets records aside now; what
is compared by rate rests on whole days, so looking again in between changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from hub.engine.absorb import Desk
from hub.engine.drift.find import (
    BOUNDS,
    CODE_NEW,
    CODE_RENAMED,
    FIELD_VANISHED,
    Rules,
    Traffic,
)
from hub.engine.drift.findings import findings, is_over
from hub.engine.drift.names import like_names
from hub.engine.hub import Hub
from hub.errors import CodeUnknown, Fault, HubError, Text
from hub.mapping.account import Known, known_places
from hub.mapping.code_tables.translate import suggest
from hub.mapping.coded import Reader, coded
from hub.mapping.load import SystemMapping
from hub.mapping.places import NEVER_READ, verdict
from hub.mapping.veil import is_shape
from hub.records.drift import Drift, Finding
from hub.store import census, drifts, events, runs
from hub.store.database import Connection
from hub.store.drifts import About

_log = structlog.get_logger(__name__)
_LOCAL = ZoneInfo("Asia/Shanghai")

#: days of the census that a look goes back
_BACK = 2 * BOUNDS.window
#: drifts that one look opens at most
_AT_ONCE = 50
#: days after which the census is let go
KEPT = 400


def today() -> date:
    """The day of the agencies."""
    return datetime.now(_LOCAL).date()


async def count(connection: Connection, desk: Desk) -> None:
    """Keep what the page's records were counted by, with the page."""
    counted = desk.census
    if counted is not None:
        counts = counted.take()
        day, is_load = today(), counted.is_load
        await census.add(connection, desk.endpoint, day, counts, is_load=is_load)


async def look(hub: Hub, desk: Desk | None) -> None:
    """Find what moved in an endpoint's traffic, if a run brought any.

    A look that fails spoils no run: it says so in the log and the next one looks.
    """
    if desk is None or desk.census is None or not desk.census.has_seen:
        return
    try:
        async with hub.database.begin() as connection:
            await find(connection, hub, desk.endpoint)
    except HubError as error:
        _log.warning("drift.failed", endpoint=desk.endpoint, code=error.code)


async def find(connection: Connection, hub: Hub, endpoint: str) -> tuple[int, ...]:
    """Look at an endpoint's traffic; returns the ids of the drifts that are new."""
    mapping = hub.mapping_of(endpoint)
    since = today() - timedelta(days=_BACK)
    traffic = Traffic.of(await census.series(connection, endpoint, since), today())
    view = View(mapping)
    rules = Rules(view.path, view.code)
    found = findings(traffic, rules)
    keys: set[object] = {one.key for one in found}
    kept = await drifts.live(connection, endpoint)
    over = [one.id for one in kept if is_over(one, traffic, rules, keys)]
    await drifts.end(connection, over)
    new = []
    known = {_key(one) for one in kept}
    for one in found:
        told = [] if one.key in known else _suggestions(hub, view, traffic, one)
        about = About(endpoint, mapping.system, view.cause(endpoint, one), told)
        made = await drifts.keep(connection, one, about)
        if made is not None:
            new.append(made)
            await _announce(connection, endpoint, one, made)
        if len(new) >= _AT_ONCE:
            break  # a field of free text; the next look opens the next ones
    return tuple(new)


def _key(kept: Drift) -> tuple[str, ...]:
    return kept.drift, kept.kind, kept.path, kept.table, kept.code, kept.other


async def _announce(
    connection: Connection, endpoint: str, one: Finding, drift_id: int
) -> None:
    """Once a cause; the code itself stands in the drift."""
    body = {
        "endpoint": endpoint,
        "drift": drift_id,
        "kind": one.drift,
        "path": one.path,
        "table": one.table,
    }
    await events.announce(connection, "drift.found", body=body)
    _log.warning("drift.found", endpoint=endpoint, kind=one.drift, count=one.after)


async def forget(hub: Hub) -> None:
    """Let go of the oldest days of the census; part of the upkeep."""
    async with hub.database.begin() as connection:
        await census.forget(connection, today() - timedelta(days=KEPT))


class View:
    """What a mapping says of raw paths and codes, as the finders ask it."""

    def __init__(self, mapping: SystemMapping) -> None:
        """Made anew for each look: the rules may have changed since."""
        records = mapping.parsed.records
        self.known: Mapping[str, Known] = {
            name: known_places(record) for name, record in records.items()
        }
        self.readers: Mapping[tuple[str, str, str], Reader] = {
            (name, reader.path, reader.table): reader
            for name, record in records.items()
            for reader in coded(record).readers
        }

    def path(self, kind: str, path: str) -> str:
        """``read``, ``ignored`` or ``unread``."""
        known = self.known.get(kind)
        return verdict(known, path) if known is not None else NEVER_READ

    def code(self, kind: str, path: str, table: str, code: str) -> bool | None:
        """Does the table that reads this path know the code?"""
        reader = self.readers.get((kind, path, table))
        if reader is None or (is_shape(code) and reader.is_open):
            return None
        return code in reader.meanings

    def meaning(self, hub: Hub, one: Finding) -> Iterator[tuple[str, str]]:
        """The code that a raw code means, and its name."""
        reader = self.readers.get((one.kind, one.path, one.table))
        code = reader.meanings.get(one.code) if reader is not None else None
        row = hub.tables.table(one.table).row(code) if code else None
        if row is not None:
            yield row.code, row.name_zh

    def cause(self, endpoint: str, one: Finding) -> str:
        """The cause key of the failures that an unknown code makes; else empty."""
        reader = self.readers.get((one.kind, one.path, one.table))
        if one.drift != CODE_NEW or reader is None or reader.is_open:
            return ""
        fault = Fault(CodeUnknown.code, reader.where, Text("", ""), rule=one.table)
        return runs.cause_of(endpoint, [fault])


def _suggestions(
    hub: Hub, view: View, traffic: Traffic, one: Finding
) -> list[dict[str, object]]:
    """What may mend it: rows for a new code, like fields for a vanished one.

    Of a renamed code, what the old one meant: that is the row for the new one.
    """
    if one.drift == CODE_NEW and not is_shape(one.code):
        return [asdict(row) for row in suggest(hub.tables, one.table, one.code)]
    if one.drift == CODE_RENAMED:
        return [{"code": code, "name": name} for code, name in view.meaning(hub, one)]
    if one.drift == FIELD_VANISHED:
        return [{"path": path} for path in _unread(view, traffic, one)]
    return [{"path": one.other}] if one.other else []


def _unread(view: View, traffic: Traffic, one: Finding) -> Iterable[str]:
    others = (
        series.path
        for series in traffic.fields
        if series.kind == one.kind and view.path(one.kind, series.path) == NEVER_READ
    )
    return like_names(one.path, others)
