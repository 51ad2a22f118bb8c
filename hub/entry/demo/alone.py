"""One demonstration a folder: a lock while it runs, and leftovers of one that died."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from hub.errors import RequestInvalid

_ENDED = 10.0  # seconds a leftover is given to end by itself


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the folder's lock; raises ``RequestInvalid`` while another run holds it.

    The lock goes with its process, however that ends.
    """
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / f"{home.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RequestInvalid(
                "此文件夹中已有演示在运行；请先在其终端按 Ctrl-C，或换一个文件夹",
                "A demonstration is running in this folder; end it with Ctrl-C in its "
                "terminal first, or use another folder",
                where=str(home),
            ) from error
        yield


def end_leftovers(book: Path) -> list[str]:
    """End what an earlier run that was killed left behind; returns the names."""
    found = {name: _ours(row) for name, row in processes(book).items()}
    left = {name: process for name, process in found.items() if process}
    for process in left.values():
        process.terminate()
    _, stubborn = psutil.wait_procs(list(left.values()), timeout=_ENDED)
    for process in stubborn:
        process.kill()
    book.unlink(missing_ok=True)
    return sorted(left)


def processes(book: Path) -> dict[str, dict[str, object]]:
    """name -> {pid, command} of the processes that a run wrote down."""
    if not book.exists():
        return {}
    told: dict[str, dict[str, object]] = json.loads(book.read_text("utf-8"))
    return told


def running(book: Path, name: str) -> psutil.Process | None:
    """The named process of the run in this folder, if it is there."""
    row = processes(book).get(name)
    return _ours(row) if row else None


def _ours(row: dict[str, object]) -> psutil.Process | None:
    """The process, unless its number belongs to somebody else by now."""
    try:
        process = psutil.Process(int(str(row["pid"])))
        return process if process.cmdline() == row["command"] else None
    except psutil.Error:
        return None
