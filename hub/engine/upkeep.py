"""What a worker does besides its jobs: sweep, rescue, and nudge the syncs.

Each is a loop of the worker's own and not of the job engine's cron, so that it
runs even when that has stopped. All of it may be done by any number of workers.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from hub.engine.hub import Hub
from hub.engine.lanes import Engine
from hub.errors import AgencyLoginRefused, HubError
from hub.store import jobs, lanes, outbox, replay_changes, replays, schedule

_log = structlog.get_logger(__name__)


async def every(
    seconds: float, stop: asyncio.Event, work: Callable[[], Awaitable[None]]
) -> None:
    """Do the work now and then every so many seconds, until told to stop."""
    while not stop.is_set():
        try:
            await work()
        except HubError as error:
            _log.warning("upkeep.failed", code=error.code)
        except Exception as error:  # noqa: BLE001 - upkeep never ends by a fault
            _log.exception("upkeep.failed", code=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


async def sweep(hub: Hub) -> None:
    """Wake the lanes whose due work nobody woke, and replays that were left."""
    async with hub.database.begin() as connection:
        found = await lanes.unwoken(connection)
        for lane in found:
            await jobs.wake_lane(connection, lane)
        await replay_changes.settle(connection)
        for job_id in await replays.unwoken(connection):
            await jobs.wake_replay(connection, job_id)
    if found:
        _log.info("lanes.swept", count=len(found))


@dataclass(slots=True)
class Rescue:
    """Ends the jobs of dead workers, and those that this worker has lost.

    A job can be lost by a living worker: handed out while the connection broke, or
    done while its end could not be written. It is taken for lost when it has run
    by name and not in fact for a while. ``suspects``: job -> since when.
    """

    engine: Engine
    suspects: dict[int, float] = field(default_factory=dict)

    async def look(self) -> None:
        """One look."""
        engine = self.engine
        async with engine.hub.database.begin() as connection:
            said = await jobs.running(connection, list(engine.names))
            lost = self._lost(set(said) - engine.mine, time.monotonic())
            found = await jobs.rescue(connection, engine.beat.silence, lost)
        if found:
            _log.warning("jobs.rescued", count=len(found))

    def _lost(self, missing: set[int], now: float) -> list[int]:
        since, patience = self.suspects, self.engine.beat.patience
        self.suspects = {job: since.get(job, now) for job in missing}
        return sorted(
            job for job in missing & set(since) if now - since[job] >= patience
        )


@dataclass(slots=True)
class Schedule:
    """Nudges the sync of every endpoint whose last run began long enough ago."""

    hub: Hub
    nudged: dict[str, float] = field(default_factory=dict)

    async def look(self) -> None:
        """One look."""
        endpoints = self.hub.registry.endpoints
        async with self.hub.database.begin() as connection:
            ages = await schedule.ages(connection, list(endpoints))
            for code in sorted(endpoints):
                if not self.hub.registry.can(code, "pull"):
                    continue
                if not self._is_due(code, endpoints[code].every, ages[code]):
                    continue
                if not self.hub.registry.hours(code).is_open(datetime.now(UTC)):
                    continue  # closed is not broken: nobody knocks
                state, why = await outbox.door(connection, code)
                if state == "held" and why == AgencyLoginRefused.code:
                    continue  # knocking on would lock the account
                self.nudged[code] = time.monotonic()
                await jobs.wake_sync(connection, code, "schedule")

    def _is_due(self, code: str, every: float, age: float | None) -> bool:
        if age is not None and age < every:
            return False
        since = time.monotonic() - self.nudged.get(code, float("-inf"))
        return since >= every
