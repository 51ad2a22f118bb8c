"""How long an author waits for ``hub check``: whole processes, as they are typed."""

import subprocess
import sys
import time
from statistics import median

import pytest

from hub.entry.place import ADAPTERS, ROOT

pytestmark = pytest.mark.bench
RUNS = 7
SYSTEMS = sorted(path.parent.name for path in ADAPTERS.glob("*/manifest.yaml"))


@pytest.mark.parametrize("system", [*SYSTEMS, ""])
def test_how_long_check_takes(system):
    took = []
    for _ in range(RUNS):
        started = time.perf_counter()
        command = [sys.executable, "-m", "hub.entry", "check", *filter(None, [system])]
        subprocess.run(command, check=False, cwd=ROOT, capture_output=True)
        took.append(time.perf_counter() - started)
    print(
        f"hub check {system or '(all)':20} median {median(took):.2f} s, "
        f"best {min(took):.2f} s, worst {max(took):.2f} s of {RUNS}"
    )
