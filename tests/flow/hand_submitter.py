"""A door in a process of its own: it submits one hand-over and says so, or dies.

``python -m tests.flow.hand_submitter DATABASE ADDRESS NUMBER KEY FAILPOINT``
"""

from __future__ import annotations

import asyncio
import sys

from hub.engine.accept import accept
from hub.engine.failpoint import arm
from hub.store.database import Database
from tests.flow.mill import POLICE, build_hub, draft


async def main(url: str, address: str, number: str, key: str, failpoint: str) -> None:
    """Submit, and print the transfer's id once it is committed."""
    if failpoint:
        arm(failpoint)
    database = Database.open(url, pool=2)
    hub = build_hub(database, address)
    done = await accept(hub, POLICE, draft(number, key))
    sys.stdout.write(f"{done.transfer_id} {done.is_repeat}\n")
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:6]))
