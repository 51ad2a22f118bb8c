"""The worker: syncs, deliveries, sweeps. As its own process, or inside the server."""

from __future__ import annotations

import asyncio
import os
import signal

import structlog

from hub.engine.drift import watch as drift
from hub.engine.failpoint import arm
from hub.engine.hub import Hub
from hub.engine.lanes import Beat, Engine
from hub.engine.retry import Pace
from hub.engine.upkeep import Rescue, Schedule, every, sweep
from hub.entry.assembly import open_hub
from hub.entry.settings import Settings

_log = structlog.get_logger(__name__)

#: how often the schedule is looked at (seconds)
_TICK = 1.0
#: how often what nobody looks at any more is let go (seconds)
_DAILY = 86_400.0


def work_forever(settings: Settings) -> None:
    """Run a worker of its own until SIGTERM or SIGINT, then finish what is begun."""
    asyncio.run(_work_alone(settings))


async def _work_alone(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    arm_from(os.environ.get("HUB_FAILPOINT", ""))
    jobs = settings.delivery.workers + len(settings.endpoints)
    async with open_hub(settings, pool=jobs + 4) as hub:
        await work(hub, settings, stop)


def arm_from(orders: str) -> None:
    """Arm the failpoints that a test names in ``HUB_FAILPOINT`` (comma-separated)."""
    for order in filter(None, orders.split(",")):
        arm(order)


def pace_of(settings: Settings) -> Pace:
    """The delivery settings in the engine's words."""
    told = settings.delivery
    return Pace(
        batch=told.batch,
        attempts=told.attempts,
        first_wait=told.first_wait,
        longest_wait=told.longest_wait,
    )


async def work(hub: Hub, settings: Settings, stop: asyncio.Event) -> None:
    """Work until ``stop`` is set: the same for a worker inside the server."""
    jobs = settings.delivery.workers + len(settings.endpoints)
    await keep_working(
        hub, pace_of(settings), Beat(jobs=jobs), stop, settings.delivery.sweep
    )


async def keep_working(
    hub: Hub, pace: Pace, beat: Beat, stop: asyncio.Event, sweep_every: float = 10.0
) -> None:
    """The jobs and the upkeep, side by side, until ``stop`` is set."""
    engine = Engine(hub, pace, beat, stop)
    rescue, schedule = Rescue(engine), Schedule(hub)
    _log.info("worker.started")
    async with asyncio.TaskGroup() as group:
        group.create_task(engine.run(), name="engine")
        group.create_task(every(sweep_every, stop, lambda: sweep(hub)), name="sweep")
        group.create_task(every(beat.heartbeat, stop, rescue.look), name="rescue")
        group.create_task(every(_TICK, stop, schedule.look), name="schedule")
        group.create_task(every(_DAILY, stop, lambda: drift.forget(hub)), name="census")
    _log.info("worker.stopped")
