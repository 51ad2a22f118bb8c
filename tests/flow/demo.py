"""The demonstration as a process, watched through what it prints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STAYS = "按 Ctrl-C 结束"


@dataclass(slots=True)
class Demo:
    """A running ``hub run`` in a folder of its own."""

    folder: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """Where it keeps its data."""
        return self.folder / "var" / "demo"

    @property
    def text(self) -> str:
        """Everything it printed so far."""
        return "".join(self.lines)

    def until(self, words: str) -> None:
        """Wait until it printed these words; fails if it ended before."""
        while words not in self.text:
            assert self.process.poll() is None, self.text + self._logs()
            time.sleep(0.05)

    def pid(self, name: str) -> int:
        """The process number of one of its children."""
        found = json.loads((self.home / "processes.json").read_text())
        return int(found[name]["pid"])

    def address(self, system: str) -> str:
        """Where a simulated agency listens, or the hub (``hub``)."""
        ports = json.loads((self.home / "ports.json").read_text("utf-8"))
        return f"http://127.0.0.1:{ports[system]}"

    def look(self, system: str, path: str) -> Any:
        """What a simulated agency tells of itself."""
        with urllib.request.urlopen(self.address(system) + path, timeout=20) as answer:
            return json.load(answer)

    def ask(self, agency: str, query: str, **variables: Any) -> Any:
        """A GraphQL operation as an agency; returns the whole answer."""
        request = urllib.request.Request(
            f"{self.address('hub')}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={
                "content-type": "application/json",
                "authorization": f"Bearer {self.token(agency)}",
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def token(self, agency: str) -> str:
        """What ``hub token`` prints for the running demonstration."""
        return self.command("token", agency).stdout.strip()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command line of the hub in the demonstration's folder."""
        return subprocess.run(
            [sys.executable, "-m", "hub.entry", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def _logs(self) -> str:
        logs = (self.home / "logs").glob("*.log")
        return "".join(f"\n== {p.name}\n{p.read_text('utf-8')[-2000:]}" for p in logs)


@contextmanager
def open_demo(folder: Path, *arguments: str) -> Iterator[Demo]:
    """Start the demonstration; it ends with the block, whatever happens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hub.entry", "run", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    demo = Demo(folder, process)
    reader = threading.Thread(target=_read, args=(demo,), daemon=True)
    reader.start()
    try:
        yield demo
    finally:
        if process.poll() is None:
            demo.interrupt()
        reader.join(10)
        assert process.stdout is not None
        process.stdout.close()


def _read(demo: Demo) -> None:
    assert demo.process.stdout is not None
    for line in demo.process.stdout:
        demo.lines.append(line)
