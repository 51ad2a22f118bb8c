"""Converters of plain text and file names."""

from __future__ import annotations

import math
import re

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter
from hub.mapping.converters.objection import DAMAGED
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

#: full-width ASCII to half-width, by an own table: NFKC rewrites Han characters
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

#: every space of Unicode (Zs) but the plain and the ideographic one
_ODD_SPACES = dict.fromkeys(
    (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F), "\u0020"
)
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
FOLD_SPACES = {**_ODD_SPACES, **_ZERO_WIDTH}
_FOLD_ALL = {**HALF_WIDTH, **FOLD_SPACES}
_ODD = re.compile(f"[{''.join(map(chr, FOLD_SPACES))}]")
_FOLDED = re.compile(f"[{''.join(map(chr, _FOLD_ALL))}]")

#: control characters but tab and line ends, half surrogates, U+FFFD, noncharacters
_DAMAGE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]"
)
#: what neither a database nor XML 1.0 can hold
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_NO_FILE = Text("不是文件名", "it names no file")


def fold_width(text: str) -> str:
    """Codes and numbers: full width to half width, no odd spaces, stripped."""
    if text.isascii():
        return text.strip()
    if _FOLDED.search(text) is None:
        return text.strip()
    return text.translate(_FOLD_ALL).strip()


def unspaced(text: str) -> str:
    """Odd spaces as plain ones, zero-width characters gone."""
    return text.translate(FOLD_SPACES) if _ODD.search(text) else text


def text(value: Scalar) -> Result:
    """As it is; a JSON number in JSON's spelling. Source: docs/decisions/0006."""
    return ABSENT if is_blank(value) else as_text(value)


def text_exact(value: Scalar) -> Result:
    """As it is, and an empty text or ``-`` is a text too.

    For elements of SOAP answers where an empty one means something else than a
    missing one. Source: XML Schema Part 2, section 3.2.1 (string).
    """
    if value is None:
        return ABSENT
    found = as_text(value)
    return Unreadable(found, DAMAGED) if _UNKEEPABLE.search(found) else found


def trimmed(value: Scalar) -> Result:
    """Without surrounding whitespace, zero-width characters and odd spaces.

    Line ends and tabs inside stay; any other control character, which XML 1.0
    forbids, makes the text unreadable. Source: XML 1.0, production 2 (Char).
    """
    if type(value) is str and value.isprintable() and "\ufffd" not in value:
        found = value.strip()
    else:
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        if _DAMAGE.search(original):
            return Unreadable(original, DAMAGED)
        found = unspaced(original).strip()
    return ABSENT if is_blank(found) else found


def file_name(value: Scalar) -> Result:
    """The last part of a file's path, whichever slash was used; the folder is left off.

    Source: POSIX and Windows path names; data standards, field ``file.path``.
    """
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    found = original.strip().replace("\\", "/").rsplit("/", 1)[-1].strip()
    if is_blank(found) or found in (".", ".."):
        return Unreadable(original, _NO_FILE)
    odd = _DAMAGE.search(found) or "\n" in found or "\r" in found or "\t" in found
    return Unreadable(original, DAMAGED) if odd else found


def _write_text(value: Result) -> Result:
    """A scalar as text; a record, a list or a number that is none cannot be told."""
    if isinstance(value, float) and not math.isfinite(value):
        return CANNOT_TELL
    if not isinstance(value, str | int | float) or is_blank(value):
        return CANNOT_TELL
    return as_text(value)


def _write_exact(value: Result) -> Result:
    kept = type(value) is str and not _UNKEEPABLE.search(value)
    return value if kept else CANNOT_TELL


def _write_trimmed(value: Result) -> Result:
    found = _write_text(value)
    return found if type(found) is str and trimmed(found) == found else CANNOT_TELL


def _write_file_name(value: Result) -> Result:
    return value if type(value) is str and file_name(value) == value else CANNOT_TELL


_TEXT = Text("文字", "text")

CONVERTERS = (
    Converter("text", _TEXT, "text", text, _write_text),
    Converter("text_exact", _TEXT, "text", text_exact, _write_exact),
    Converter("trimmed", _TEXT, "text", trimmed, _write_trimmed),
    Converter(
        "file_name", Text("文件名", "a file name"), "text", file_name, _write_file_name
    ),
)
