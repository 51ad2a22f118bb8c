"""The file drop over SFTP, against a real SSH server in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from hub.errors import (
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
    AgencyUnreachable,
    SettingInvalid,
)
from hub.wire.drop import Exchange, Folder
from hub.wire.sftp import Sftp, SftpFolder

ROOT = Path(__file__).parents[3]
OTHER_KEY = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()


@dataclass
class Server:
    """The running server: its folder as the far side sees it."""

    folder: Path
    port: int
    host_key: str
    process: subprocess.Popen[str]

    def sftp(self, **changes: object) -> Sftp:
        told = {
            "address": f"sftp://hub@127.0.0.1:{self.port}",
            "host_key": self.host_key,
            "password": "invented",
            "deadline": 10.0,
        } | changes
        return Sftp(told.pop("address"), endpoint="sftp-test", **told)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Launch(tmp_path_factory.mktemp("sftp")) as found:
        yield found


class Launch:
    def __init__(self, place: Path) -> None:
        self._folder = place / "shared"
        self._folder.mkdir()

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "tests.unit.wire.sftp_server", self._folder]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        assert self._process.stdout is not None
        port, _, key = self._process.stdout.readline().partition(" ")
        return Server(self._folder, int(port), key, self._process)

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
async def folder(server: Server) -> AsyncIterator[SftpFolder]:
    for path in sorted(server.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    async with server.sftp() as sftp:
        yield SftpFolder(sftp, "/")


def _names(server: Server) -> set[str]:
    return {path.name for path in server.folder.iterdir()}


async def test_what_is_put_is_left_with_its_marker(server, folder) -> None:
    body = os.urandom(700_001)
    await folder.put("A1", body)
    assert _names(server) == {"A1.zip", "A1.ok"}
    (left,) = await folder.left()
    assert (left.name, left.size) == ("A1", len(body))
    assert await folder.take("A1.zip") == body
    await folder.put("A1", b"again")
    assert await folder.take("A1.zip") == b"again"


async def test_both_kinds_of_folder_tell_the_same(server, folder) -> None:
    for name, moment in (("new", 2_000), ("old", 1_000), ("bare", 1_500)):
        for ending in ("ok", "zip")[: 1 if name == "bare" else 2]:
            place = server.folder / f"{name}.{ending}"
            place.write_bytes(name.encode())
            os.utime(place, (moment, moment))
    (server.folder / "half.zip").write_bytes(b"x")
    (server.folder / ".late.ok").touch()
    near: Exchange = Folder(server.folder, endpoint="near")
    far: Exchange = folder
    assert await far.left() == await near.left()
    assert [one.name for one in await far.left()] == ["old", "bare", "new"]
    for name in ("new.zip", "bare.zip", "gone.err"):
        assert await far.take(name) == await near.take(name)
        assert (await far.touched(name) is None) == (await near.touched(name) is None)
    assert not await far.is_bare()


async def test_no_more_is_read_than_allowed(server, folder) -> None:
    (server.folder / "A1.zip").write_bytes(b"x" * 1_000_000)
    async with server.sftp() as sftp:
        small = SftpFolder(sftp, "/", max_bytes=300_000)
        found = await small.take("A1.zip")
    assert found is not None
    assert len(found) == 300_000


async def test_a_link_is_neither_listed_nor_read(server, folder) -> None:
    secret = server.folder / "secret.txt"
    secret.write_bytes(b"not yours")
    for ending in ("zip", "ok"):
        (server.folder / f"A1.{ending}").symlink_to(secret)
    assert await folder.left() == ()
    assert await folder.take("A1.zip") is None


async def test_names_in_another_encoding_stop_nobody(server, folder) -> None:
    strange = os.fsencode(server.folder) + "/张三.ok".encode("gb18030")
    os.close(os.open(strange, os.O_CREAT))
    await folder.put("A1", b"data")
    assert "A1" in [one.name for one in await folder.left()]


async def test_an_empty_folder_is_bare_and_one_that_is_gone_is_unreachable(
    server, folder
) -> None:
    assert await folder.is_bare()
    async with server.sftp() as sftp:
        gone = SftpFolder(sftp, "/gone")
        for asked in (gone.left(), gone.is_bare(), gone.take("A1.zip")):
            with pytest.raises(AgencyUnreachable):
                await asked
        with pytest.raises(AgencyUnreachable):
            await gone.check(writable=False)


async def test_a_check_leaves_nothing_behind(server, folder) -> None:
    await folder.check(writable=True)
    assert _names(server) == set()


async def test_a_host_with_another_key_is_not_talked_to(server) -> None:
    with pytest.raises(AgencyUnreachable, match="not the one that was pinned"):
        async with server.sftp(host_key=OTHER_KEY):
            pass


async def test_without_a_pinned_key_there_is_no_connection(server) -> None:
    with pytest.raises(SettingInvalid) as caught:
        server.sftp(host_key="")
    assert "host_key" in caught.value.where


@pytest.mark.parametrize("address", ["", "sftp://127.0.0.1", "ftp://a@b", "sftp://[@"])
async def test_an_address_that_is_none_is_told(server, address: str) -> None:
    with pytest.raises(SettingInvalid):
        server.sftp(address=address)


async def test_a_wrong_password_is_a_login_refused(server) -> None:
    with pytest.raises(AgencyLoginRefused):
        async with server.sftp(password="wrong"):
            pass


async def test_a_key_lets_in_as_well_as_a_password(tmp_path: Path) -> None:
    own = asyncssh.generate_private_key("ssh-ed25519")
    (tmp_path / "trusted.pub").write_bytes(own.export_public_key())
    with Launch(tmp_path) as running:
        text = own.export_private_key().decode()
        async with running.sftp(password="", private_key=text) as sftp:
            await SftpFolder(sftp, "/").check(writable=True)
        with pytest.raises(SettingInvalid):
            running.sftp(private_key="no key")


async def test_a_server_that_stops_answering_is_unreachable(tmp_path: Path) -> None:
    with Launch(tmp_path) as running:
        async with running.sftp(deadline=1.0) as sftp:
            folder = SftpFolder(sftp, "/")
            running.process.send_signal(signal.SIGSTOP)
            with pytest.raises(AgencyUnreachable):
                await folder.left()
            running.process.send_signal(signal.SIGCONT)


async def test_a_server_that_dies_is_unreachable(tmp_path: Path) -> None:
    with Launch(tmp_path) as running:
        async with running.sftp() as sftp:
            folder = SftpFolder(sftp, "/")
            await folder.put("A1", b"data")
            running.process.kill()
            running.process.wait()
            with pytest.raises(AgencyUnreachable):
                await folder.put("A2", b"x" * 5_000_000)
    assert {one.name for one in (tmp_path / "shared").iterdir()} == {"A1.zip", "A1.ok"}


async def test_a_write_that_breaks_off_leaves_no_marker(server, folder) -> None:
    (server.folder / ".A1.zip.part").mkdir()
    with pytest.raises(AgencyError):
        await folder.put("A1", b"data")
    assert "A1.ok" not in _names(server)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad\r\n\r\n", b"\x00" * 70_000])
async def test_a_stranger_at_the_address_ends_in_a_house_error(said: bytes) -> None:
    async def serve(reader, writer) -> None:
        writer.write(said)
        await reader.read(100)
        writer.close()

    there = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = there.sockets[0].getsockname()[1]
    address = f"sftp://hub@127.0.0.1:{port}"
    with pytest.raises(AgencyError) as caught:
        async with Sftp(address, endpoint="x", host_key=OTHER_KEY, deadline=2.0):
            pass
    assert not isinstance(caught.value, AgencyBusy)
    there.close()
