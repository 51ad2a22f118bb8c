"""Replay jobs: starting, finding the next page, and how far they have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import zstandard
from sqlalchemy.dialects.postgresql import insert

from hub.contract.messages import RawRecord
from hub.records.replay import ReplayScope
from hub.store.database import Connection
from hub.store.sources import Stored
from hub.store.tables import (
    case_record,
    facet,
    raw_record,
    source_record,
    sync_failure,
    sync_run,
)
from hub.store.tables_replay import replay_job

#: the key of jobs that are syncs; they are never under way
_SYNC = "sync"

_KEY = (source_record.c.endpoint, source_record.c.kind, source_record.c.key)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the worker holds it, and the place it has come to."""

    id: int
    scope: ReplayScope
    rules: Mapping[str, str]
    started_by: str
    reason: str
    state: str
    runs: Mapping[str, int]
    place: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A stored record to be read again, and what it was read by before."""

    stored: Stored
    rules: str
    state: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What one page came to."""

    done: int = 0
    changed: int = 0
    failed: int = 0
    closed: int = 0
    notices: int = 0


async def count(
    connection: Connection, scope: ReplayScope, rules: Mapping[str, str]
) -> int:
    """How many source records a scope holds now."""
    wanted = sa.select(sa.func.count()).select_from(source_record)
    found = await connection.execute(wanted.where(*_within(scope, rules)))
    return int(found.scalar_one())


async def start(connection: Connection, **values: object) -> int | None:
    """Open a job; ``None`` while another one with the same key is under way."""
    made = await connection.execute(
        insert(replay_job)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(replay_job.c.id)
    )
    job_id: int | None = made.scalar_one_or_none()
    return job_id


async def active(connection: Connection, key: str) -> int | None:
    """The job with this key that is running or paused."""
    found = await connection.execute(
        sa.select(replay_job.c.id).where(
            replay_job.c.key == key, replay_job.c.state.in_(("running", "paused"))
        )
    )
    job_id: int | None = found.scalar_one_or_none()
    return job_id


async def hold(connection: Connection, job_id: int) -> Job | None:
    """A job, held against every other worker and officer until commit."""
    row = (
        await connection.execute(
            sa.select(replay_job).where(replay_job.c.id == job_id).with_for_update()
        )
    ).one_or_none()
    if row is None:
        return None
    return Job(
        row.id,
        ReplayScope.of_json(row.scope),
        row.rules,
        row.started_by,
        row.reason,
        row.state,
        row.runs,
        (row.at_endpoint, row.at_kind, row.at_key),
    )


async def next_part(connection: Connection, job: Job) -> tuple[str, str] | None:
    """(endpoint, kind) of what is next; nothing once all is done."""
    wanted = sa.select(source_record.c.endpoint, source_record.c.kind)
    row = (
        await connection.execute(wanted.where(*_behind(job)).order_by(*_KEY).limit(1))
    ).one_or_none()
    return (row.endpoint, row.kind) if row else None


async def page(
    connection: Connection, job: Job, part: tuple[str, str], most: int
) -> list[Source]:
    """The next source records of one endpoint and kind, each with its newest bytes."""
    raw_columns = [
        raw_record.c[name] for name in ("media", "modified", "packed", "size")
    ]
    wanted = (
        sa.select(source_record, *raw_columns, raw_record.c.fetched_at)
        .join(raw_record, raw_record.c.id == source_record.c.raw_id)
        .where(*_behind(job))
        .where(source_record.c.endpoint == part[0], source_record.c.kind == part[1])
        .order_by(*_KEY)
        .limit(most)
    )
    return [_source(row) for row in await connection.execute(wanted)]


def _source(row: Any) -> Source:
    body = zstandard.decompress(row.packed, max_output_size=row.size or 1)
    record = RawRecord(row.kind, row.key, body, row.media, row.modified)
    stored = Stored(row.raw_id, record, bytes(row.digest), row.fetched_at)
    return Source(stored, row.rules, row.state)


def _behind(job: Job) -> list[sa.ColumnElement[bool]]:
    return [*_within(job.scope, job.rules), sa.tuple_(*job.place) < sa.tuple_(*_KEY)]


def _within(
    scope: ReplayScope, rules: Mapping[str, str]
) -> list[sa.ColumnElement[bool]]:
    table = source_record.c
    tests: list[sa.ColumnElement[bool]] = [table.endpoint.in_(list(rules))]
    if scope.by_rules:
        now = list(rules.items())
        tests.append(sa.tuple_(table.endpoint, table.rules).not_in(now))
    if scope.kind is not None:
        tests.append(table.kind == scope.kind)
    if scope.cause is not None:
        tests.append(_failed(scope.cause))
    if scope.cases:
        tests.append(_tells_of(scope.cases))
    return tests


def _failed(cause: str) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        sync_failure.c.endpoint == source_record.c.endpoint,
        sync_failure.c.source_key == source_record.c.key,
        sync_failure.c.state == "open",
        sync_failure.c.cause == cause,
    )


def _tells_of(cases: Sequence[int]) -> sa.ColumnElement[bool]:
    """A case that was merged meanwhile goes on in the other one."""
    homes = sa.select(
        sa.func.coalesce(case_record.c.merged_into, case_record.c.id)
    ).where(case_record.c.id.in_(list(cases)))
    return sa.exists().where(
        facet.c.endpoint == source_record.c.endpoint,
        facet.c.source_key == source_record.c.key,
        facet.c.is_current,
        facet.c.case_id.in_(homes),
    )


async def advance(
    connection: Connection, job: Job, place: tuple[str, str, str], page: Tally
) -> None:
    """The page is done: move on behind it, and add up what it came to."""
    sums = {
        name: replay_job.c[name] + getattr(page, name)
        for name in ("done", "changed", "failed", "closed", "notices")
    }
    await connection.execute(
        sa.update(replay_job)
        .where(replay_job.c.id == job.id)
        .values(
            at_endpoint=place[0],
            at_kind=place[1],
            at_key=place[2],
            page_at=sa.func.clock_timestamp(),
            **sums,
        )
    )


async def of_run(connection: Connection, **values: object) -> int:
    """The job that stands for a sync run's own rereading; opened, and done, at once."""
    found = await connection.execute(
        sa.select(replay_job.c.id).where(
            replay_job.c.started_by == values["started_by"],
            replay_job.c.key == _SYNC,
        )
    )
    known: int | None = found.scalar_one_or_none()
    if known is not None:
        return known
    now = sa.func.clock_timestamp()
    made = await connection.execute(
        sa.insert(replay_job)
        .values(key=_SYNC, state="finished", finished_at=now, **values)
        .returning(replay_job.c.id)
    )
    return int(made.scalar_one())


async def book(connection: Connection, job_id: int, page: Tally) -> None:
    """Add up what a page of a sync run came to."""
    names = ("done", "changed", "failed", "closed", "notices")
    sums = {name: replay_job.c[name] + getattr(page, name) for name in names}
    sums["total"] = replay_job.c.total + page.done
    await connection.execute(
        sa.update(replay_job).where(replay_job.c.id == job_id).values(**sums)
    )


async def turn(
    connection: Connection, job_id: int, state: str, error_code: str | None = None
) -> None:
    """Set a job's state; an end is stamped, and its sync runs end with it."""
    values: dict[str, object] = {"state": state, "error_code": error_code}
    if state not in {"running", "paused"}:
        values["finished_at"] = sa.func.clock_timestamp()
    made = await connection.execute(
        sa.update(replay_job)
        .where(replay_job.c.id == job_id)
        .values(**values)
        .returning(replay_job.c.runs)
    )
    runs = list(made.scalar_one().values())
    if "finished_at" in values and runs:
        await connection.execute(
            sa.update(sync_run)
            .where(sync_run.c.id.in_(runs), sync_run.c.finished_at.is_(None))
            .values(state="finished", finished_at=sa.func.clock_timestamp())
        )


async def run_of(connection: Connection, job: Job, endpoint: str) -> int:
    """The sync run in which this job's records of an endpoint are booked."""
    known = job.runs.get(endpoint)
    if known is not None:
        return known
    made = await connection.execute(
        sa.insert(sync_run)
        .values(endpoint=endpoint, trigger="replay_job")
        .returning(sync_run.c.id)
    )
    run_id = int(made.scalar_one())
    await connection.execute(
        sa.update(replay_job)
        .where(replay_job.c.id == job.id)
        .values(runs={**job.runs, endpoint: run_id})
    )
    return run_id


async def unwoken(connection: Connection) -> list[int]:
    """Running jobs that no worker has in hand or in its queue."""
    rows = await connection.execute(
        sa.text(
            "select r.id from replay_job r where r.state = 'running' and not exists ("
            " select 1 from procrastinate_jobs j where j.status in ('todo','doing')"
            " and j.queueing_lock = 'replay#' || r.id) order by r.id"
        )
    )
    return [int(row.id) for row in rows]
