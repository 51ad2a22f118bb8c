"""A worker over one endpoint and a folder of rules, in a process of its own.

``python -m tests.flow.replay_worker DATABASE FOLDER ENDPOINT ADDRESS FAILPOINT``
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from hub.contract.endpoint import Endpoint
from hub.engine.failpoint import arm
from hub.engine.hub import Hub
from hub.engine.lanes import Beat
from hub.engine.registry import Registry
from hub.engine.retry import Pace
from hub.engine.rules import RuleBook
from hub.entry.worker import keep_working
from hub.store.database import Database
from tests.flow.city import ROOT

PACE = Pace(batch=5, first_wait=0.2, longest_wait=1.0)
BEAT = Beat(jobs=2, poll=0.2, heartbeat=0.5, silence=3.0, farewell=5.0)


async def main(
    url: str, folder: str, endpoint: str, address: str, failpoint: str
) -> None:
    """Work until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    if failpoint:
        arm(failpoint)
    told = Endpoint(endpoint, "police_case", "POLICE-421300", address, every=86_400.0)
    registry = Registry.load(ROOT / "adapters", [told])
    database = Database.open(url, pool=6)
    hub = Hub(database, RuleBook.open(Path(folder)), registry)
    await keep_working(hub, PACE, BEAT, stop, sweep_every=1.0)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:6]))
