"""Replay: read a record that was set aside again, through the rules of now.

A failure is closed only by a record that came through, and the facet it became
is kept as the proof. The agency is not asked; its bytes are on disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.engine import ingest
from hub.engine.absorb import Desk, absorb
from hub.engine.hub import Hub
from hub.engine.rereading import account, outcome, settle, tally_of
from hub.engine.sync import sync_endpoint
from hub.errors import NotFound, RequestInvalid
from hub.records.replay import ReplayScope
from hub.store import events, facets, linking, raw, replays, runs, sources
from hub.store.database import Connection
from hub.store.facets import Facet
from hub.store.posts import POST
from hub.store.replays import Source
from hub.store.runs import OpenFailure
from hub.store.sources import Stored


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to: is the failure closed now, and by which run."""

    failure_id: int
    run_id: int
    is_closed: bool


async def replay(hub: Hub, failure_id: int, actor: str, reason: str = "") -> Replayed:
    """Try a failed record again; for a failed answer, pull the endpoint again;
    for a post that could not be taken apart, take it apart again.

    Raises ``NotFound`` for an unknown failure, ``RequestInvalid`` for one that is
    closed already, and ``MappingInvalid`` or ``CodeTableMissing`` while the rules
    on disk are broken.
    """
    await hub.book.renew()
    replayed: Replayed | None = None
    async with hub.database.begin() as connection:
        found = await _open_failure(connection, failure_id)
        if found.kind not in {"answer", POST}:
            replayed = await _again(connection, hub, found, actor, reason)
    if replayed is not None:
        await settle(hub)
        return replayed
    if found.kind == POST:
        run_id = await ingest.again(hub, found.endpoint, found.raw_id)
    else:
        run_id = await sync_endpoint(hub, found.endpoint, "replay")
    async with hub.database.begin() as connection:
        after = await runs.failure(connection, failure_id)
    return Replayed(failure_id, run_id, after is not None and after.state == "closed")


async def _open_failure(connection: Connection, failure_id: int) -> OpenFailure:
    endpoint = await runs.endpoint_of(connection, failure_id)
    if endpoint is not None:  # before the failure itself: a sync locks in this order
        await linking.lock_source(connection, endpoint)
    found = await runs.failure(connection, failure_id)
    if found is None:
        raise NotFound(
            f"没有编号为 {failure_id} 的失败记录",
            f"There is no failure {failure_id}",
            where="id",
        )
    if found.state != "open":
        raise RequestInvalid(
            "该失败已关闭，无需重放",
            "This failure is closed; there is nothing to replay",
            where="id",
        )
    return found


async def _again(
    connection: Connection, hub: Hub, found: OpenFailure, actor: str, reason: str
) -> Replayed:
    kept = await raw.load(connection, found.raw_id)
    if kept is None:
        raise NotFound(where="raw_record")
    system = hub.registry.endpoint(found.endpoint).system
    desk = Desk(
        hub,
        found.endpoint,
        hub.registry.open(found.endpoint),
        hub.mapping_of(found.endpoint),
        hub.registry.adapter_version(system),
    )
    run_id = await runs.start(connection, found.endpoint, "replay", {})
    note = f"replay by {actor}: {reason}" if reason else f"replay by {actor}"
    stored = Stored(kept.id, kept.record, raw.digest(kept.record.body), kept.fetched_at)
    page = await _as_known(connection, stored, found)
    before = await facets.current(connection, found.endpoint, [found.source_key])
    counts = await absorb(connection, desk, run_id, [stored], note, again=True)
    await _account(connection, desk, run_id, page, before)
    await runs.record(connection, run_id, counts, {})
    await runs.finish(connection, run_id, None)
    after = await runs.failure(connection, found.id)
    is_closed = after is not None and after.state == "closed"
    body = {"failure": found.id, "closed": is_closed, "by": actor}
    await events.announce(connection, "failure.replayed", body=body)
    return Replayed(found.id, run_id, is_closed)


async def _as_known(
    connection: Connection, stored: Stored, found: OpenFailure
) -> list[Source]:
    """The record as it was until now, if its bytes are the newest of its key."""
    kind, key = stored.record.kind, stored.record.key
    known = (await sources.known(connection, found.endpoint, kind, [key])).get(key)
    if known is None or known.raw_id > stored.raw_id:
        return []
    return [Source(stored, known.rules, known.state)]


async def _account(
    connection: Connection,
    desk: Desk,
    run_id: int,
    page: Sequence[Source],
    before: Mapping[str, Facet],
) -> None:
    """What is mended is told to those who were shown what was there instead."""
    if not page or not (await outcome(connection, desk.endpoint, page, before))[0]:
        return
    rules = {desk.endpoint: desk.mapping.rules}
    job_id = await replays.of_run(
        connection,
        started_by=f"replay run {run_id}",
        reason=f"失败记录已补正 / A record set aside came through in run {run_id}",
        scope=ReplayScope(endpoints=(desk.endpoint,)).as_json(),
        rules=rules,
        runs={desk.endpoint: run_id},
    )
    items, notices = await account(connection, desk, job_id, page, before)
    await replays.book(connection, job_id, tally_of(items, len(page), notices))
