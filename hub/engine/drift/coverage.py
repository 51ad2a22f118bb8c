"""Coverage of a system: what of its mapping the traffic bears out, and what not.

Told of a window of days, all endpoints of the system together. Without traffic there
is nothing to tell, which is not the same as nothing found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from hub.engine import policy
from hub.engine.drift.watch import View, today
from hub.engine.hub import Hub
from hub.errors import NotFound, RequestInvalid
from hub.mapping.code_tables.tables import Walk
from hub.mapping.load import SystemMapping
from hub.mapping.places import NEVER_READ, Place, places
from hub.mapping.rules import RecordRules
from hub.mapping.veil import is_shape
from hub.records.caller import Caller
from hub.records.drift import CodeCount, Coverage, PathCount, Series
from hub.records.shape import scalars
from hub.store import census

#: days that are looked at unless somebody asks for others
DAYS, MOST_DAYS = 30, 400


async def coverage(hub: Hub, caller: Caller, system: str, days: int = DAYS) -> Coverage:
    """The coverage of a system over the last days, today included.

    Raises ``NotAllowed``, ``NotFound`` for an unknown system, ``RequestInvalid`` for
    a window that the census does not keep.
    """
    policy.allow(caller, "coverage")
    if not 1 <= days <= MOST_DAYS:
        raise RequestInvalid(
            f"天数应为 1 到 {MOST_DAYS}", f"Days are 1 to {MOST_DAYS}", where="days"
        )
    endpoints = tuple(
        code for code, one in hub.registry.endpoints.items() if one.system == system
    )
    if system not in hub.registry.manifests:
        raise NotFound(
            f"没有系统 {system}", f"There is no system {system}", where="system"
        )
    since = today() - timedelta(days=days - 1)
    found: list[Series] = []
    async with hub.database.read() as connection:
        for code in endpoints:
            found.extend(await census.series(connection, code, since))
    mapping = hub.mappings.system(system)
    own = hub.tables.crosswalk
    walks = {
        table: walk.rows
        for table in sorted(mapping.parsed.tables)
        if (walk := own(system, table)) is not None
    }
    return told(mapping, walks, Traffic.of(found), (endpoints, days))


@dataclass(slots=True)
class Traffic:
    """The counts of all endpoints together, and the days they are from."""

    filled: dict[tuple[str, str], int] = field(default_factory=dict)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    codes: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)

    @classmethod
    def of(cls, series: Iterable[Series]) -> Traffic:
        """The sums of these series."""
        found = cls()
        for one in series:
            found._add(one)
        return found

    def _add(self, one: Series) -> None:
        filled = sum(day.filled for day in one.days)
        if one.table:
            self.codes[one.key] = self.codes.get(one.key, 0) + filled
            return
        key = (one.kind, one.path)
        self.filled[key] = self.filled.get(key, 0) + filled
        self.seen[key] = self.seen.get(key, 0) + sum(day.seen for day in one.days)
        if not one.path:
            self.days |= {day.day for day in one.days}

    def of_parent(self, kind: str, path: str) -> int:
        """How often the place was there in which a field could stand."""
        return self.filled.get((kind, path.rpartition("/")[0]), 0)


def told(
    mapping: SystemMapping,
    walks: Mapping[str, tuple[Walk, ...]],
    traffic: Traffic,
    asked: tuple[tuple[str, ...], int],
) -> Coverage:
    """What these counts say of a mapping and its crosswalks. Pure."""
    records = sum(many for (_, path), many in traffic.seen.items() if not path)
    read = {one.name: places(one) for one in _tops(mapping.parsed.records)}
    if not records:
        return Coverage(mapping.system, *asked)
    unread = tuple(_unread(View(mapping), traffic))
    return Coverage(
        mapping.system,
        *asked,
        len(traffic.days),
        min(traffic.days),
        max(traffic.days),
        records,
        fields_seen=sum(1 for _, path in traffic.seen if path),
        fields_known=sum(1 for _, path in traffic.seen if path) - len(unread),
        unread=unread,
        unseen=tuple(_unseen(read, traffic)),
        unfilled=tuple(_unfilled(read, traffic)),
        never_told=tuple(sorted(_never_told(mapping.parsed.records))),
        codes_unseen=tuple(_codes_unseen(walks, traffic)),
        codes_unmapped=tuple(_codes_unmapped(View(mapping), traffic)),
    )


def _tops(records: Mapping[str, RecordRules]) -> Iterator[RecordRules]:
    """The records that arrive as such; those below them are told with them."""
    below = {
        one.inner.name
        for record in records.values()
        for rule in record.rules
        for one in (rule, *rule.choices)
        if one.inner is not None
    }
    return (record for name, record in records.items() if name not in below)


def _unread(view: View, traffic: Traffic) -> Iterator[PathCount]:
    """Raw fields that nobody maps or ignores."""
    for (kind, path), seen in sorted(traffic.seen.items()):
        if path and view.path(kind, path) == NEVER_READ:
            yield PathCount(kind, path, seen, traffic.of_parent(kind, path))


def _unseen(
    read: Mapping[str, tuple[Place, ...]], traffic: Traffic
) -> Iterator[PathCount]:
    """Raw paths that the mapping reads and no record had."""
    for kind, found in read.items():
        paths = {path: place.where for place in found for path in place.paths if path}
        for path, where in paths.items():
            if not traffic.seen.get((kind, path)):
                of = traffic.of_parent(kind, path)
                yield PathCount(kind, path, 0, of, where)


def _unfilled(
    read: Mapping[str, tuple[Place, ...]], traffic: Traffic
) -> Iterator[PathCount]:
    """Canonical fields that have rules and for which no raw field told anything."""
    for kind, found in read.items():
        full: dict[str, int] = {}
        for place in found:
            many = sum(traffic.filled.get((kind, path), 0) for path in place.paths)
            many += place.rule.take is None  # a constant
            full[place.where] = full.get(place.where, 0) + many
        for where, many in full.items():
            if not many:
                yield PathCount(kind, "", where=where)


def _never_told(records: Mapping[str, RecordRules]) -> set[str]:
    """Canonical fields of the kinds the system tells for which it has no rule."""
    kinds = {record.kind for top in records.values() for record in (top, *_inner(top))}
    filled = {
        (record.kind, rule.target[0])
        for top in records.values()
        for record in (top, *_inner(top))
        for rule in record.rules
    }
    return {
        f"{kind}.{name}"
        for kind in kinds
        for name in scalars(kind)
        if (kind, name) not in filled
    }


def _inner(record: RecordRules) -> Iterator[RecordRules]:
    for whole in record.rules:
        for rule in whole.choices or (whole,):
            if rule.inner is not None:
                yield rule.inner
                yield from _inner(rule.inner)


def _codes_unseen(
    walks: Mapping[str, tuple[Walk, ...]], traffic: Traffic
) -> Iterator[CodeCount]:
    """Rows of the system's own crosswalks that no record used."""
    used = {(table, code) for _, _, table, code in traffic.codes}
    for table, rows in walks.items():
        for row in rows:
            if (table, row.raw) not in used:
                yield CodeCount(table, row.raw)


def _codes_unmapped(view: View, traffic: Traffic) -> Iterator[CodeCount]:
    """Codes that came and that the table does not know; shapes where it is silent."""
    for (kind, path, table, code), many in sorted(traffic.codes.items()):
        is_known = view.code(kind, path, table, code)
        if is_known is False or (is_known is None and is_shape(code)):
            yield CodeCount(table, code, many, kind, path)
