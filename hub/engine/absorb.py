"""Take stored raw records in: read, map, link, keep the facet, project, announce.

One transaction for a page; the raw bytes are on disk before it starts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from hub.contract.adapter import Adapter
from hub.contract.messages import RawRecord, Record, Tree
from hub.engine.changes import changed_paths
from hub.engine.hub import Hub
from hub.engine.keepable import check_names
from hub.engine.link import Linked, link
from hub.engine.project import project
from hub.engine.tellings import Telling
from hub.errors import Fault, RecordError, RecordInvalid, RecordUnreadable, Text
from hub.mapping.account import Account
from hub.mapping.census import Census
from hub.mapping.expect import Tally
from hub.mapping.load import SystemMapping
from hub.mapping.read import Mapped
from hub.records.shape import NUMBER_SCHEMES
from hub.store import (
    events,
    facets,
    linking,
    losses,
    numbers,
    projection,
    runs,
    sources,
)
from hub.store.database import Connection
from hub.store.events import Happening
from hub.store.facets import Facet, NewFacet
from hub.store.runs import Counts, SetAside
from hub.store.sources import Stored


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one endpoint's records are worked on.

    ``tallies`` count, by kind, what a run was like; ``census`` what its traffic held.
    """

    hub: Hub
    endpoint: str
    adapter: Adapter
    mapping: SystemMapping
    adapter_version: str
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    census: Census | None = None

    @classmethod
    def of(cls, hub: Hub, endpoint: str, adapter: Adapter) -> Desk:
        """A desk by the rules in force, for records that no pull brought."""
        mapping = hub.mapping_of(endpoint)
        version = hub.registry.adapter_version(mapping.system)
        told, seen = tallies(mapping), Census.of(mapping.parsed)
        return cls(hub, endpoint, adapter, mapping, version, told, seen)


def tallies(mapping: SystemMapping) -> dict[str, Tally]:
    """Fresh tallies of a run by a mapping's expectations."""
    records = mapping.parsed.records.items()
    return {name: Tally(record.expect) for name, record in records}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a raw record says, by the rules of now; its tree where it has one."""

    faults: tuple[Fault, ...]
    mapped: Mapped
    tree: Tree = None

    @property
    def body(self) -> Record:
        return self.mapped.body


#: raw id -> what was read of it before anybody asked
Readings = Mapping[int, Reading]


async def read_ahead(desk: Desk, stored: Sequence[Stored]) -> Readings:
    """Read records that are on disk while the page before is being written.

    Lets others go on every few records: the database's answers come in between.
    """
    readings = {}
    for place, one in enumerate(stored):
        readings[one.raw_id] = _read(desk, one.record)
        if place % _BREATH == 0:
            await asyncio.sleep(0)
    return readings


_BREATH = 8


async def absorb(
    connection: Connection,
    desk: Desk,
    run_id: int,
    page: Sequence[Stored],
    by: str,
    *,
    again: bool = False,
    readings: Readings = MappingProxyType({}),
) -> Counts:
    """Work through stored records of one kind; returns the page's books.

    ``again`` reads a record anew even though neither it nor the rules changed;
    ``readings`` are those made already.
    """
    await linking.lock_source(connection, desk.endpoint)
    kind = page[0].record.kind
    latest = {one.record.key: one for one in page}
    known = await sources.known(connection, desk.endpoint, kind, list(latest))
    todo = [
        one for key, one in latest.items() if _is_due(desk, known.get(key), one, again)
    ]
    repeats = len(page) - len(todo)
    outcomes = [
        (one, readings.get(one.raw_id) or _read(desk, one.record)) for one in todo
    ]
    _count(desk.census, kind, outcomes)
    good = [(one, read.body) for one, read in outcomes if not read.faults]
    bad = [(one, read.faults) for one, read in outcomes if read.faults]
    _tell(desk.tallies.get(kind), good, len(bad))
    proofs = await _keep(connection, desk, good, known)
    await runs.set_aside(connection, run_id, [_aside(desk, *one) for one in bad])
    await runs.close(connection, desk.endpoint, "record", proofs, by)
    states = [(one, "mapped") for one, _ in good] + [
        (one, "set_aside") for one, _ in bad
    ]
    rules = desk.mapping.rules
    await sources.settle(
        connection, desk.endpoint, kind, states, rules=rules, known=known
    )
    await _ledger(connection, desk, run_id, outcomes, known)
    sums = _summed(read.mapped.account for _, read in outcomes)
    return Counts(
        pages=1,
        fetched=len(page),
        stored=len(page),
        mapped=len(good),
        set_aside=len(bad),
        unchanged=repeats,
        leaves=sums.leaves,
        leaves_mapped=sums.mapped,
        leaves_ledgered=sums.ledgered,
        leaves_ignored=sums.ignored,
        remainder=_counted(read.mapped.remainder for _, read in outcomes),
    )


async def _ledger(
    connection: Connection,
    desk: Desk,
    run_id: int,
    outcomes: Sequence[tuple[Stored, Reading]],
    known: Mapping[str, sources.Source],
) -> None:
    """Write down what of these records no canonical value tells."""
    entries = [
        entry for one, read in outcomes for entry in _entries(one.raw_id, read.mapped)
    ]
    again = {one.raw_id for one in known.values()} & {one.raw_id for one, _ in outcomes}
    await losses.keep(connection, desk.endpoint, run_id, entries, again)


def _entries(raw_id: int, mapped: Mapped) -> Iterable[losses.Entry]:
    for place, leaves in mapped.account.kept:
        yield losses.Entry(raw_id, place, "", "unmapped", leaves)
    for one in mapped.losses:
        yield losses.Entry(raw_id, one.place, one.where, one.reason, one.leaves)


def _summed(accounts: Iterable[Account]) -> Account:
    leaves = mapped = ledgered = ignored = 0
    for one in accounts:
        leaves += one.leaves
        mapped += one.mapped
        ledgered += one.ledgered
        ignored += one.ignored
    return Account(leaves, mapped, ledgered, ignored)


def _count(
    census: Census | None, kind: str, outcomes: Sequence[tuple[Stored, Reading]]
) -> None:
    """The traffic of a page, where it is counted: with the page, not ahead of it."""
    if census is not None:
        for _, read in outcomes:
            if read.tree is not None:
                census.see(kind, read.tree)


def _tell(tally: Tally | None, good: Sequence[tuple[Stored, Record]], bad: int) -> None:
    if tally is not None:
        for _, body in good:
            tally.good(body)
        for _ in range(bad):
            tally.bad()


def _is_due(desk: Desk, known: sources.Source | None, one: Stored, again: bool) -> bool:
    """New bytes, or old bytes under new rules; never older bytes over newer."""
    if known is None:
        return True
    if one.raw_id < known.raw_id:
        return False
    return again or known.digest != one.digest or known.rules != desk.mapping.rules


def _read(desk: Desk, record: RawRecord) -> Reading:
    try:
        tree = _tree(desk, record)
    except RecordError as error:
        fault = Fault(error.code, "", error.message, error.where, rule="read")
        return Reading(error.faults or (fault,), Mapped({}))
    mapped = desk.mapping.read(record.kind, tree)
    faults = mapped.faults
    if not faults and not facets.numbers_of(mapped.body, NUMBER_SCHEMES):
        faults = (NO_NUMBER,)
    return Reading(faults, mapped, tree)


def _tree(desk: Desk, record: RawRecord) -> Tree:
    """What an adapter reads; of half a record nothing is read."""
    if record.is_cut:
        raise RecordUnreadable(
            f"记录超过上限，只保留了前 {len(record.body)} 字节",
            f"The record is too large; its first {len(record.body)} bytes are kept",
        )
    tree = desk.adapter.read(record)
    check_names(tree, record.body)
    return tree


#: a record that no case could be found by is not taken in
NO_NUMBER = Fault(
    RecordInvalid.code,
    "case",
    Text("记录没有任何案件编号", "The record tells no case number at all"),
    rule="numbers",
)


async def _keep(
    connection: Connection,
    desk: Desk,
    good: Sequence[tuple[Stored, Record]],
    known: Collection[str],
) -> dict[str, int | None]:
    """Facets, links, projection and events of the mapped records.

    ``known`` are the keys that may have a facet. Returns source key -> facet id, the
    proof that the record came through.
    """
    seen = [one.record.key for one, _ in good if one.record.key in known]
    before = await facets.current(connection, desk.endpoint, seen)
    proofs: dict[str, int | None] = {key: one.id for key, one in before.items()}
    tellings = [
        Telling(one.record.key, one, body, _case_of(before.get(one.record.key)))
        for one, body in good
        if one.record.key not in before or before[one.record.key].body != body
    ]
    if not tellings:
        return proofs
    linked = await link(connection, desk.endpoint, tellings)
    await linking.lock_cases(connection, linked.standing)
    ids = await facets.reserve(connection, len(tellings))
    made = [
        _facet(desk, one, linked.of_key[one.key], facet_id)
        for one, facet_id in zip(tellings, ids, strict=True)
    ]
    await _project(connection, desk.hub, linked, made)
    await numbers.give(connection, desk.endpoint, linked.given)
    await numbers.give(connection, "hub", linked.hub_numbers)
    await facets.keep(
        connection, made, [one.key for one in tellings if one.key in known]
    )
    await events.announce_all(connection, _news(desk, tellings, linked, before))
    return proofs | {one.source_key: one.id for one in made}


def _news(
    desk: Desk,
    tellings: Sequence[Telling],
    linked: Linked,
    before: Mapping[str, Facet],
) -> list[Happening]:
    opened = [
        Happening(
            "case.opened", case_id, {"endpoint": desk.endpoint, "hub_number": number}
        )
        for case_id, number in linked.opened.items()
    ]
    changed = [
        Happening(
            "case.changed",
            linked.of_key[one.key],
            {
                "endpoint": desk.endpoint,
                "changed": changed_paths(_body(before.get(one.key)), one.body),
            },
        )
        for one in tellings
    ]
    return opened + changed


async def _project(
    connection: Connection, hub: Hub, linked: Linked, made: Sequence[NewFacet]
) -> None:
    """Project the cases anew from the facets they will have."""
    told = await facets.of_cases(connection, linked.standing)
    replaced = {(one.endpoint, one.source_key) for one in made}
    current = {
        case_id: [one for one in old if (one.endpoint, one.source_key) not in replaced]
        for case_id, old in told.items()
    }
    for one in made:
        current.setdefault(one.case_id, []).append(one.facet)
    cases = {
        case_id: project(sorted(some, key=_age), hub.precedence)
        for case_id, some in sorted(current.items())
        if some
    }
    await projection.write(connection, cases, linked.opened)


def _age(facet: Facet) -> tuple[int, int]:
    """Oldest bytes first, as the store tells them."""
    return facet.raw_id, facet.id


def _facet(desk: Desk, one: Telling, case_id: int, facet_id: int) -> NewFacet:
    return NewFacet(
        id=facet_id,
        endpoint=desk.endpoint,
        system=desk.mapping.system,
        source_key=one.key,
        case_id=case_id,
        raw_id=one.stored.raw_id,
        body=one.body,
        rules=desk.mapping.rules,
        mapping_revision=desk.mapping.revision,
        adapter_version=desk.adapter_version,
        fetched_at=one.stored.fetched_at,
    )


def _aside(desk: Desk, one: Stored, faults: tuple[Fault, ...]) -> SetAside:
    record = one.record
    rules = desk.mapping.rules
    return SetAside(desk.endpoint, "record", record.key, one.raw_id, faults, rules)


def _case_of(before: Facet | None) -> int | None:
    return before.case_id if before else None


def _body(before: Facet | None) -> Record:
    return before.body if before else {}


def _counted(remainders: Iterable[tuple[str, ...]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for paths in remainders:
        for path in paths:
            counts[path] = counts.get(path, 0) + 1
    return counts
