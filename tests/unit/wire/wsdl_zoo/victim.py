"""One call to a hostile server, in a process whose memory and time are measured.

``python -m tests.unit.wire.wsdl_zoo.victim ADDRESS NAME`` calls once and prints what
came of it as JSON. It may use 30 seconds of processor time and then it is killed.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

from hub.errors import AgencyError, HubError
from hub.wire.business import BusinessFaults
from hub.wire.http import Http
from hub.wire.soap import Soap

WSDL = Path(__file__).parent / "shapes" / "wrapped" / "service.wsdl"
MAX_BYTES = 8_000_000
CPU_SECONDS = 30
DEADLINE = 15.0
NO_FAULTS = BusinessFaults({}, ())


def peak() -> int:
    """The most memory this process held since it was reset, in bytes."""
    told = Path("/proc/self/status").read_text("utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", told)
    return int(found.group(1)) * 1024 if found else 0


def forget_peak() -> int:
    """Reset the peak; what is held now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5", "utf-8")
    return peak()


async def suffer(address: str, name: str, deadline: float) -> dict[str, Any]:
    """Call once; what came of it."""
    http = Http("victim", deadline=deadline, max_bytes=MAX_BYTES)
    async with http, Soap(http, WSDL, f"{address}/{name}", NO_FAULTS) as soap:
        before, clock, cpu = forget_peak(), time.monotonic(), time.process_time()
        told: dict[str, Any] = {"code": "", "kept": 0}
        try:
            _, tree = await soap.call("Ask", Ah="1")
            told["tree"] = tree if len(str(tree)) < 10_000 else None
        except HubError as error:
            told["code"] = error.code
            told["message"] = f"{error.message.zh} {error.message.en} {error.detail}"
            if isinstance(error, AgencyError):
                told["kept"] = len(error.body)
        told["grown"] = peak() - before
        told["seconds"] = time.monotonic() - clock
        told["cpu"] = time.process_time() - cpu
    return told


def main() -> None:
    """Call and print."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    address, name = sys.argv[1:]
    deadline = 2.0 if name == "trickle" else DEADLINE
    sys.stdout.write(json.dumps(asyncio.run(suffer(address, name, deadline))))


if __name__ == "__main__":
    main()
