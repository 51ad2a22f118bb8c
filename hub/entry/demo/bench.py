"""Single simulated agencies, by hand: listed, stopped and started again.

In the folder of a running demonstration they are its own, with its ports, data and
secrets; elsewhere one starts on a port and a folder of its own.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from hub.entry import terminal
from hub.entry.demo.alone import processes, running
from hub.entry.demo.place import PORTS, ROOT
from hub.entry.demo.processes import python
from hub.errors import RequestInvalid

BOOK = Path("var/demo/processes.json")


def listing(known: Sequence[str]) -> None:
    """Print the simulators, and which of them the demonstration here runs."""
    out = terminal.console()
    for name in known:
        process = running(BOOK, name)
        state = f"运行中 running, pid {process.pid}" if process else "-"
        out.print(f"{name:18} {state}")


def stop(name: str) -> None:
    """End a simulator of the demonstration here; raises ``RequestInvalid``."""
    process = running(BOOK, name)
    if process is None:
        raise RequestInvalid(
            f"此文件夹的演示没有运行中的 {name}",
            f"No demonstration in this folder runs {name}",
            where="NAME",
        )
    process.terminate()
    process.wait(10)
    terminal.console().print(
        f"{name} 已停止；重新启动：.venv/bin/hub simulators {name}\n"
        f"{name} is stopped; start it again: .venv/bin/hub simulators {name}"
    )


def start(name: str, port: int, data: Path) -> int:
    """Run a simulator in the foreground until Ctrl-C; returns its exit code."""
    process = running(BOOK, name)
    if process is not None and not port:
        raise RequestInvalid(
            f"{name} 已在运行（pid {process.pid}）",
            f"{name} is running already (pid {process.pid})",
            where="NAME",
        )
    told = processes(BOOK).get(name)
    if told and not port:
        command = [str(word) for word in told["command"]]  # type: ignore[attr-defined]
    else:
        command = python("-m", "tests.simulators", name)
        command += ["--port", str(port or PORTS[name]), "--data", str(data / name)]
    terminal.console().print(
        f"{name} 在前台运行，按 Ctrl-C 结束 / runs until Ctrl-C: "
        f"{command[command.index('--port') + 1]}"
    )
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        return subprocess.run(command, env=surroundings, check=False).returncode  # noqa: S603 - our own words
    except KeyboardInterrupt:
        return 0
