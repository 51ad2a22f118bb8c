"""The first part of a dry run: raw records, read and mapped both ways."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from hub.contract.messages import Tree
from hub.engine.absorb import NO_NUMBER
from hub.engine.dryrun.bench import PAGE, Bench, Desk, Progress, Told
from hub.errors import Fault, NotFound, RecordError
from hub.mapping.dryrun.difference import Change, State, difference
from hub.mapping.dryrun.report import Group, Spot
from hub.mapping.load import SystemMapping
from hub.mapping.origin import made_by, shape_of
from hub.mapping.read import Mapped
from hub.records.shape import NUMBER_SCHEMES
from hub.store import captured, facets
from hub.store.raw import Kept

#: so many records, spread over all, are compared before the others
SAMPLE = 200

_LEFT, _ACCOUNTED = State("remainder"), State("accounted for")


async def compare_records(bench: Bench, ids: Sequence[int], told: Told) -> None:
    """Compare these raw records: a sample of all first, then the others."""
    total = len(ids)
    first = ids[:: max(1, total // SAMPLE)][:SAMPLE]
    taken = set(first)
    rest = [one for one in ids if one not in taken]
    for part, mine in (("sample", first), ("records", rest)):
        for start in range(0, len(mine), PAGE):
            page = mine[start : start + PAGE]
            async with bench.hub.database.read() as connection:
                kept = await captured.load(connection, page)
            await asyncio.to_thread(_compare, bench, kept)
            groups = len(bench.report.groups)
            told(Progress(part, bench.books.records, total, groups))


def _compare(bench: Bench, page: Sequence[Kept]) -> None:
    for kept in page:
        desk = bench.desks[kept.endpoint]
        bench.books.records += 1
        try:
            tree = desk.adapter.read(kept.record)
        except RecordError:
            bench.books.unreadable += 1
            continue
        _take(bench, desk, kept, tree)


def _take(bench: Bench, desk: Desk, kept: Kept, tree: Tree) -> None:
    kind, books = kept.record.kind, bench.books
    before, after = (read(side, kind, tree) for side in (desk.before, desk.after))
    was, would = bool(before.faults), bool(after.faults)
    books.refused_before += was
    books.refused_after += would
    books.newly_refused += would and not was
    books.newly_accepted += was and not would
    found = [
        (_group(bench, desk, kind, one), one)
        for one in difference(before, after, _canonical(desk, kind))
    ]
    found += [(_ledger(desk, kind, one), one) for one in _remainders(before, after)]
    if found:
        books.changed += 1
        bench.report.add(f"raw {kept.id}", found)


def read(mapping: SystemMapping, kind: str, tree: Tree) -> Mapped:
    """What a record would be taken for; set aside as a sync would set it aside."""
    try:
        mapped = mapping.read(kind, tree)
    except NotFound as error:
        fault = Fault(error.code, "", error.message, rule="records")
        return Mapped({}, (fault,))
    if not mapped.faults and not facets.numbers_of(mapped.body, NUMBER_SCHEMES):
        return Mapped(mapped.body, (NO_NUMBER,), mapped.account)
    return mapped


def _canonical(desk: Desk, kind: str) -> str:
    """The canonical kind of a kind of raw record."""
    for side in (desk.after, desk.before):
        record = side.parsed.records.get(kind)
        if record is not None:
            return record.kind
    return "case"


def _group(bench: Bench, desk: Desk, kind: str, one: Change) -> Group:
    """The group of a change: that of the rule which makes the field, by the proposed
    rules if one does there, else by those in force.
    """
    key = desk.name, kind, one.field
    found = bench.spots.get(key)
    if found is None:
        made = made_by(desk.after.parsed, kind, one.field)
        made = made or made_by(desk.before.parsed, kind, one.field)
        place, how = (made.place, made.how) if made else (f"records.{kind}", "")
        shape = shape_of(_canonical(desk, kind), one.field)
        spot = Spot("records", f"{desk.name}: {place}", one.field)
        found = bench.spots[key] = spot, how, shape
    return Group(*found)


def _ledger(desk: Desk, kind: str, one: Change) -> Group:
    place = f"{desk.name}: records.{kind}"
    return Group(Spot("records", place, one.field), "remainder")


def _remainders(before: Mapped, after: Mapped) -> Iterator[Change]:
    """Raw paths that only one of the two neither reads nor ignores."""
    old, new = set(before.remainder), set(after.remainder)
    for path in sorted(old ^ new):
        states = (_LEFT, _ACCOUNTED) if path in old else (_ACCOUNTED, _LEFT)
        yield Change(path, path, *states)
