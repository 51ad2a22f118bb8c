"""Files left in a shared folder: found by their marker, put there whole or not at all.

The folder is usually a mount that a gap device fills, so it can vanish, hang, fill
up, show a marker before its data, or show half a file. Every call runs in a thread
with a deadline; the far side's clock is never trusted further than it must be.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from hub.errors import (
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
    AgencyUnreachable,
)
from hub.wire.listening import Heard, is_heard, tell

T = TypeVar("T")

_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Left:
    """A file set somebody left: a marker, and the data beside it if it is there.

    ``stamp`` changes whenever marker or data are written again; ``touched`` is
    the newest of their modification times in seconds since 1970, by the clock of
    whoever wrote them; ``size`` is the data's in bytes, ``None`` without data.
    """

    name: str
    stamp: str
    touched: float
    size: int | None


class Folder:
    """One directory of a pair. Raises only leaves of ``AgencyError``."""

    def __init__(
        self,
        path: Path,
        *,
        endpoint: str,
        data: str = ".zip",
        marker: str = ".ok",
        deadline: float = 15.0,
        max_bytes: int = 200_000_000,
    ) -> None:
        """``deadline`` in seconds for one call, ``max_bytes`` read of one file."""
        self.path = path
        self.endpoint = endpoint
        self._data = data
        self._marker = marker
        self._deadline = deadline
        self._max_bytes = max_bytes

    async def left(self) -> tuple[Left, ...]:
        """Every file set with a marker, oldest first."""
        found = await self._run(self._left)
        if is_heard():
            names = "\n".join(one.name for one in found).encode()
            said = f"LIST {self.path}"
            tell(Heard("drop", said, f"{len(found)} left", body=names))
        return found

    async def is_bare(self) -> bool:
        """Is there nothing at all, as under a mount point that lost its mount?"""
        return await self._run(lambda: not list(self.path.iterdir()))

    async def take(self, name: str) -> bytes | None:
        """The bytes of one file, at most ``max_bytes``.

        ``None`` if it is not there or was written to while it was read.
        """
        found = await self._run(lambda: self._take(self.path / name))
        if is_heard():
            status = "" if found is None else f"{len(found)} bytes"
            error = "not there, or being written" if found is None else ""
            tell(Heard("drop", f"TAKE {name}", status, error, body=found or b""))
        return found

    async def touched(self, name: str) -> float | None:
        """When a file was last written or moved here; ``None`` without it."""
        return await self._run(lambda: self._touched(self.path / name))

    async def put(self, name: str, body: bytes) -> None:
        """Leave data whole, then its marker; what stood there is replaced.

        A crash in between leaves data without a marker, which nobody takes.
        """
        await self._run(lambda: self._put(name, body))

    async def check(self, *, writable: bool) -> None:
        """Is the folder there, and may we do in it what we have to do?"""
        await self._run(lambda: self._check(writable))

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(self._deadline):
                return await asyncio.to_thread(work)
        except OSError as error:  # TimeoutError is one
            raise self._translated(error) from error

    def _translated(self, error: OSError) -> AgencyError:
        detail = type(error).__name__
        if isinstance(error, PermissionError):
            return AgencyLoginRefused(
                "无权读写交换目录",
                "The exchange folder may not be read or written by this account",
                endpoint=self.endpoint,
                detail=detail,
            )
        if error.errno in _FULL:
            return AgencyBusy(
                "交换目录已满",
                "The exchange folder is full",
                endpoint=self.endpoint,
                detail=detail,
            )
        return AgencyUnreachable(
            "交换目录不可用",
            "The exchange folder cannot be reached",
            endpoint=self.endpoint,
            detail=detail,
        )

    def _left(self) -> tuple[Left, ...]:
        with os.scandir(self.path) as entries:
            stats = {entry.name: entry.stat() for entry in entries if entry.is_file()}
        found = [
            self._described(name.removesuffix(self._marker), stats)
            for name in stats
            if name.endswith(self._marker) and not name.startswith(".")
        ]
        return tuple(sorted(found, key=lambda left: (left.touched, left.name)))

    def _described(self, name: str, stats: dict[str, os.stat_result]) -> Left:
        marker = stats[name + self._marker]
        data = stats.get(name + self._data)
        if data is None:
            return Left(name, f"{marker.st_mtime_ns}//", marker.st_mtime, None)
        stamp = f"{marker.st_mtime_ns}/{data.st_mtime_ns}/{data.st_size}"
        touched = max(marker.st_mtime, data.st_mtime)
        return Left(name, stamp, touched, data.st_size)

    def _take(self, path: Path) -> bytes | None:
        try:
            with path.open("rb") as file:
                before = os.fstat(file.fileno())
                body = file.read(self._max_bytes)
                after = path.stat()
        except FileNotFoundError:
            self.path.stat()  # the file may be missing, the folder may not
            return None
        same = (before.st_ino, before.st_size, before.st_mtime_ns) == (
            after.st_ino,
            after.st_size,
            after.st_mtime_ns,
        )
        return body if same else None

    def _touched(self, path: Path) -> float | None:
        try:
            found = path.stat()
        except FileNotFoundError:
            self.path.stat()
            return None
        return max(found.st_mtime, found.st_ctime)  # a move only changes the second

    def _put(self, name: str, body: bytes) -> None:
        marker = self.path / f"{name}{self._marker}"
        marker.unlink(missing_ok=True)
        _write(self.path / f"{name}{self._data}", body)
        _write(marker, b"")

    def _check(self, writable: bool) -> None:
        needed = os.R_OK | os.X_OK | (os.W_OK if writable else 0)
        self.path.stat()
        if not os.access(self.path, needed):
            raise PermissionError(errno.EACCES, "exchange folder")


def _write(path: Path, body: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # network file systems refuse it, and keep order anyway
            os.fsync(handle)
    finally:
        os.close(handle)
