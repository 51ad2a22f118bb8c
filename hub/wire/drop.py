"""Files left in a shared folder: found by their marker, put there whole or not at all.

The folder is usually a mount that a gap device fills, so it can vanish, hang, fill
up, show a marker before its data, or show half a file. Every call runs in a thread
with a deadline; the far side's clock is never trusted further than it must be.
"""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from hub.errors import (
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
    AgencyUnreachable,
)

T = TypeVar("T")

#: a link, a folder or a device in the place of a file
_NO_FILE = (errno.ELOOP, errno.EISDIR, errno.ENXIO)
_SECOND = 1_000_000_000
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


class Exchange(Protocol):
    """One directory of a pair, wherever it is: ``Folder`` here, ``SftpFolder`` there.

    Raises only leaves of ``AgencyError``.
    """

    async def left(self) -> tuple[Left, ...]:
        """Every file set with a marker, oldest first."""

    async def is_bare(self) -> bool:
        """Is there nothing at all?"""

    async def take(self, name: str) -> bytes | None:
        """The bytes of one file; ``None`` without it or while it is written."""

    async def touched(self, name: str) -> float | None:
        """When a file was last written or moved here; ``None`` without it."""

    async def put(self, name: str, body: bytes) -> None:
        """Leave data whole, then its marker; what stood there is replaced."""

    async def check(self, *, writable: bool) -> None:
        """Is it there, and may we do in it what we have to do?"""


class Folder:
    """One directory of a pair on a disk or mount. Links are never followed."""

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
        return await self._run(self._left)

    async def is_bare(self) -> bool:
        """Is there nothing at all, as under a mount point that lost its mount?"""
        return await self._run(lambda: not list(self.path.iterdir()))

    async def take(self, name: str) -> bytes | None:
        """The bytes of one file, at most ``max_bytes``.

        ``None`` if it is not there or was written to while it was read.
        """
        return await self._run(lambda: self._take(self.path / name))

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
            stats = {
                entry.name: entry.stat(follow_symlinks=False)
                for entry in entries
                if entry.is_file(follow_symlinks=False)
            }
        plain = {
            name: (found.st_mtime_ns, found.st_size) for name, found in stats.items()
        }
        return described(plain, data=self._data, marker=self._marker)

    def _take(self, path: Path) -> bytes | None:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return None
                before = os.fstat(file.fileno())
                body = file.read(self._max_bytes)
                after = path.stat()
        except FileNotFoundError:
            self.path.stat()  # the file may be missing, the folder may not
            return None
        except OSError as error:
            if error.errno in _NO_FILE:
                return None
            raise
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


def described(
    plain: Mapping[str, tuple[int, int]], *, data: str, marker: str
) -> tuple[Left, ...]:
    """The file sets among plain files told by name as (modified, size), oldest first.

    Modified is in nanoseconds since 1970, size in bytes. A name that begins with a dot
    is somebody's half-written file.
    """
    found = [
        _set_of(name.removesuffix(marker), plain, data, marker)
        for name in plain
        if name.endswith(marker) and not name.startswith(".")
    ]
    return tuple(sorted(found, key=lambda left: (left.touched, left.name)))


def _set_of(
    name: str, plain: Mapping[str, tuple[int, int]], data: str, marker: str
) -> Left:
    marked, _ = plain[name + marker]
    found = plain.get(name + data)
    if found is None:
        return Left(name, f"{marked}//", marked / _SECOND, None)
    stamp = f"{marked}/{found[0]}/{found[1]}"
    return Left(name, stamp, max(marked, found[0]) / _SECOND, found[1])


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
