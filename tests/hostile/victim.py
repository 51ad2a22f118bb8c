"""Reads hostile bytes in a process whose memory and time are limited and measured.

``python -m tests.hostile.victim SYSTEM FORM GOOD MEDIA KEY`` makes every hostile body
out of the good file, gives each to the adapter's ``read``, and prints a line of JSON
for each. Memory is limited by ``RLIMIT_AS``; peaks are the kernel's, taken anew for
every body after it was made.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from hub.contract.adapter import Adapter
from hub.contract.messages import RawRecord
from hub.engine.registry import adapter_class, load_manifests
from hub.errors import HubError
from tests.hostile import bodies
from tests.unit.wire.wsdl_zoo.victim import forget_peak, peak

ROOT = Path(__file__).parents[2]
#: address space beyond what the process has when it begins, in bytes; a process that
#: asks for more than that gets a MemoryError, which is no house error
ROOM = 1_500_000_000
CPU_SECONDS = 300


def suffer(adapter: Adapter, raw: RawRecord) -> dict[str, Any]:
    """Read once; what came of it and what it cost."""
    gc.collect()
    before, clock, told = forget_peak(), time.process_time(), {"code": ""}
    try:
        adapter.read(raw)
    except HubError as error:
        told["code"] = error.code
        told["said"] = f"{error.message.zh} {error.message.en} {error.detail}"[:300]
    except BaseException as error:  # noqa: BLE001 - this is what is asked
        told["code"] = f"!{type(error).__name__}"
        told["said"] = str(error)[:300]
    cost = {"grown": peak() - before, "cpu": time.process_time() - clock}
    return told | cost | {"size": len(raw.body)}


def main() -> None:
    """Every body in turn."""
    system, form, path, media, key = sys.argv[1:]
    manifest = load_manifests(ROOT / "adapters")[system]
    kind = adapter_class(manifest)
    adapter = kind.__new__(kind)
    good = Path(path).read_bytes()
    assert adapter.read(RawRecord("case", key, good, media))
    space = int(Path("/proc/self/statm").read_text("utf-8").split()[0]) * 4096
    resource.setrlimit(resource.RLIMIT_AS, (space + ROOM, space + ROOM))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    warnings.simplefilter("ignore")  # zipfile's, about the archives made here
    for name, make in bodies.of(form, good).items():
        raw = RawRecord("case", key, make(good), media)
        found = {"name": name} | suffer(adapter, raw)
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        del raw


if __name__ == "__main__":
    main()
