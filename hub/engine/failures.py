"""Replay: read a record that was set aside again, through the rules of now.

A failure is closed only by a record that came through, and the facet it became
is kept as the proof. The agency is not asked; its bytes are on disk.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.engine import ingest
from hub.engine.absorb import Desk, absorb
from hub.engine.hub import Hub
from hub.engine.sync import sync_endpoint
from hub.errors import NotFound, RequestInvalid
from hub.store import events, linking, raw, runs
from hub.store.database import Connection
from hub.store.posts import POST
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
    async with hub.database.begin() as connection:
        found = await _open_failure(connection, failure_id)
        if found.kind not in {"answer", POST}:
            return await _again(connection, hub, found, actor, reason)
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
    counts = await absorb(connection, desk, run_id, [stored], note, again=True)
    await runs.record(connection, run_id, counts, {})
    await runs.finish(connection, run_id, None)
    after = await runs.failure(connection, found.id)
    is_closed = after is not None and after.state == "closed"
    body = {"failure": found.id, "closed": is_closed, "by": actor}
    await events.announce(connection, "failure.replayed", body=body)
    return Replayed(found.id, run_id, is_closed)
