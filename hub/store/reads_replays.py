"""Reading replay jobs: where they stand, what changed, who is touched. No values."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from hub.records.page import Ask, Found
from hub.records.replay import AffectedCaller, ReplayItem, ReplayJob
from hub.store import reads
from hub.store.database import Connection
from hub.store.tables_replay import (
    correction,
    replay_change,
    replay_item,
    replay_job,
    replay_transfer,
)

_JOBS = sa.select(*reads.columns(ReplayJob, replay_job))


async def jobs(connection: Connection, ask: Ask) -> Found[ReplayJob]:
    """One page of the jobs."""
    return await reads.page(
        connection, ReplayJob, _JOBS, reads.Sort(replay_job.c.id), ask
    )


async def job_total(connection: Connection) -> int:
    """How many jobs there were."""
    return await reads.total(connection, _JOBS)


async def job(connection: Connection, key: int) -> ReplayJob | None:
    """One job."""
    row = (await connection.execute(_JOBS.where(replay_job.c.id == key))).one_or_none()
    return reads.record(ReplayJob, row) if row else None


def _items(job_id: int) -> sa.Select[tuple[object, ...]]:
    wanted = sa.select(*reads.columns(ReplayItem, replay_item))
    return wanted.where(replay_item.c.job_id == job_id)


async def items(connection: Connection, job_id: int, ask: Ask) -> Found[ReplayItem]:
    """One page of the source records that came out otherwise."""
    sort = reads.Sort(replay_item.c.id)
    return await reads.page(connection, ReplayItem, _items(job_id), sort, ask)


async def item_total(connection: Connection, job_id: int) -> int:
    """How many there are."""
    return await reads.total(connection, _items(job_id))


async def callers(connection: Connection, job_id: int) -> Sequence[AffectedCaller]:
    """Who was told, by caller."""
    told = correction.c
    rows = await connection.execute(
        sa.select(
            told.caller,
            sa.func.count().label("cases"),
            sa.func.count().filter(told.was_read).label("read"),
            sa.func.count().filter(told.was_received).label("received"),
            sa.func.count(told.acknowledged_at).label("acknowledged"),
        )
        .where(told.job_id == job_id)
        .group_by(told.caller)
        .order_by(told.caller)
    )
    return [AffectedCaller(**row._mapping) for row in rows]


async def hand_overs(connection: Connection, job_id: int) -> Sequence[UUID]:
    """The transfers whose parcels carried a value of before."""
    rows = await connection.execute(
        sa.select(replay_transfer.c.transfer_id)
        .join(replay_change, replay_change.c.id == replay_transfer.c.change_id)
        .where(replay_change.c.job_id == job_id)
        .distinct()
        .order_by(replay_transfer.c.transfer_id)
    )
    return [row.transfer_id for row in rows]
