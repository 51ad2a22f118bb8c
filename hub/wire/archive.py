"""A ZIP in memory, opened as if it came from an enemy, and one made repeatable.

Nothing is ever extracted to a disk. A member's name is data: it is checked, never
used as a path and never shown, since people put names of people into file names.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from hub.errors import RecordUnreadable

#: what ``zipfile`` and ``zlib`` raise on damaged or strange archives
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
#: backslash, drive colon, control and bidirectional characters
_HOSTILE = re.compile(r"[\\:\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: below this size in bytes a member's ratio says nothing
_RATIO_FROM = 100_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Caps:
    """What an archive may hold; sizes in bytes, ``ratio`` unpacked to packed."""

    members: int = 2_000
    total: int = 400_000_000
    ratio: int = 100
    name_bytes: int = 64
    extensions: frozenset[str] = frozenset({"xml", "csv", "pdf", "ofd", "txt"})


def unpack(data: bytes, caps: Caps | None = None) -> dict[str, bytes]:
    """The members of a ZIP by name, in its order; folders are left out.

    Names without the UTF-8 flag are read as GBK. Raises ``RecordUnreadable`` for
    a damaged, oversized, encrypted or nested archive and for any unsafe name.
    """
    caps = caps or Caps()
    try:
        with zipfile.ZipFile(io.BytesIO(data), metadata_encoding="gb18030") as archive:
            members = _checked(archive.infolist(), caps)
            return {name: archive.read(member) for name, member in members.items()}
    except _DAMAGED as error:
        raise RecordUnreadable(
            "压缩包损坏或不完整",
            "The archive is damaged or incomplete",
            detail=type(error).__name__,
        ) from error


def pack(members: Mapping[str, bytes]) -> bytes:
    """The same ZIP bytes for the same members, on every machine and every day.

    Members are stored, not deflated: another zlib would give other bytes, and the
    receiver would take a repeat for a conflict.
    """
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, body in members.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, body)
    return sink.getvalue()


def listing(members: Mapping[str, bytes]) -> bytes:
    """``manifest.txt``: one line a member with name, size and MD5, in UTF-8."""
    lines = [f"{name}\t{len(body)}\t{md5(body)}" for name, body in members.items()]
    return "".join(f"{line}\r\n" for line in lines).encode()


def check_listing(text: bytes, members: Mapping[str, bytes]) -> None:
    """Does the manifest name exactly these unpacked members?

    Raises ``RecordUnreadable`` for a member that is missing, not listed, or whose
    size or MD5 differs.
    """
    told = _told(text)
    if set(told) != set(members):
        raise RecordUnreadable(
            "清单与压缩包内文件不一致",
            "The manifest and the archive do not name the same files",
            where="manifest.txt",
        )
    for number, (name, body) in enumerate(members.items(), start=1):
        if told[name] != (len(body), md5(body)):
            raise RecordUnreadable(
                "文件大小或 MD5 与清单不符",
                "A file's size or MD5 differs from the manifest",
                where=f"member[{number}]",
            )


def md5(body: bytes) -> str:
    """The MD5 that these systems compare: against accidents, not enemies."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def _told(text: bytes) -> dict[str, tuple[int, str]]:
    try:
        rows = [
            line.split("\t") for line in text.decode("utf-8-sig").splitlines() if line
        ]
        return {name: (int(size), digest.lower()) for name, size, digest in rows}
    except ValueError as error:
        raise RecordUnreadable(
            "清单格式无法解读", "The manifest cannot be read", where="manifest.txt"
        ) from error


def _checked(members: list[zipfile.ZipInfo], caps: Caps) -> dict[str, zipfile.ZipInfo]:
    if len(members) > caps.members:
        raise _refused("文件个数超限", "too many members", 0)
    if sum(member.file_size for member in members) > caps.total:
        raise _refused("解压后总大小超限", "too large once unpacked", 0)
    found: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for number, member in enumerate(members, start=1):
        _check_member(member, number, caps)
        if member.is_dir():
            continue
        name = unicodedata.normalize("NFC", member.filename)
        if name.casefold() in folded:
            raise _refused("文件名重复", "two members have the same name", number)
        folded.add(name.casefold())
        found[name] = member
    return found


def _check_member(member: zipfile.ZipInfo, number: int, caps: Caps) -> None:
    _check_name(member, number, caps)
    if member.flag_bits & 0x1:
        raise _refused("文件已加密", "a member is encrypted", number)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _refused("包含链接", "a member is a link", number)
    packed = max(member.compress_size, 1)
    if member.file_size > _RATIO_FROM and member.file_size > caps.ratio * packed:
        raise _refused("压缩比异常", "a member unpacks to far more", number)


def _check_name(member: zipfile.ZipInfo, number: int, caps: Caps) -> None:
    name = member.orig_filename
    parts = name.removesuffix("/").split("/")
    if _HOSTILE.search(name) or {"", ".", ".."} & set(parts):
        raise _refused("文件名不安全", "a member's name is unsafe", number)
    if len(name.encode("utf-8", "surrogatepass")) > caps.name_bytes:
        raise _refused("文件名过长", "a member's name is too long", number)
    if member.is_dir():
        return
    if name.rpartition(".")[2].lower() not in caps.extensions:
        raise _refused("文件类型不允许", "a member's type is not allowed", number)


def _refused(zh: str, en: str, number: int) -> RecordUnreadable:
    return RecordUnreadable(
        f"压缩包被拒绝：{zh}",
        f"The archive is refused: {en}",
        where=f"member[{number}]" if number else "archive",
    )
