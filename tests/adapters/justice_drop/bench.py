"""How the contract tests reach the simulated justice bureau."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from pathlib import Path

from hub.contract.endpoint import Endpoint
from tests.simulators.launch import Running

HAS_LOGIN = False
EXEMPT = {
    "E3-05": "it lists file sets and no times: none can be older than what was taken",
    "contract.unknown_code": "its codes come in receipt files (test_exchange.py asks)",
    "pull.changed_content": "a change is a new file set under a name of its own",
    "F24": "a folder has no pages",
}


def settings(data: Path) -> dict[str, str]:
    """It only works when it is told to, so a test knows what has happened."""
    return {
        "outbox": str(data / "out"),
        "inbox": str(data / "in"),
        "batch": "manual",
    }


def endpoint(running: Running) -> Endpoint:
    """The directory pair of a running bureau; asks again without patience."""
    return Endpoint(
        code="justice-suizhou",
        system="justice_drop",
        agency="JUSTICE-421300",
        address=running.data.as_uri(),
        serves=("JUSTICE-421381", "JUSTICE-421303", "JUSTICE-421321"),
        options={
            "outbox": str(running.data / "out"),
            "inbox": str(running.data / "in"),
            "patience": "0",
        },
    )


async def settle(running: Running) -> None:
    """Let the bureau work through its inbox once, and lose or find its mount."""
    order = json.dumps({"do": "batch"}).encode()
    await asyncio.to_thread(_post, running, order)


def _post(running: Running, order: bytes) -> None:
    address = f"{running.address}/_sim/act"
    urllib.request.urlopen(address, order, timeout=60).close()
