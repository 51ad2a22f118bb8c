"""The demonstration's processes: started, watched, started again, ended together."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hub.errors import SettingInvalid

_ENDED = 10.0  # seconds a process is given to end by itself


@dataclass(slots=True)
class Child:
    """One process of the demonstration and how to start it again."""

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str]
    is_kept_up: bool = False
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its output goes to its log file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter
                self.command,
                stdout=sink,
                stderr=sink,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )

    @property
    def is_running(self) -> bool:
        """Is it there?"""
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        """Send it a polite signal."""
        if self.process and self.is_running:
            self.process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        """Wait for it, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(_ENDED)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(slots=True)
class Supervisor:
    """Everything that the demonstration started."""

    book: Path
    children: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> Child:
        """Start a child, remember it and write its process number down."""
        child.start()
        self.children.append(child)
        self._write_down()
        return child

    def _write_down(self) -> None:
        told = {
            child.name: {"pid": child.process.pid, "command": child.command}
            for child in self.children
            if child.process
        }
        self.book.write_text(json.dumps(told, indent=1) + "\n")
        self.book.chmod(0o600)

    async def watch(self) -> None:
        """Start again what is to be kept up and fell; until cancelled."""
        while True:
            for child in self.children:
                # looking is what takes an ended child off the system's list
                if not child.is_running and child.is_kept_up:
                    child.start()
                    self._write_down()
            await asyncio.sleep(0.5)

    def stop(self) -> None:
        """End all, those that came last first."""
        self.book.unlink(missing_ok=True)
        for child in reversed(self.children):
            child.ask_to_end()
        for child in reversed(self.children):
            child.end()


async def until_open(child: Child, port: int, *, seconds: float = 60.0) -> None:
    """Wait until a port answers; raises ``SettingInvalid`` if the child ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if _answers(port):
            return
        if not child.is_running and not child.is_kept_up:
            break
        await asyncio.sleep(0.05)
    raise SettingInvalid(
        f"{child.name} 没有启动，请查看日志 {child.log}",
        f"{child.name} did not start; see its log {child.log}",
        where=child.name,
    )


def choose_ports(wanted: Mapping[str, int]) -> dict[str, int]:
    """The wanted ports where they are free, any free one otherwise."""
    chosen = {}
    for name, port in wanted.items():
        chosen[name] = port if _is_free(port) else _any_port()
    return chosen


def python(*arguments: str) -> list[str]:
    """A command line of this interpreter."""
    return [sys.executable, *arguments]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
