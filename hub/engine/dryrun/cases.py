"""The second part of a dry run: cases as they would be answered and handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.contract.messages import Record
from hub.engine.dryrun.bench import PAGE, Bench, Desk, Progress, Told
from hub.engine.dryrun.records import read
from hub.engine.project import project
from hub.engine.recount import record_of
from hub.errors import Fault, NotFound, RecordError
from hub.mapping.dryrun.difference import NOTHING, VALUE, Change, State, difference
from hub.mapping.dryrun.parcels import parcel_difference
from hub.mapping.dryrun.report import Group, Spot
from hub.mapping.load import SystemMapping
from hub.mapping.origin import owner_of, shape_of, written_by
from hub.mapping.precedence import Precedence
from hub.mapping.read import Mapped
from hub.mapping.write import Written
from hub.records.projection import Projection
from hub.store import captured
from hub.store.captured import CapturedCase, CapturedFacet
from hub.store.facets import Facet


@dataclass(frozen=True, slots=True)
class Receiver:
    """One way parcels are written: by system, or by endpoint with an overlay."""

    name: str
    before: SystemMapping
    after: SystemMapping
    nodes: tuple[str, ...]


async def compare_cases(bench: Bench, ids: Sequence[int], told: Told) -> None:
    """Compare these cases as answered, and every parcel that could be written."""
    ways = receivers(bench)
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        async with bench.hub.database.read() as connection:
            cases = await captured.load_cases(connection, page, bench.touched)
        await asyncio.to_thread(_compare, bench, ways, cases)
        groups = len(bench.report.groups)
        told(Progress("cases", bench.books.cases, len(ids), groups))


def receivers(bench: Bench) -> list[Receiver]:
    """Every way parcels are written, of all endpoints of the deployment."""
    hub = bench.hub
    found: dict[str, Receiver] = {}
    for code, endpoint in hub.registry.endpoints.items():
        sides = [
            rules.mappings.system(endpoint.system, code)
            for rules in (bench.before, bench.after)
        ]
        desk = Desk(code, hub.registry.open(code), sides[0], sides[1])
        told = hub.registry.manifest(code).receives
        written = {*desk.before.nodes, *desk.after.nodes}
        nodes = tuple(node for node in told if node in written)
        found[desk.name] = Receiver(desk.name, desk.before, desk.after, nodes)
    return list(found.values())


def _compare(
    bench: Bench, ways: Sequence[Receiver], cases: Sequence[CapturedCase]
) -> None:
    orders = bench.before.precedence, bench.after.precedence
    for case in cases:
        bench.books.cases += 1
        told = [_reread(bench, one) for one in case.facets]
        old = project([one for one, _ in told], orders[0])
        new = project([one for _, one in told], orders[1])
        records = [record_of(one, case.hub_number) for one in (old, new)]
        found = list(_answers(old, new, records, orders))
        if found:
            bench.books.changed_cases += 1
            bench.report.add(case.hub_number, found)
        for way in ways:
            if way.before.rules != way.after.rules or records[0] != records[1]:
                _parcels(bench, way, case.hub_number, records)


def _reread(bench: Bench, one: CapturedFacet) -> tuple[Facet, Facet]:
    """A facet by the rules in force and by the proposed ones.

    A record that would be set aside leaves its facet as it is.
    """
    facet, kept = one.facet, one.kept
    if kept is None:
        return facet, facet
    desk = bench.desks[facet.endpoint]
    try:
        tree = desk.adapter.read(kept.record)
    except RecordError:
        return facet, facet
    before = facet
    if one.rules != desk.before.rules:
        before = _told(facet, read(desk.before, kept.record.kind, tree))
    return before, _told(before, read(desk.after, kept.record.kind, tree))


def _told(facet: Facet, mapped: Mapped) -> Facet:
    if mapped.faults:
        return facet
    values = {name: getattr(facet, name) for name in Facet.__slots__}
    return Facet(**{**values, "body": mapped.body})


def _answers(
    old: Projection,
    new: Projection,
    records: Sequence[Record],
    orders: tuple[Precedence, Precedence],
) -> Iterator[tuple[Group, Change]]:
    for one in difference(Mapped(records[0]), Mapped(records[1])):
        spot = Spot("cases", _decided(one.field, orders), one.field)
        yield Group(spot, "", shape_of("case", one.field)), one
    for agency in sorted(old.agencies ^ new.agencies):
        states = State(VALUE, agency), NOTHING
        if agency in new.agencies:
            states = NOTHING, State(VALUE, agency)
        spot = Spot("cases", "mappings", "agencies[]")
        yield Group(spot, "", "code:agency"), Change.at("agencies[0]", *states)


def _decided(field: str, orders: tuple[Precedence, Precedence]) -> str:
    """What made a case be told otherwise: the order of systems for a field, or for a
    list it stands in, where that changed; else what the records say.
    """
    names = field.split(".")
    for depth in range(len(names), 0, -1):
        kind, name = owner_of("case", ".".join(names[:depth]))
        if orders[0].order(kind, name) != orders[1].order(kind, name):
            return f"precedence.yaml: {kind}.{name}"
    return "mappings"


def _parcels(
    bench: Bench, way: Receiver, number: str, records: Sequence[Record]
) -> None:
    for node in way.nodes:
        old, new = (
            write(way.before, node, records[0]),
            write(way.after, node, records[1]),
        )
        books = bench.books
        books.parcels += 1
        books.newly_unwritable += bool(new.faults) and not old.faults
        books.newly_writable += bool(old.faults) and not new.faults
        found = parcel_difference(old, new)
        if found:
            books.changed_parcels += 1
            groups = [(_written(bench, way, node, one.field), one) for one in found]
            bench.report.add(number, groups)


def _written(bench: Bench, way: Receiver, node: str, field: str) -> Group:
    key = way.name, node, field
    found = bench.spots.get(key)
    if found is None:
        made = written_by(way.after.parsed, node, field)
        made = made or written_by(way.before.parsed, node, field)
        shape = f"code:{made.table}" if made and made.table else ""
        spot = Spot("parcels", f"{way.name}: parcels.{node}", field)
        found = bench.spots[key] = spot, made.how if made else "", shape
    return Group(*found)


def write(mapping: SystemMapping, node: str, record: Record) -> Written:
    """A parcel; a node that the file does not have is a fault of its own."""
    try:
        return mapping.write(node, record)
    except NotFound as error:
        return Written({}, (Fault(error.code, node, error.message, rule="parcels"),))
