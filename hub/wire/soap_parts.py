"""Multipart messages: an envelope and files beside it, as MTOM or SwA, in and out.

Files stay bytes; nobody guesses what is in them. A message is taken apart by its
boundary alone, without recursion, within caps on the number of parts and the size of
their headers; the size of the whole is capped before it comes here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message

from hub.errors import RecordUnreadable

MAX_PARTS = 100
MAX_HEADER_BYTES = 16_384
XOP = "http://www.w3.org/2004/08/xop/include"
_BOUNDARY = re.compile(r"[A-Za-z0-9'()+_,./:=? -]{1,70}")
_ENCODINGS = frozenset({"", "7bit", "8bit", "binary"})
_IS_ASCII = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class File:
    """A file beside an envelope (附件): its id (no brackets), media type and bytes."""

    id: str
    media: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Package:
    """A multipart message taken apart: the envelope's bytes and the files."""

    root: bytes = field(repr=False)
    root_media: str
    files: tuple[File, ...]


def is_package(media: str) -> bool:
    """Does a media type say that it is one?"""
    return media.lower().lstrip().startswith("multipart/related")


def unpacked(content: bytes, media: str) -> Package:
    """The parts of a ``multipart/related`` message; raises ``RecordUnreadable``.

    The root is the part that ``start`` names, or the first one.
    """
    told = _header(media)
    boundary = str(told.get_param("boundary") or "")
    if not _BOUNDARY.fullmatch(boundary):
        raise _unreadable("没有可用的 boundary", "it names no usable boundary")
    parts = [_part(raw) for raw in _split(content, b"--" + boundary.encode())]
    start = str(told.get_param("start") or "").strip("<> ")
    at = next((i for i, one in enumerate(parts) if start and one.id == start), 0)
    if start and parts[at].id != start:
        raise _unreadable("没有 start 所指的部分", "it lacks the part that start names")
    root = parts[at]
    media = _root_media(root.media)
    return Package(root.body, media, tuple(parts[:at] + parts[at + 1 :]))


def packed(
    envelope: bytes, media: str, files: Sequence[File], *, is_mtom: bool
) -> tuple[bytes, str]:
    """One message of an envelope and its files, and the media type that says so.

    The same content gives the same bytes: the boundary is made of a digest.
    """
    kind, _, params = media.partition(";")
    digest = hashlib.sha256(envelope)
    for file in files:
        digest.update(file.body)
    boundary = f"hub-{digest.hexdigest()[:48]}"
    root_media = f'application/xop+xml;{params}; type="{kind}"' if is_mtom else media
    lines = [_head(boundary, root_media, "envelope@agency-hub"), envelope, b"\r\n"]
    for file in files:
        lines += [_head(boundary, file.media, file.id), file.body, b"\r\n"]
    lines.append(f"--{boundary}--\r\n".encode())
    outer = "application/xop+xml" if is_mtom else kind
    told = f'multipart/related; boundary="{boundary}"; type="{outer}"'
    told += '; start="<envelope@agency-hub>"'
    return b"".join(lines), f'{told}; start-info="{kind}"' if is_mtom else told


def _head(boundary: str, media: str, name: str) -> bytes:
    if not _IS_ASCII.fullmatch(name) or "\r" in media or "\n" in media:
        raise ValueError("a file's id and media type are ASCII on one line")
    return (
        f"--{boundary}\r\nContent-Type: {media}\r\n"
        f"Content-Transfer-Encoding: binary\r\nContent-ID: <{name}>\r\n\r\n"
    ).encode("ascii")


def _split(content: bytes, mark: bytes) -> list[bytes]:
    """What stands between the marks; the closing mark has to be there."""
    at = 0 if content.startswith(mark) else content.find(b"\n" + mark) + 1
    if at == 0 and not content.startswith(mark):
        raise _unreadable("其中没有 boundary", "its boundary is not in it")
    found: list[bytes] = []
    while True:
        begin = at + len(mark)
        if content.startswith(b"--", begin):
            break
        end = content.find(b"\n" + mark, begin)
        if end < 0:
            raise _unreadable("没有结束标记（多半被截断）", "it has no end (cut off)")
        if len(found) == MAX_PARTS:
            raise _unreadable(f"多于 {MAX_PARTS} 部分", f"more than {MAX_PARTS} parts")
        found.append(content[begin:end].removesuffix(b"\r"))
        at = end + 1
    if not found:
        raise _unreadable("没有任何部分", "it holds no part")
    return found


def _part(raw: bytes) -> File:
    line = raw.find(b"\n")
    if line < 0 or raw[:line].strip():
        raise _unreadable("部分的开头不对", "a part begins wrongly")
    rest = raw[line + 1 :]
    head, body = _cut(rest)
    headers = _headers(head)
    if headers.get("content-transfer-encoding", "").lower() not in _ENCODINGS:
        raise _unreadable("部分用了 base64 等编码", "a part is in base64 or the like")
    name = headers.get("content-id", "").strip("<> ")
    return File(name, headers.get("content-type", "application/octet-stream"), body)


def _cut(rest: bytes) -> tuple[bytes, bytes]:
    if rest.startswith(b"\r\n"):
        return b"", rest[2:]
    if rest.startswith(b"\n"):
        return b"", rest[1:]
    for gap in (b"\r\n\r\n", b"\n\n"):
        at = rest.find(gap, 0, MAX_HEADER_BYTES)
        if at >= 0:
            return rest[:at], rest[at + len(gap) :]
    raise _unreadable("部分的头太长或不完整", "a part's head is too long or cut off")


def _headers(head: bytes) -> dict[str, str]:
    """Header lines by lower-case name; a continued line belongs to the one before."""
    text = re.sub(r"\r?\n[ \t]+", " ", head.decode("latin-1"))
    rows = (line.partition(":") for line in text.splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in rows}


def _header(media: str) -> Message:
    found = Message()
    found["content-type"] = media
    return found


def _root_media(media: str) -> str:
    """The envelope's own media type: MTOM says it in ``type``."""
    told = _header(media)
    if told.get_content_type() != "application/xop+xml":
        return media
    inner = str(told.get_param("type") or "text/xml")
    charset = told.get_param("charset")
    return f"{inner}; charset={charset}" if charset else inner


def _unreadable(zh: str, en: str) -> RecordUnreadable:
    return RecordUnreadable(
        f"多部分应答无法解读：{zh}",
        f"The multipart answer cannot be read: {en}",
        detail=f"multipart: {en}",
    )
