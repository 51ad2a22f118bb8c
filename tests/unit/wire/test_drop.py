import os
import time
from pathlib import Path

import pytest

from hub.errors import AgencyBusy, AgencyLoginRefused, AgencyUnreachable
from hub.wire.drop import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, endpoint="drop-test")


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_what_is_put_is_left_with_its_marker(
    folder: Folder, tmp_path: Path
) -> None:
    await folder.put("A1", b"data")
    assert _names(tmp_path) == {"A1.zip", "A1.ok"}
    (left,) = await folder.left()
    assert (left.name, left.size) == ("A1", 4)
    assert await folder.take("A1.zip") == b"data"


async def test_data_without_a_marker_is_not_left(
    folder: Folder, tmp_path: Path
) -> None:
    (tmp_path / "A1.zip").write_bytes(b"half")
    assert await folder.left() == ()
    assert not await folder.is_bare()


async def test_a_marker_without_data_is_told_as_such(
    folder: Folder, tmp_path: Path
) -> None:
    (tmp_path / "A1.ok").touch()
    (left,) = await folder.left()
    assert left.size is None
    assert await folder.take("A1.zip") is None


async def test_oldest_comes_first_and_a_second_writing_changes_the_stamp(
    folder: Folder, tmp_path: Path
) -> None:
    await folder.put("new", b"1")
    await folder.put("old", b"2")
    for ending in ("zip", "ok"):
        os.utime(tmp_path / f"old.{ending}", (1_000, 1_000))
    before = await folder.left()
    assert [left.name for left in before] == ["old", "new"]
    os.utime(tmp_path / "old.ok", (2_000, 2_000))
    after = await folder.left()
    assert after[0].stamp != before[0].stamp
    assert after[1] == before[1]


async def test_a_file_is_read_no_further_than_allowed(tmp_path: Path) -> None:
    folder = Folder(tmp_path, endpoint="drop-test", max_bytes=3)
    await folder.put("A1", b"12345")
    assert await folder.take("A1.zip") == b"123"


async def test_a_folder_that_is_gone_is_unreachable(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "unmounted", endpoint="drop-test")
    for call in (
        folder.left(),
        folder.take("A1.zip"),
        folder.touched("done/A1.zip"),
        folder.put("A1", b""),
        folder.check(writable=False),
        folder.is_bare(),
    ):
        with pytest.raises(AgencyUnreachable) as caught:
            await call
        assert caught.value.endpoint == "drop-test"
    assert not (tmp_path / "unmounted").exists()


async def test_a_folder_we_may_not_write_to_is_a_login_refused(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)
    await folder.check(writable=False)
    with pytest.raises(AgencyLoginRefused):
        await folder.check(writable=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
async def test_a_full_folder_is_busy_and_leaves_nothing(
    folder: Folder, tmp_path: Path
) -> None:
    (tmp_path / ".A1.zip.part").symlink_to("/dev/full")
    with pytest.raises(AgencyBusy):
        await folder.put("A1", b"data")
    assert _names(tmp_path) == set()


async def test_a_folder_that_hangs_is_unreachable(tmp_path: Path) -> None:
    fifo = tmp_path / ".A1.zip.part"
    os.mkfifo(fifo)
    folder = Folder(tmp_path, endpoint="drop-test", deadline=0.05)
    with pytest.raises(AgencyUnreachable):
        await folder.put("A1", b"data")
    os.close(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK))  # lets the thread go


@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
async def test_what_is_no_plain_file_is_neither_listed_nor_read(
    folder: Folder, tmp_path: Path, kind: str
) -> None:
    secret = tmp_path.parent / f"secret-{kind}"
    secret.write_bytes(b"not yours")
    for ending in ("zip", "ok"):
        place = tmp_path / f"A1.{ending}"
        if kind == "link":
            place.symlink_to(secret)
        elif kind == "fifo":
            os.mkfifo(place)
        else:
            place.mkdir()
    assert await folder.left() == ()
    assert await folder.take("A1.zip") is None


async def test_a_move_counts_as_being_touched(folder: Folder, tmp_path: Path) -> None:
    await folder.put("A1", b"data")
    os.utime(tmp_path / "A1.zip", (1_000, 1_000))
    (tmp_path / "done").mkdir()
    (tmp_path / "A1.zip").rename(tmp_path / "done" / "A1.zip")
    touched = await folder.touched("done/A1.zip")
    assert touched is not None
    assert touched > time.time() - 3600
    assert await folder.touched("done/B2.zip") is None
