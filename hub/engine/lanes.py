"""The one room for procrastinate: the jobs a worker knows, and keeping it at work.

The job engine only wakes, locks and hands out; what is due stands in the hub's own
tables. So a job that is lost costs time and never a parcel, and no job is ever
retried by the engine: the lane's rows say when to try again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import procrastinate
import structlog
from procrastinate.job_context import JobContext

from hub.engine import door, rereading
from hub.engine.deliver import drain
from hub.engine.hub import Hub
from hub.engine.retry import Pace, keep_at_it
from hub.engine.sync import sync_endpoint
from hub.errors import HubError
from hub.store import jobs, outbox

_log = structlog.get_logger(__name__)

#: a half-open connection must not hang a worker; a frozen one must not keep locks
_SESSION = {
    "application_name": "agency-hub-jobs",
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "options": "-c idle_in_transaction_session_timeout=10s",
}


@dataclass(frozen=True, slots=True)
class Beat:
    """The worker's rhythm; times in seconds.

    ``jobs``: how many at once. ``poll``: how often one looks for jobs that nobody
    announced (and for timers). ``heartbeat``: sign of life; after ``silence`` a
    worker is taken for dead and its jobs are rescued. ``patience``: how long a job
    may be running by name only. ``farewell``: how long jobs may go on after the
    stop signal.
    """

    jobs: int = 8
    poll: float = 0.5
    heartbeat: float = 2.0
    silence: float = 8.0
    patience: float = 6.0
    farewell: float = 10.0


@dataclass(slots=True)
class Engine:
    """One worker of the hub: runs jobs until it is stopped, whatever happens.

    ``mine`` are the ids of the jobs running in this process, ``names`` the numbers
    under which the job engine knows this worker.
    """

    hub: Hub
    pace: Pace
    beat: Beat
    stop: asyncio.Event
    mine: set[int] = field(default_factory=set)
    names: set[int] = field(default_factory=set)

    async def run(self) -> None:
        """Work until ``stop`` is set.

        A worker returns without an error when it has lost the database, so the
        loop asks only whether it was told to stop.
        """
        await keep_at_it(self._guarded, self.stop, 0.5, 5.0)

    async def _guarded(self) -> None:
        try:
            await self._work()
            if not self.stop.is_set():
                _log.warning("worker.returned")
        except Exception as error:  # noqa: BLE001 - whatever it was, it starts anew
            _log.warning("worker.lost", code=type(error).__name__)

    async def _work(self) -> None:
        connector = procrastinate.PsycopgConnector(
            conninfo=self.hub.database.dsn,
            min_size=1,
            max_size=4,
            timeout=10.0,
            kwargs=_SESSION,
        )
        app = procrastinate.App(connector=connector)
        self._name_tasks(app)
        async with app.open_async():
            work = asyncio.create_task(self._run(app), name="jobs")
            stopping = asyncio.create_task(self.stop.wait(), name="stop")
            await asyncio.wait((work, stopping), return_when="FIRST_COMPLETED")
            stopping.cancel()
            work.cancel()  # asks the worker to finish what it has begun
            with contextlib.suppress(asyncio.CancelledError):
                await work

    async def _run(self, app: procrastinate.App) -> None:
        beat = self.beat
        await app.run_worker_async(
            queues=[jobs.QUEUE],
            concurrency=beat.jobs,
            fetch_job_polling_interval=beat.poll,
            update_heartbeat_interval=beat.heartbeat,
            stalled_worker_timeout=beat.silence,
            shutdown_graceful_timeout=beat.farewell,
            install_signal_handlers=False,
            delete_jobs="always",
        )

    def _name_tasks(self, app: procrastinate.App) -> None:
        for name, task in (
            (jobs.DRAIN, self._drain),
            (jobs.TIMER, self._wake),
            (jobs.SYNC, self._sync),
            (jobs.REPLAY, self._replay),
        ):
            app.task(name=name, queue=jobs.QUEUE, pass_context=True)(self._kept(task))

    def _kept(
        self, task: Callable[..., Awaitable[None]]
    ) -> Callable[..., Awaitable[None]]:
        """The task with its faults kept in: the outermost loop of every job."""

        async def run(context: JobContext, **arguments: str) -> None:
            job = context.job
            self.mine.add(job.id or 0)
            if job.worker_id is not None:
                self.names.add(job.worker_id)
            try:
                await task(**arguments)
            except HubError as error:
                _log.warning("job.failed", task=job.task_name, code=error.code)
            except Exception as error:  # noqa: BLE001 - the worker lives on; the sweep
                # wakes the lane again, so nothing is lost with this job
                kind = type(error).__name__
                _log.exception("job.failed", task=job.task_name, code=kind)
            finally:
                self.mine.discard(job.id or 0)

        return run

    async def _drain(self, lane: str) -> None:
        sent = await drain(self.hub, lane, self.pace, self.stop.is_set)
        if sent:
            _log.info("lane.drained", lane=lane, count=sent)

    async def _wake(self, lane: str) -> None:
        """A timer hops: it wakes the lane and holds nothing itself."""
        async with self.hub.database.begin() as connection:
            await jobs.wake_lane(connection, lane)

    async def _replay(self, job: str) -> None:
        await rereading.work(self.hub, int(job), self.stop.is_set)

    async def _sync(self, endpoint: str, trigger: str) -> None:
        if not self.hub.registry.can(endpoint, "pull"):
            return
        async with self.hub.database.begin() as connection:
            before, _ = await outbox.door(connection, endpoint)
        await sync_endpoint(self.hub, endpoint, trigger)
        async with self.hub.database.begin() as connection:
            after, _ = await outbox.door(connection, endpoint)
        if after == "up" and before != "up":
            await door.hurry(self.hub, endpoint)
