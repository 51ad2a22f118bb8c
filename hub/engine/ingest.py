"""A system posts its records to the hub: keep the bytes, then work them through.

The whole post is on disk before the adapter takes it apart. From there on a post is
a page like any other: raw records to disk, then everything that follows from them.
Each post is a run of its own, so the console shows it; the watermark stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from hub.contract.adapter import Adapter, Ingests
from hub.contract.messages import Page, RawRecord, Watermark
from hub.engine.absorb import Desk
from hub.engine.drift import watch as drift
from hub.engine.hub import Hub
from hub.engine.sync import prepare, settle
from hub.errors import (
    Fault,
    HubError,
    NotFound,
    RecordUnreadable,
    RequestInvalid,
)
from hub.store import endpoints, events, posts, raw, runs
from hub.store.database import Connection
from hub.store.posts import POST, Failed
from hub.store.runs import Counts, SetAside

_log = structlog.get_logger(__name__)

#: bytes from which a post is taken apart beside the event loop
_LARGE = 500_000


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a post.

    ``state``: ``accepted``, ``duplicate`` (nothing in it was new) or ``set_aside``
    (something in it could not be used; all of it is kept).
    """

    state: str
    run_id: int
    digest: str
    counts: Counts = field(default_factory=Counts)
    failed: tuple[Failed, ...] = ()


async def ingest(
    hub: Hub, endpoint: str, body: bytes, media: str, key: str = ""
) -> Ingested:
    """Take a post in. ``key`` is the sender's name for it, the same when it repeats.

    A post whose key is known is a duplicate, or ``RequestInvalid`` where its bytes
    are others. Without a key the records decide: known bytes change nothing.
    """
    await hub.book.renew_if_sound()
    desk = Desk.of(hub, endpoint, hub.registry.open(endpoint))
    mark = raw.digest(body)
    async with hub.database.begin() as connection:
        known = await posts.find(connection, endpoint, key) if key else None
        if known is not None and known.digest != mark:
            raise RequestInvalid(
                "同一 Idempotency-Key 已用于内容不同的报文",
                "This Idempotency-Key was used for a post of other bytes",
                where="idempotency-key",
            )
        if known is not None and known.state == "finished":
            return Ingested("duplicate", known.run_id, mark.hex())
        run_id = await runs.start(connection, endpoint, "ingest", {}, alone=False)
        raw_id = await posts.keep(
            connection,
            endpoint,
            key or mark.hex(),
            body,
            media,
            adapter_version=desk.adapter_version,
            run_id=run_id,
        )
    record = RawRecord(POST, key or mark.hex(), body, media)
    counts, failed = await _worked(desk, run_id, record, raw_id)
    return Ingested(_state(counts, failed), run_id, mark.hex(), counts, failed)


async def again(hub: Hub, endpoint: str, raw_id: int) -> int:
    """Take a post that was set aside apart again; returns the run's id."""
    desk = Desk.of(hub, endpoint, hub.registry.open(endpoint))
    async with hub.database.begin() as connection:
        kept = await raw.load(connection, raw_id)
        if kept is None:
            raise NotFound(where="raw_record")
        run_id = await runs.start(connection, endpoint, "replay", {}, alone=False)
    await _worked(desk, run_id, kept.record, raw_id)
    return run_id


async def _worked(
    desk: Desk, run_id: int, post: RawRecord, raw_id: int
) -> tuple[Counts, tuple[Failed, ...]]:
    """Take a post on disk apart and its records in; the run is over afterwards."""
    hub, endpoint, began = desk.hub, desk.endpoint, datetime.now(UTC)
    try:
        records = await _records(desk.adapter, post)
        counts = await absorbed(desk, run_id, records)
        aside = None
    except RecordUnreadable as error:
        aside, counts = error, Counts(pages=1, fetched=1, stored=1, set_aside=1)
    except HubError as error:
        async with hub.database.begin() as connection:
            await runs.finish(connection, run_id, error)
        _log.warning("sync_run.failed", endpoint=endpoint, run=run_id, code=error.code)
        raise
    async with hub.database.begin() as connection:
        if aside is not None:
            found = _aside(desk, post.key, raw_id, aside)
            await runs.set_aside(connection, run_id, [found])
            await runs.record(connection, run_id, counts, {})
        else:
            by = f"run {run_id}"
            await runs.close(connection, endpoint, POST, {post.key: None}, by)
        await _finish(connection, hub, endpoint, run_id, began)
        failed = await posts.failed_in(connection, run_id)
    _log.info("sync_run.finished", endpoint=endpoint, run=run_id)
    await drift.look(hub, desk)
    return counts, failed


async def _records(adapter: Adapter, post: RawRecord) -> tuple[RawRecord, ...]:
    if not isinstance(adapter, Ingests):
        raise NotFound(where="endpoint")
    if len(post.body) > _LARGE:
        return await asyncio.to_thread(adapter.ingest, post.body, post.media)
    return adapter.ingest(post.body, post.media)


async def absorbed(desk: Desk, run_id: int, records: Sequence[RawRecord]) -> Counts:
    """Put records on disk and work them through; no watermark moves."""
    if not records:
        return Counts()
    still = Watermark()
    one = await prepare(desk, run_id, Page(tuple(records), still))
    return await settle(desk, run_id, one, still, Counts())


def _aside(desk: Desk, key: str, raw_id: int, error: RecordUnreadable) -> SetAside:
    fault = Fault(error.code, "", error.message, error.where, rule="ingest")
    faults = error.faults or (fault,)
    return SetAside(desk.endpoint, POST, key, raw_id, faults, desk.mapping.rules)


async def _finish(
    connection: Connection, hub: Hub, endpoint: str, run_id: int, began: datetime
) -> None:
    """Close the run. Where nothing is pulled, a post is what keeps it fresh."""
    await runs.finish(connection, run_id, None)
    if not hub.registry.can(endpoint, "pull"):
        await endpoints.mark_up(connection, endpoint, synced_at=began)
    body = {"endpoint": endpoint, "run": run_id}
    await events.announce(connection, "sync_run.finished", body=body)


def _state(counts: Counts, failed: Sequence[Failed]) -> str:
    if failed:
        return "set_aside"
    return "accepted" if counts.fetched > counts.unchanged else "duplicate"
