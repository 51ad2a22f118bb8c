"""A replay at work: stored records, page by page, through the rules of now.

A page is one transaction: it holds the job and the endpoint, so that neither a
second worker nor a sync comes between; a worker that dies loses the page under way
and no more. The agency is not asked. Only the newest bytes of each source record
are read, and nothing is written where they say what was known already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from hub.engine import blast
from hub.engine.absorb import Desk, absorb, reading_of
from hub.engine.blast import Turned
from hub.engine.changes import changed_paths
from hub.engine.failpoint import failpoint
from hub.engine.hub import Hub
from hub.errors import NotFound, ReplayOvertaken
from hub.store import (
    events,
    facets,
    linking,
    raw,
    replay_changes,
    replays,
    runs,
    sources,
)
from hub.store.database import Connection
from hub.store.facets import Facet
from hub.store.replay_changes import NewItem
from hub.store.replays import Job, Source, Tally

_log = structlog.get_logger(__name__)

#: records a page; what is corrected in one page is held back from readers meanwhile
PAGE = 100

#: source key -> its facet
Current = Mapping[str, Facet]


async def work(
    hub: Hub, job_id: int, stopping: Callable[[], bool], most: int = PAGE
) -> int:
    """Go on with a replay until it is done, paused, or the worker stops.

    Returns how many pages were done. What is left when the worker stops, the sweep
    wakes again.
    """
    pages = 0
    await settle(hub)
    while not stopping() and await _page(hub, job_id, most):
        pages += 1
        failpoint("replay.after_page")
        await settle(hub)
    return pages


async def settle(hub: Hub) -> None:
    """After a commit: reads that begin from now on see the new values."""
    async with hub.database.begin() as connection:
        await replay_changes.settle(connection)


async def _page(hub: Hub, job_id: int, most: int) -> bool:
    """One page; says whether there may be another.

    The rules are asked for with the endpoint held: a sync that was waited for may have
    worked by newer ones than the job's.
    """
    async with hub.database.begin() as connection:
        job = await replays.hold(connection, job_id)
        if job is None or job.state != "running":
            return False
        part = await replays.next_part(connection, job)
        if part is None:
            await _end(connection, job, "finished")
            return False
        await linking.lock_source(connection, part[0])
        await hub.book.renew_if_sound()
        desk = _desk(hub, job, part[0])
        if desk is None:
            await _end(connection, job, "failed", ReplayOvertaken.code)
            return False
        page = await replays.page(connection, job, part, most)
        if page:
            await _read_again(connection, desk, job, part[1], page)
            failpoint("replay.before_commit")
    return True


def _desk(hub: Hub, job: Job, endpoint: str) -> Desk | None:
    """Where the page is worked on; none where the rules are no longer the job's."""
    try:
        mapping = hub.mapping_of(endpoint)
    except NotFound:
        return None
    if mapping.rules != job.rules[endpoint]:
        return None
    version = hub.registry.adapter_version(mapping.system)
    return Desk(hub, endpoint, hub.registry.open(endpoint), mapping, version)


async def _end(
    connection: Connection, job: Job, state: str, code: str | None = None
) -> None:
    await replays.turn(connection, job.id, state, code)
    body = {"replay": job.id, "state": state}
    await events.announce(connection, "replay.finished", body=body)
    _log.info("replay.finished", job=job.id, state=state, code=code or "")


async def _read_again(
    connection: Connection, desk: Desk, job: Job, kind: str, page: Sequence[Source]
) -> None:
    endpoint = desk.endpoint
    keys = [one.stored.record.key for one in page]
    before = await facets.current(connection, endpoint, keys)
    run_id = await replays.run_of(connection, job, endpoint)
    stored = [one.stored for one in page]
    by = f"replay job {job.id} by {job.started_by}: {job.reason}"
    counts = await absorb(connection, desk, run_id, stored, by, again=True)
    await runs.add(connection, run_id, counts)
    items, notices = await account(connection, desk, job.id, page, before)
    await replays.advance(
        connection, job, (endpoint, kind, keys[-1]), tally_of(items, len(page), notices)
    )


async def account(
    connection: Connection,
    desk: Desk,
    job_id: int,
    page: Sequence[Source],
    before: Current,
) -> tuple[list[NewItem], int]:
    """Write down under a job what came out otherwise, and tell whoever had it.

    ``page`` are records of one kind as they were until now, read again since.
    Returns them and how many notices are new.
    """
    items, after = await outcome(connection, desk.endpoint, page, before)
    await replay_changes.keep_items(connection, job_id, items)
    turned = await _turned(connection, desk, before, after)
    rules = desk.mapping.rules
    notices = await blast.reckon(connection, desk.hub, job_id, rules, turned)
    return items, notices


async def outcome(
    connection: Connection, endpoint: str, page: Sequence[Source], before: Current
) -> tuple[list[NewItem], Current]:
    """Which of these records came out otherwise, and their facets of now."""
    kind = page[0].stored.record.kind
    keys = [one.stored.record.key for one in page]
    after = await facets.current(connection, endpoint, keys)
    known = await sources.known(connection, endpoint, kind, keys)
    return items_of(endpoint, page, before, after, known), after


async def _turned(
    connection: Connection, desk: Desk, before: Current, after: Current
) -> list[Turned]:
    """The records that say something else; older bytes are read by the same rules."""
    turned = [
        Turned(key, before.get(key), new)
        for key, new in after.items()
        if new.id != _id(before.get(key))
    ]
    older = [
        one.before.raw_id
        for one in turned
        if one.before and one.before.raw_id != one.after.raw_id
    ]
    kept = await raw.load_all(connection, older) if older else []
    readings = {one.id: reading_of(desk, one.record) for one in kept}
    bodies = {key: one.body for key, one in readings.items() if not one.faults}
    return [
        replace(one, reread=bodies.get(one.before.raw_id) if one.before else None)
        for one in turned
    ]


def items_of(
    endpoint: str,
    page: Sequence[Source],
    before: Current,
    after: Current,
    known: Mapping[str, sources.Source],
) -> list[NewItem]:
    """Those that came out otherwise than before."""
    found = []
    for one in page:
        key = one.stored.record.key
        old, new = before.get(key), after.get(key)
        outcome = _outcome(one.state, known[key].state, old, new)
        if outcome:
            bodies = (old.body if old else {}, new.body if new else {})
            item = NewItem(
                endpoint,
                one.stored.record.kind,
                key,
                one.stored.raw_id,
                outcome,
                _id(old),
                _id(new),
                changed_paths(*bodies),
            )
            found.append(item)
    return found


def _outcome(was: str, now: str, old: Facet | None, new: Facet | None) -> str:
    if now == "set_aside":
        return "failed" if was != now else ""
    if was == "set_aside":
        return "mended"
    return "changed" if _id(old) != _id(new) else ""


def _id(facet: Facet | None) -> int | None:
    return facet.id if facet else None


def tally_of(items: Sequence[NewItem], done: int, notices: int) -> Tally:
    """What these come to."""
    outcomes = [one.outcome for one in items]
    changed = sum(one.facet_before != one.facet_after for one in items)
    return Tally(
        done, changed, outcomes.count("failed"), outcomes.count("mended"), notices
    )
