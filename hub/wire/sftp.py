"""Files left in a folder behind SFTP: the same as a shared folder, over SSH.

The host's key is pinned: it stands in the endpoint's options, and no other is
trusted, learnt or asked about. Nothing of the account that runs the hub is used, be
it keys, agent or configuration. Links are never followed.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar, cast
from urllib.parse import urlsplit

import asyncssh

from hub.errors import AgencyAnswerUnreadable, AgencyUnreachable, SettingInvalid
from hub.wire.drop import Left, described
from hub.wire.faults import FOREIGN, translate

Done = TypeVar("Done")

_CHUNK = 262_144
#: names in one folder; more than these nobody clears away
_MOST_NAMES = 200_000
_SECOND = 1_000_000_000
_MISSING = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)


class Sftp:
    """One SSH connection to one endpoint; enter it before use."""

    def __init__(
        self,
        address: str,
        *,
        endpoint: str,
        host_key: str,
        password: str = "",
        private_key: str = "",
        deadline: float = 15.0,
    ) -> None:
        """``address`` is ``sftp://account@host:port``; ``host_key`` a line of OpenSSH.

        Raises ``SettingInvalid`` for a key or address that is none.
        """
        self.endpoint = endpoint
        self.deadline = deadline
        told = _address(address, endpoint)
        self._host, self._port, self._account = told
        self._pinned = _pinned(host_key, endpoint)
        self._password = password or None
        self._keys = [_private(private_key, endpoint)] if private_key else None
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    async def __aenter__(self) -> Self:
        """Connect and log in; raises leaves of ``AgencyError``."""
        await self.within(self._open())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            connection.abort()
            with suppress(*FOREIGN):
                async with asyncio.timeout(self.deadline):
                    await connection.wait_closed()

    @property
    def client(self) -> asyncssh.SFTPClient:
        """The open session."""
        if self._client is None:
            raise RuntimeError("enter the Sftp before using it")
        return self._client

    async def within(self, work: Coroutine[Any, Any, Done]) -> Done:
        """Do it within the deadline; foreign exceptions leave as house errors."""
        try:
            async with asyncio.timeout(self.deadline):
                return await work
        except FOREIGN as error:
            raise translate(error, endpoint=self.endpoint) from error

    async def _open(self) -> None:
        self._connection = await asyncssh.connect(
            self._host,
            self._port,
            username=self._account,
            password=self._password,
            client_keys=self._keys,
            known_hosts=([self._pinned], [], []),
            config=None,
            agent_path=None,
            gss_kex=False,
            gss_auth=False,
            connect_timeout=self.deadline,
            login_timeout=self.deadline,
            keepalive_interval=self.deadline,
        )
        self._client = await self._connection.start_sftp_client(
            path_encoding="utf-8", path_errors="surrogateescape"
        )


class SftpFolder:
    """One directory of a pair, as ``hub.wire.drop.Folder`` is one."""

    def __init__(
        self,
        sftp: Sftp,
        path: str,
        *,
        data: str = ".zip",
        marker: str = ".ok",
        max_bytes: int = 200_000_000,
    ) -> None:
        """``path`` on the far side; ``max_bytes`` read of one file."""
        self._sftp = sftp
        self._path = path.rstrip("/")
        self._data = data
        self._marker = marker
        self._max_bytes = max_bytes

    async def left(self) -> tuple[Left, ...]:
        """Every file set with a marker, oldest first."""
        return await self._sftp.within(self._left())

    async def is_bare(self) -> bool:
        """Is there nothing at all, as under a mount point that lost its mount?"""
        return not await self._sftp.within(self._names())

    async def take(self, name: str) -> bytes | None:
        """The bytes of one file, at most ``max_bytes``.

        ``None`` if it is not there, is no plain file, or was written to meanwhile.
        """
        return await self._sftp.within(self._take(self._place(name)))

    async def touched(self, name: str) -> float | None:
        """When a file was last written; ``None`` without it."""
        found = await self._sftp.within(self._found(self._place(name)))
        return None if found is None else float(found.mtime or 0)

    async def put(self, name: str, body: bytes) -> None:
        """Leave data whole, then its marker; what stood there is replaced."""
        await self._sftp.within(self._put(name, body))

    async def check(self, *, writable: bool) -> None:
        """Is the folder there, and may we do in it what we have to do?

        Rights are the far side's to know, so ``writable`` leaves a file and takes it
        away again.
        """
        await self._sftp.within(self._check(writable))

    async def _left(self) -> tuple[Left, ...]:
        names = await self._names()
        plain = {
            name: (int(found.mtime or 0) * _SECOND, int(found.size or 0))
            for name, found in names.items()
            if stat.S_ISREG(found.permissions or 0)
        }
        return described(plain, data=self._data, marker=self._marker)

    async def _names(self) -> dict[str, asyncssh.SFTPAttrs]:
        found: dict[str, asyncssh.SFTPAttrs] = {}
        async for entry in self._sftp.client.scandir(self._path):
            name = str(entry.filename)
            if name not in {".", ".."}:
                found[name] = entry.attrs
            if len(found) > _MOST_NAMES:
                raise AgencyAnswerUnreadable(
                    f"交换目录中有超过 {_MOST_NAMES} 个文件",
                    f"There are more than {_MOST_NAMES} files in the exchange folder",
                    endpoint=self._sftp.endpoint,
                )
        return found

    async def _take(self, place: str) -> bytes | None:
        before = await self._found(place)
        if before is None:
            return None
        body = bytearray()
        async with self._sftp.client.open(place, "rb") as file:
            while len(body) < self._max_bytes:
                wanted = min(_CHUNK, self._max_bytes - len(body))
                part = await file.read(wanted, len(body))
                if not part:
                    break
                body += cast("bytes", part)
        after = await self._found(place)
        if after is None or (before.size, before.mtime) != (after.size, after.mtime):
            return None
        return bytes(body)

    async def _found(self, place: str) -> asyncssh.SFTPAttrs | None:
        """A plain file's attributes; a link is no file of ours."""
        try:
            found = await self._sftp.client.lstat(place)
        except _MISSING:
            await self._sftp.client.stat(self._path)  # the folder may not be missing
            return None
        return found if stat.S_ISREG(found.permissions or 0) else None

    async def _put(self, name: str, body: bytes) -> None:
        marker = self._place(f"{name}{self._marker}")
        with suppress(*_MISSING):
            await self._sftp.client.remove(marker)
        await self._write(f"{name}{self._data}", body)
        await self._write(f"{name}{self._marker}", b"")

    async def _write(self, name: str, body: bytes) -> None:
        part, place = self._place(f".{name}.part"), self._place(name)
        client = self._sftp.client
        async with client.open(part, "wb") as file:
            for start in range(0, len(body), _CHUNK):
                await file.write(body[start : start + _CHUNK], start)
            with suppress(asyncssh.SFTPOpUnsupported):
                await file.fsync()
        try:
            await client.posix_rename(part, place)
        except asyncssh.SFTPOpUnsupported:  # then a rename replaces nothing
            with suppress(*_MISSING):
                await client.remove(place)
            await client.rename(part, place)

    async def _check(self, writable: bool) -> None:
        found = await self._sftp.client.stat(self._path)
        if not stat.S_ISDIR(found.permissions or 0):
            raise AgencyUnreachable(
                "交换目录不可用",
                "The exchange folder cannot be reached",
                endpoint=self._sftp.endpoint,
            )
        if writable:
            place = self._place(".hub.part")
            async with self._sftp.client.open(place, "wb"):
                pass
            await self._sftp.client.remove(place)

    def _place(self, name: str) -> str:
        return f"{self._path}/{name}"


def _address(address: str, endpoint: str) -> tuple[str, int, str]:
    try:
        told = urlsplit(address)
        found = (told.hostname or "", told.port or 22, told.username or "")
    except ValueError:
        found = ("", 0, "")
    if not address.startswith("sftp://") or not found[0] or not found[2]:
        raise SettingInvalid(
            "地址应写作 sftp://账号@主机:端口",
            "Write the address as sftp://account@host:port",
            where=f"endpoints.{endpoint}.address",
        )
    return found


def _pinned(line: str, endpoint: str) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_public_key(line.strip())
    except (asyncssh.KeyImportError, ValueError) as error:
        raise SettingInvalid(
            "必须登记对方 SSH 主机公钥（ssh-keyscan 所得的一行，不含主机名）",
            "The SSH host's public key has to be pinned (a line of ssh-keyscan "
            "without the host's name)",
            where=f"endpoints.{endpoint}.options.host_key",
        ) from error


def _private(text: str, endpoint: str) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(text)
    except (asyncssh.KeyImportError, ValueError) as error:
        raise SettingInvalid(
            "SSH 私钥无法使用",
            "The SSH private key cannot be used",
            where=f"endpoints.{endpoint}.secrets.private_key",
        ) from error
