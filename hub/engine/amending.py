"""A sync that meets bytes it knew under other rules: what changes is accounted for.

A mended mapping is in force as soon as it is on disk, and a sync reads again what it
is sent again. Those values change as by a replay, so their readers are told as by a
replay: the run stands in the list of replays as a job that was done at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from hub.engine import blast
from hub.engine.absorb import Desk, Readings, absorb
from hub.engine.blast import Turned
from hub.engine.rereading import items_of, tally_of
from hub.records.replay import ReplayScope
from hub.store import facets, linking, replay_changes, replays, sources
from hub.store.database import Connection
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
    again = await _known_bytes(connection, desk, part)
    if not again:
        counts = await absorb(connection, desk, run_id, part, by, readings=readings)
        return counts, False
    kind = part[0].record.kind
    keys = [one.stored.record.key for one in again]
    before = await facets.current(connection, desk.endpoint, keys)
    counts = await absorb(connection, desk, run_id, part, by, readings=readings)
    after = await facets.current(connection, desk.endpoint, keys)
    known = await sources.known(connection, desk.endpoint, kind, keys)
    items = items_of(desk.endpoint, again, before, after, known)
    if not items:
        return counts, False
    job_id = await _job(connection, desk, run_id)
    await replay_changes.keep_items(connection, job_id, items)
    turned = [
        Turned(one.source_key, before.get(one.source_key), after[one.source_key])
        for one in items
        if one.facet_after is not None and one.facet_before != one.facet_after
    ]
    rules = desk.mapping.rules
    notices = await blast.reckon(connection, desk.hub, job_id, rules, turned)
    await replays.book(connection, job_id, tally_of(items, len(again), notices))
    return counts, True


async def _known_bytes(
    connection: Connection, desk: Desk, part: Sequence[Stored]
) -> list[Source]:
    """Those whose newest bytes are known and were read by other rules."""
    latest = {one.record.key: one for one in part}
    known = await sources.known(
        connection, desk.endpoint, part[0].record.kind, list(latest)
    )
    return [
        Source(one, was.rules, was.state)
        for key, one in latest.items()
        if (was := known.get(key)) is not None
        and was.digest == one.digest
        and was.raw_id <= one.raw_id
        and was.rules != desk.mapping.rules
    ]


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
