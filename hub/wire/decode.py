"""Bytes to text when the declared encoding may be a lie.

Order: byte order mark, the declared encoding, strict UTF-8, GB18030. A Western
encoding reads every byte, and servers claim one by default, so it comes last. Nothing
is ever replaced or skipped: text that lost characters on its way here is refused.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from hub.errors import RecordUnreadable

#: GB2312 and GBK are subsets; old systems declare them and send four-byte characters
_CHINESE = frozenset({"gb2312", "gbk", "cp936", "gb18030", "hz"})
#: what no text of an agency is in, unless nothing else fits
_WESTERN = frozenset({"iso8859-1", "iso8859-15", "cp1252", "latin-1"})
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: the replacement character, and what it becomes when UTF-8 is read as GBK
_LOSSES = ("\ufffd", "锟斤拷")


def decode(content: bytes, declared: str = "") -> str:
    """The text of the bytes; raises ``RecordUnreadable`` if it cannot be trusted."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _checked(_strict(content[len(mark) :], name), content)
    found = None
    for name in _candidates(declared):
        found = _strict(content, name)
        if found is not None:
            break
    return _checked(found, content)


def _candidates(declared: str) -> Iterator[str]:
    try:
        name = codecs.lookup(declared).name if declared else "utf-8"
    except LookupError:
        name = "utf-8"  # an encoding nobody knows says nothing
    if name not in _WESTERN:
        yield "gb18030" if name in _CHINESE else name
    yield "utf-8"
    yield "gb18030"
    if name in _WESTERN:
        yield name


def _strict(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _checked(text: str | None, content: bytes) -> str:
    if text is None:
        raise RecordUnreadable(
            "字节既不是声明的编码，也不是 UTF-8 或 GB18030",
            "The bytes are neither in the declared encoding nor UTF-8 nor GB18030",
            detail=f"first bad byte for GB18030 at {_first_bad(content)}",
        )
    lost = sum(text.count(mark) for mark in _LOSSES)
    if lost:
        raise RecordUnreadable(
            f"有 {lost} 处字符在到达之前已经丢失",
            f"Characters were lost before they came here, in {lost} places",
        )
    return text


def _first_bad(content: bytes) -> int:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError as error:
        return error.start
    return -1
