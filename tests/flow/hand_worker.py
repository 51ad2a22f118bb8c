"""A worker on the test receiver, in a process of its own, to be killed at will.

``python -m tests.flow.hand_worker DATABASE ADDRESS CAN,CAN FAILPOINT``
"""

from __future__ import annotations

import asyncio
import signal
import sys

from hub.engine.failpoint import arm
from hub.engine.lanes import Beat
from hub.engine.retry import Pace
from hub.entry.worker import keep_working
from hub.store.database import Database
from tests.flow.mill import build_hub

#: quick, so that the tests need not wait for an hour
PACE = Pace(
    batch=5, first_wait=0.2, longest_wait=2.0, knock=1.0, ask_first=0.2, ask_longest=1.0
)
BEAT = Beat(jobs=8, poll=0.2, heartbeat=0.5, silence=3.0, farewell=5.0)


async def main(url: str, address: str, can: str, failpoint: str) -> None:
    """Work until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    if failpoint:
        arm(failpoint)
    database = Database.open(url, pool=8)
    hub = build_hub(database, address, can=tuple(filter(None, can.split(","))))
    await keep_working(hub, PACE, BEAT, stop, sweep_every=2.0)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
