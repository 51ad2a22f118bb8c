"""One sync run: pull an endpoint from its watermark, page by page.

For each page: raw bytes to disk (committed), then everything that follows from
them together with the watermark (committed). A run that dies goes on after the
last page. A source that fails is never an empty source: the run fails, says why,
and the watermark stays. While one page is worked through, the next one is fetched,
put on disk and read; never more than one. Small pages are put together.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from hub.contract.messages import Page, RawRecord, Watermark
from hub.engine import rereading
from hub.engine.absorb import Desk, Readings, read_ahead, tallies
from hub.engine.ahead import ahead
from hub.engine.amending import take_in
from hub.engine.drift import watch as drift
from hub.engine.gather import gather
from hub.engine.hub import Hub
from hub.engine.keepable import spelled
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyError,
    Fault,
    HubError,
    RunSuspicious,
    SyncOvertaken,
)
from hub.mapping.census import Census
from hub.store import endpoints, events, linking, raw, runs, sources
from hub.store.database import Connection
from hub.store.runs import Counts, SetAside
from hub.store.sources import Taken

_log = structlog.get_logger(__name__)


async def sync_endpoint(hub: Hub, endpoint: str, trigger: str) -> int:
    """Pull what is new from an endpoint; returns the run's id.

    A failure ends the run as failed and an ``AgencyError`` marks the endpoint; it
    is written down, not raised. Raises ``NotFound`` for an unknown endpoint,
    ``RequestInvalid`` for one that is not pulled.
    """
    manifest = hub.registry.manifest(endpoint)
    hub.registry.demand(endpoint, "pull")
    await hub.book.renew_if_sound()
    async with hub.database.begin() as connection:
        start = await sources.watermark_of(connection, endpoint)
        run_id = await runs.start(connection, endpoint, trigger, start.value)
    began = datetime.now(UTC)
    version = hub.registry.adapter_version(manifest.system)
    error: HubError | None = None
    doubt: HubError | None = None
    desk: Desk | None = None
    try:
        async with hub.registry.open(endpoint) as adapter:
            mapping = hub.mapping_of(endpoint)
            seen = Census.of(mapping.parsed, is_load=not start.value)
            told = tallies(mapping)
            desk = Desk(hub, endpoint, adapter, mapping, version, told, seen)
            counts = await _pull(desk, run_id, start)
            doubt = _doubt(desk, counts, is_first=not start.value)
    except HubError as failed:
        error = failed
    await _finish(hub, endpoint, run_id, error, began, doubt=doubt)
    _report(endpoint, run_id, error)
    await drift.look(hub, desk)
    return run_id


def _doubt(desk: Desk, counts: Counts, *, is_first: bool) -> RunSuspicious | None:
    """What of a run is not as expected, all of it at once."""
    faults = tuple(
        fault
        for tally in desk.tallies.values()
        for fault in tally.objections(counts.fetched, is_first=is_first)
    )
    if not faults:
        return None
    return RunSuspicious(
        "；".join(fault.message.zh for fault in faults),
        "; ".join(fault.message.en for fault in faults),
        where=faults[0].where,
        faults=faults,
    )


async def _pull(desk: Desk, run_id: int, start: Watermark) -> Counts:
    before, counts = start, Counts()
    async with aclosing(ahead(_pages(desk, run_id, start))) as pages:
        async for one in pages:
            counts = counts.plus(await settle(desk, run_id, one, before, counts))
            before = one.page.watermark
    return counts


async def _pages(
    desk: Desk, run_id: int, start: Watermark
) -> AsyncGenerator[Prepared, None]:
    async for page in gather(desk.adapter.pull(start)):
        yield await prepare(desk, run_id, page)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page whose raw bytes are on disk, and what they say."""

    page: Page
    taken: Taken
    readings: Readings


async def prepare(desk: Desk, run_id: int, page: Page) -> Prepared:
    """Put a page's raw records on disk; then, and not before, read them."""
    taken = Taken([], 0)
    page = replace(
        page, records=spelled(page.records), overtaken=spelled(page.overtaken)
    )
    if page.records or page.overtaken:
        async with desk.hub.database.begin() as connection:
            late = await sources.keep_overtaken(
                connection,
                desk.endpoint,
                page.overtaken,
                adapter_version=desk.adapter_version,
                run_id=run_id,
            )
            taken = await sources.store(
                connection,
                desk.endpoint,
                page.records,
                rules=desk.mapping.rules,
                adapter_version=desk.adapter_version,
                run_id=run_id,
            )
        taken = Taken(taken.stored, taken.idle + late)
    return Prepared(page, taken, await read_ahead(desk, taken.stored))


async def settle(
    desk: Desk, run_id: int, one: Prepared, before: Watermark, so_far: Counts
) -> Counts:
    """Work through one page, and move the watermark with it."""
    after, stored = one.page.watermark, one.taken.stored
    is_amended = False
    async with desk.hub.database.begin() as connection:
        await linking.lock_source(connection, desk.endpoint)
        desk, readings = await _by_rules_of_now(desk, one.readings)
        counts = _idle(one.taken)
        for kind in sorted({each.record.kind for each in stored}):
            part = [each for each in stored if each.record.kind == kind]
            told, is_changed = await take_in(connection, desk, run_id, part, readings)
            counts, is_amended = counts.plus(told), is_amended or is_changed
        await drift.count(connection, desk)
        if after != before:
            await _move(connection, desk.endpoint, before, after)
        await runs.record(connection, run_id, so_far.plus(counts), after.value)
    if is_amended:
        await rereading.settle(desk.hub)
    return counts


async def _by_rules_of_now(desk: Desk, readings: Readings) -> tuple[Desk, Readings]:
    """Rules may be mended while a run is under way; what was read before is void then.

    Asked with the endpoint held: a replay by the mended rules may have been here, and
    a run that went on by its old ones would write the mistake back.
    """
    await desk.hub.book.renew_if_sound()
    mapping = desk.hub.mapping_of(desk.endpoint)
    if mapping.rules == desk.mapping.rules:
        return desk, readings
    return replace(desk, mapping=mapping), {}


def _idle(taken: Taken) -> Counts:
    """The books of what nobody has to look at."""
    idle = taken.idle
    pages = int(bool(idle and not taken.stored))
    return Counts(pages=pages, fetched=idle, stored=idle, unchanged=idle)


async def _move(
    connection: Connection, endpoint: str, before: Watermark, after: Watermark
) -> None:
    if not await sources.move_watermark(connection, endpoint, before, after):
        raise SyncOvertaken(where=endpoint)


async def _finish(
    hub: Hub,
    endpoint: str,
    run_id: int,
    error: HubError | None,
    began: datetime,
    *,
    doubt: HubError | None = None,
) -> None:
    async with hub.database.begin() as connection:
        if isinstance(error, AgencyAnswerUnreadable):
            await _keep_answer(connection, hub, endpoint, run_id, error)
        if isinstance(error, AgencyError):
            await endpoints.mark_down(connection, endpoint, error)
        elif error is None:
            await endpoints.mark_up(connection, endpoint, synced_at=began)
            await runs.close(
                connection, endpoint, "answer", {_ANSWER: None}, f"run {run_id}"
            )
        await runs.finish(connection, run_id, error, doubt)
        body = {"endpoint": endpoint, "run": run_id}
        kind = "sync_run.failed" if error else "sync_run.finished"
        await events.announce(connection, kind, body=body)


_ANSWER = "answer"


async def _keep_answer(
    connection: Connection,
    hub: Hub,
    endpoint: str,
    run_id: int,
    error: AgencyAnswerUnreadable,
) -> None:
    """An answer that could not be taken apart is kept, and points at itself."""
    version = hub.registry.adapter_version(hub.registry.endpoint(endpoint).system)
    record = RawRecord("answer", _ANSWER, error.body, "application/octet-stream")
    raw_id = await raw.keep(connection, endpoint, record, version, run_id)
    fault = Fault(error.code, error.where, error.message, rule="pull")
    aside = SetAside(endpoint, "answer", _ANSWER, raw_id, (fault,), "")
    await runs.set_aside(connection, run_id, [aside])


def _report(endpoint: str, run_id: int, error: HubError | None) -> None:
    if error:
        _log.warning("sync_run.failed", endpoint=endpoint, run=run_id, code=error.code)
    else:
        _log.info("sync_run.finished", endpoint=endpoint, run=run_id)
