import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import RecordUnreadable
from hub.wire.archive import Caps, check_listing, listing, md5, pack, unpack

FILES = {
    "head.xml": b"<HEAD/>",
    "data.csv": b"a,b\r\n",
    "files/\u8bc1\u660e.pdf": b"%PDF",
}


def _zip(*members: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", packing) as archive:
        for name, body in members:
            info = zipfile.ZipInfo("x")
            info.filename = name  # as it is: writing would tidy it up
            archive.writestr(info, body, packing)
    return sink.getvalue()


def test_what_is_packed_comes_out_again() -> None:
    assert unpack(pack(FILES)) == FILES


def test_the_same_members_give_the_same_bytes() -> None:
    assert md5(pack(FILES)) == md5(pack(dict(FILES)))


def test_names_written_by_old_tools_are_read_as_gbk() -> None:
    name = "files/证明.pdf".encode("gbk")
    stand_in = b"f" * len(name)
    body = _zip((stand_in.decode() + ".pdf", b"%PDF"))
    changed = body.replace(stand_in + b".pdf", name + b".pdf")
    assert unpack(changed) == {"files/证明.pdf.pdf": b"%PDF"}


def test_folders_are_left_out() -> None:
    assert unpack(_zip(("files/", b""), ("files/a.pdf", b"x"))) == {"files/a.pdf": b"x"}


@pytest.mark.parametrize(
    "name",
    [
        "../a.pdf",
        "files/../../a.pdf",
        "/etc/a.pdf",
        "files\\a.pdf",
        "C:a.pdf",
        "a\x00.pdf",
        "a\u202efdp.pdf",
        "files//a.pdf",
        "./a.pdf",
        "a.exe",
        "README",
        "inner.zip",
        f"{'长' * 22}.pdf",
    ],
)
def test_an_unsafe_name_is_refused_without_being_shown(name: str) -> None:
    with pytest.raises(RecordUnreadable) as caught:
        unpack(_zip(("ok.pdf", b""), (name, b"x")))
    assert name not in caught.value.message.en + caught.value.detail
    assert caught.value.where in ("member[2]", "")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("twin", ["a.pdf", "A.PDF"])
def test_two_members_of_one_name_are_refused(twin: str) -> None:
    with pytest.raises(RecordUnreadable):
        unpack(_zip(("a.pdf", b"1"), (twin, b"2")))


def test_a_link_is_refused() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        info = zipfile.ZipInfo("a.pdf")
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(RecordUnreadable):
        unpack(sink.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(RecordUnreadable) as caught:
        unpack(_zip(("a.pdf", bytes(50_000_000))))
    assert "far more" in caught.value.message.en


def test_caps_on_members_and_total_hold() -> None:
    body = _zip(("a.pdf", b"123"), ("b.pdf", b"456"), packing=zipfile.ZIP_STORED)
    for caps in (Caps(members=1), Caps(total=5)):
        with pytest.raises(RecordUnreadable):
            unpack(body, caps)


def test_an_encrypted_member_is_refused() -> None:
    body = bytearray(_zip(("a.pdf", b"x")))
    central = body.index(b"PK\x01\x02")
    struct.pack_into("<H", body, 6, 1)
    struct.pack_into("<H", body, central + 8, 1)
    with pytest.raises(RecordUnreadable):
        unpack(bytes(body))


def test_a_size_that_lies_is_refused() -> None:
    body = bytearray(_zip(("a.pdf", b"x" * 500)))
    central = body.index(b"PK\x01\x02")
    struct.pack_into("<I", body, central + 24, 20)
    with pytest.raises(RecordUnreadable):
        unpack(bytes(body))


@given(cut=st.integers(0, len(pack(FILES)) - 1))
def test_a_zip_cut_anywhere_is_unreadable(cut: int) -> None:
    with pytest.raises(RecordUnreadable):
        unpack(pack(FILES)[:cut])


@given(at=st.integers(0, len(pack(FILES)) - 1), to=st.integers(0, 255))
def test_a_changed_byte_never_ends_in_a_foreign_exception(at: int, to: int) -> None:
    body = bytearray(pack(FILES))
    body[at] = to
    with suppress(RecordUnreadable):  # a foreign exception fails the test
        assert isinstance(unpack(bytes(body)), dict)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(RecordUnreadable):
        assert isinstance(unpack(b"PK\x03\x04" + body), dict)


def test_a_listing_agrees_with_what_it_lists() -> None:
    check_listing(listing(FILES), FILES)
    upper = listing(FILES).decode().upper().replace("HEAD.XML", "head.xml")
    upper = upper.replace("DATA.CSV", "data.csv").replace("FILES", "files")
    check_listing(upper.replace(".PDF", ".pdf").encode(), FILES)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (listing({**FILES, "more.pdf": b""}), "manifest.txt"),
        (listing({"head.xml": b"<HEAD/>"}), "manifest.txt"),
        (listing({**FILES, "data.csv": b"a,c\r\n"}), "member[2]"),
        (b"head.xml 7\r\n", "manifest.txt"),
        (b"head.xml\tseven\tx\r\n", "manifest.txt"),
        (b"\xff\xfe", "manifest.txt"),
    ],
)
def test_a_listing_that_disagrees_is_refused(text: bytes, where: str) -> None:
    with pytest.raises(RecordUnreadable) as caught:
        check_listing(text, FILES)
    assert caught.value.where == where
