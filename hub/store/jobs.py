"""Jobs: waking a worker inside the caller's own transaction, and rescuing jobs.

A wake-up commits with the work it announces, or not at all. A transaction that
wakes several does so in sorted order, or two of them deadlock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hub.store.database import Connection

QUEUE = "hub"
DRAIN, TIMER, SYNC = "drain_lane", "wake_lane", "sync_endpoint"
REPLAY = "replay_records"

_WAKE = sa.text(
    "select hub_wake(:queue, :task, :lock, :queueing_lock,"
    " cast(:args as jsonb), cast(:at as timestamptz))"
)

#: running jobs whose worker is gone or silent, and those a live worker lost
_STALLED = sa.text("""
select j.id, j.task_name as task, j.lock, j.queueing_lock, j.args
from procrastinate_jobs j
left join procrastinate_workers w on w.id = j.worker_id
where j.status = 'doing' and j.queue_name = :queue
  and (w.id is null
       or w.last_heartbeat < now() - make_interval(secs => :silence)
       or j.id = any(:lost))
order by j.queueing_lock
for update of j skip locked
""")


@dataclass(frozen=True, slots=True)
class Job:
    """A job that was running when its worker went away."""

    id: int
    task: str
    lock: str | None
    queueing_lock: str
    args: Mapping[str, object]


async def wake(
    connection: Connection,
    task: str,
    *,
    lock: str | None,
    queueing_lock: str,
    args: Mapping[str, object],
    at: datetime | None = None,
) -> None:
    """See to it that a job for ``task`` starts after this transaction commits.

    ``lock``: never two running at once. ``queueing_lock``: never two waiting; a
    job that waits already serves this wake-up too. ``at``: not before then; give
    no ``lock`` with it, or the delayed job blocks the ones that are due.
    """
    values = {
        "queue": QUEUE,
        "task": task,
        "lock": lock,
        "queueing_lock": queueing_lock,
        "args": json.dumps(dict(args)),
        "at": at,
    }
    await connection.execute(_WAKE, values)


async def wake_lane(connection: Connection, lane: str) -> None:
    """Have the lane drained now."""
    await wake(connection, DRAIN, lock=lane, queueing_lock=lane, args={"lane": lane})


async def wake_lane_at(connection: Connection, lane: str, at: datetime) -> None:
    """Have the lane woken later, by a timer that does not carry its lock."""
    timer = f"timer:{lane}"
    await wake(
        connection, TIMER, lock=None, queueing_lock=timer, args={"lane": lane}, at=at
    )


async def wake_sync(connection: Connection, endpoint: str, trigger: str) -> None:
    """Have the endpoint pulled now. ``trigger`` stands in the run book."""
    name = f"sync#{endpoint}"
    args = {"endpoint": endpoint, "trigger": trigger}
    await wake(connection, SYNC, lock=name, queueing_lock=name, args=args)


async def wake_replay(connection: Connection, job_id: int) -> None:
    """Have a worker go on with a replay now."""
    name = f"replay#{job_id}"
    args = {"job": str(job_id)}
    await wake(connection, REPLAY, lock=name, queueing_lock=name, args=args)


async def rescue(
    connection: Connection, silence: float, lost: Sequence[int] = ()
) -> list[Job]:
    """End the jobs of dead workers and queue each anew; returns them.

    A job is never put back itself: where its queueing lock has a waiting
    successor that is impossible, and would poison every later rescue.
    ``silence`` in seconds; ``lost`` are ids that a live worker no longer knows.
    """
    rows = await connection.execute(
        _STALLED, {"queue": QUEUE, "silence": silence, "lost": list(lost)}
    )
    jobs = [Job(*row) for row in rows]
    for job in jobs:
        await connection.execute(
            sa.text("select procrastinate_finish_job_v1(:id, 'failed', true)"),
            {"id": job.id},
        )
        await wake(
            connection,
            job.task,
            lock=job.lock,
            queueing_lock=job.queueing_lock,
            args=job.args,
        )
    return jobs


async def running(connection: Connection, workers: Sequence[int]) -> list[int]:
    """The ids of the jobs that these workers are said to be running."""
    rows = await connection.execute(
        sa.text(
            "select id from procrastinate_jobs"
            " where status = 'doing' and worker_id = any(:workers)"
        ),
        {"workers": list(workers)},
    )
    return [int(row.id) for row in rows]


async def prune_workers(connection: Connection, silence: float) -> None:
    """Forget workers that have been silent for long; their jobs become rescuable."""
    await connection.execute(
        sa.text("select procrastinate_prune_stalled_workers_v1(:silence)"),
        {"silence": silence},
    )
