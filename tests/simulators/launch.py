"""Start a simulated agency as a process of its own and wait until it answers."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Running:
    """A simulator that is up: where it listens and how to end it."""

    name: str
    port: int
    data: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """Its root address."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self, *, hard: bool = False) -> None:
        """End it; ``hard`` pulls the plug."""
        if hard:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait(10)


def free_port() -> int:
    """A port on loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(
    name: str,
    data: Path,
    *,
    port: int = 0,
    seed: int = 7,
    cases: int = 500,
    settings: dict[str, str] | None = None,
    log: Path | None = None,
) -> Running:
    """Start one and return once it is ready; raises ``RuntimeError`` if it dies."""
    chosen = port or free_port()
    data.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.simulators", name]
    command += ["--port", str(chosen), "--data", str(data)]
    command += ["--seed", str(seed), "--cases", str(cases)]
    for key, value in (settings or {}).items():
        command += ["--set", f"{key}={value}"]
    with (log or data / "simulator.log").open("ab") as sink:
        process = subprocess.Popen(command, cwd=ROOT, stdout=sink, stderr=sink)
    running = Running(name, chosen, data, process)
    _await(running)
    return running


def _await(running: Running) -> None:
    for _ in range(600):
        if running.process.poll() is not None:
            raise RuntimeError(
                f"{running.name} ended; see {running.data}/simulator.log"
            )
        try:
            urllib.request.urlopen(f"{running.address}/_sim/ready", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    running.stop(hard=True)
    raise RuntimeError(
        f"{running.name} did not come up; see {running.data}/simulator.log"
    )
