"""A system's own simulator, started the way the contract tests start it.

The simulators belong to the tests and are no part of what is shipped: where there is
no ``tests`` folder, an endpoint has to be configured.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.contract.endpoint import Endpoint
from hub.entry.place import ROOT
from hub.errors import NotFound

#: cases of the invented world: enough for a page and its oddities
CASES = 60


@contextmanager
def simulated(system: str) -> Iterator[Endpoint]:
    """The endpoint of a freshly started simulator.

    Raises ``NotFound`` where there is none, or where this machine cannot run it.
    """
    bench = ROOT / "tests" / "adapters" / system / "bench.py"
    if not bench.exists():
        raise NotFound(
            f"没有配置系统 {system} 的接入点，也没有它的模拟系统",
            f"No endpoint of {system} is configured, and it has no simulator here",
            where=f"tests/adapters/{system}/bench.py",
        )
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    subjects = importlib.import_module("tests.adapters.subject")
    if told := subjects.lacking(system):
        raise NotFound(
            f"系统 {system} 的模拟系统不能在本机运行：{told}",
            f"The simulator of {system} cannot run on this machine: {told}",
            where=f"tests/adapters/{system}/bench.py",
        )
    with tempfile.TemporaryDirectory(prefix="hub-try-") as folder:
        subject = subjects.start(system, Path(folder), CASES)
        try:
            yield subject.endpoint
        finally:
            subject.running.stop()
