"""A sync that meets bytes it knew under other rules: what changes is accounted for.

A mended mapping is in force as soon as it is on disk, and a sync reads again what it
is sent again. Those values change as by a replay, so their readers are told as by a
replay: the run stands in the list of replays as a job that was done at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hub.engine.absorb import Desk, Readings, absorb
from hub.engine.rereading import account, outcome, tally_of
from hub.records.replay import ReplayScope
from hub.store import facets, linking, raw, replays, sources
from hub.store.database import Connection
from hub.store.facets import Facet
from hub.store.replays import Source
from hub.store.runs import Counts
from hub.store.sources import Stored


async def take_in(
    connection: Connection,
    desk: Desk,
    run_id: int,
    part: Sequence[Stored],
    readings: Readings,
) -> tuple[Counts, bool]:
    """Absorb a part of a sync's page; says also whether known bytes changed values.

    Then ``replay_changes.settle`` is due once this transaction has committed.
    """
    by = f"run {run_id}"
    await linking.lock_source(connection, desk.endpoint)
    same, older = await _known(connection, desk, part)
    if not same and not older:
        counts = await absorb(connection, desk, run_id, part, by, readings=readings)
        return counts, False
    again = {one.stored.record.key for one in same}
    first = [one for one in part if one.record.key in again]
    rest = [one for one in part if one.record.key not in again]
    keys = [one.stored.record.key for one in (*same, *older)]
    before = await facets.current(connection, desk.endpoint, keys)
    counts = Counts()
    if first:
        counts = await absorb(connection, desk, run_id, first, by, readings=readings)
    if older:
        await _read_again(connection, desk, run_id, [one.stored for one in older])
    is_changed = await _account(connection, desk, run_id, [*same, *older], before)
    if rest:
        told = await absorb(connection, desk, run_id, rest, by, readings=readings)
        counts = replace(counts, pages=0).plus(told)
    return counts, is_changed


async def _read_again(
    connection: Connection, desk: Desk, run_id: int, stored: Sequence[Stored]
) -> None:
    """Older bytes, before the news of them; the run's books are of what it brought."""
    quiet = replace(desk, tallies={}, census=None)
    await absorb(connection, quiet, run_id, stored, f"run {run_id}", again=True)


async def _account(
    connection: Connection,
    desk: Desk,
    run_id: int,
    page: Sequence[Source],
    before: Mapping[str, Facet],
) -> bool:
    """Tell those concerned of what the rules changed; says whether they did."""
    if not (await outcome(connection, desk.endpoint, page, before))[0]:
        return False
    job_id = await _job(connection, desk, run_id)
    items, notices = await account(connection, desk, job_id, page, before)
    await replays.book(connection, job_id, tally_of(items, len(page), notices))
    return True


async def _known(
    connection: Connection, desk: Desk, part: Sequence[Stored]
) -> tuple[list[Source], list[Source]]:
    """Those that other rules read: with the same bytes now, and with older ones.

    What the older bytes say by the rules of now is what readers should have been
    told; that there are newer ones takes the place of it and not of the telling.
    """
    latest = {one.record.key: one for one in part}
    known = await sources.known(
        connection, desk.endpoint, part[0].record.kind, list(latest)
    )
    stale = {key: one for key, one in known.items() if one.rules != desk.mapping.rules}
    news = {
        key: one
        for key, one in stale.items()
        if one.raw_id <= latest[key].raw_id and one.digest != latest[key].digest
    }
    same = [
        Source(latest[key], one.rules, one.state)
        for key, one in stale.items()
        if one.raw_id <= latest[key].raw_id and key not in news
    ]
    kept = await raw.load_all(connection, [one.raw_id for one in news.values()])
    older = [
        Source(
            Stored(one.id, one.record, news[one.record.key].digest, one.fetched_at),
            news[one.record.key].rules,
            news[one.record.key].state,
        )
        for one in kept
    ]
    return same, older


async def _job(connection: Connection, desk: Desk, run_id: int) -> int:
    """The job under which this run's changes stand."""
    endpoint = desk.endpoint
    return await replays.of_run(
        connection,
        started_by=f"sync run {run_id}",
        reason=f"规则已变动，同步重读 / The rules changed; read again by run {run_id}",
        scope=ReplayScope(endpoints=(endpoint,)).as_json(),
        rules={endpoint: desk.mapping.rules},
        runs={endpoint: run_id},
    )
