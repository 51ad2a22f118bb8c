"""Converters of plain text, names, file names and yes/no."""

from __future__ import annotations

import re
import unicodedata

from hub.errors import Text
from hub.mapping.convert import Converter
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

#: full-width ASCII to half-width, by an own table: NFKC rewrites Han characters
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_ODD_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u202f"), " ")
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_FOLD_SPACES = {**_ODD_SPACES, **_ZERO_WIDTH}
_FOLD_ALL = {**HALF_WIDTH, **_FOLD_SPACES}
_ODD = re.compile(f"[{''.join(map(chr, _FOLD_SPACES))}]")
_FOLDED = re.compile(f"[{''.join(map(chr, _FOLD_ALL))}]")

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"
_DOTS = re.compile("[\u2022\u2027\u30fb\uff65\u2219\u318d]")
_DOTS_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])[.\uff0e](?=[{_HAN}])")
_SPACES_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}\u00b7])\\s+(?=[{_HAN}\u00b7])")
_HAS_HAN = re.compile(f"[{_HAN}]")
_LATIN = {
    code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_WIDE_LATIN = re.compile(f"[{''.join(map(chr, _LATIN))}]")
_ALIAS = re.compile(
    r"[(（\[【]\s*(?:别名|绰号|曾用名|自报(?:姓名|名)?|化名|又名)\s*[:：]?\s*([^)）\]】]*)[)）\]】]"
)
#: nearly every name: Han characters and nothing else
_PLAIN_NAME = re.compile("[\u4e00-\u9fff]{2,20}")
_YES = frozenset({"y", "yes", "1", "01", "是", "有", "true", "t"})
_NO = frozenset({"n", "no", "0", "00", "否", "无", "false", "f"})


def fold_width(text: str) -> str:
    """Codes and numbers: full width to half width, no odd spaces, stripped."""
    if text.isascii():
        return text.strip()
    if _FOLDED.search(text) is None:
        return text.strip()
    return text.translate(_FOLD_ALL).strip()


def _unspaced(text: str) -> str:
    """Odd spaces as plain ones, zero-width characters gone."""
    return text.translate(_FOLD_SPACES) if _ODD.search(text) else text


def text(value: Scalar) -> Result:
    """As it is; a JSON number in JSON's spelling."""
    return ABSENT if is_blank(value) else as_text(value)


def trimmed(value: Scalar) -> Result:
    """Without surrounding whitespace, zero-width characters and odd spaces."""
    found = _unspaced(as_text(value)).strip()
    return ABSENT if is_blank(found) else found


def name(value: Scalar) -> Result:
    """A personal name in the canonical form of the data standards, section 4."""
    if type(value) is str and _PLAIN_NAME.fullmatch(value):
        return value
    original = as_text(value)
    found = _ALIAS.sub("", _unspaced(original)).strip()
    found = _canonical_name(found)
    if is_blank(found):
        return ABSENT if is_blank(original) else Unreadable(original)
    if "\ufffd" in found or any(unicodedata.category(mark) == "Cc" for mark in found):
        return Unreadable(
            original, Text("含有损坏的字符", "it holds a damaged character")
        )
    return found


def name_alias(value: Scalar) -> Result:
    """The alias that stands in brackets behind a name, if one does."""
    found = _ALIAS.search(as_text(value).translate(_FOLD_SPACES))
    alias = _canonical_name(found[1]) if found else ""
    return alias or ABSENT


def _canonical_name(found: str) -> str:
    found = _DOTS.sub("\u00b7", found.replace("\u3000", " ")).strip()
    found = _DOTS_BETWEEN_HAN.sub("\u00b7", found)
    found = _SPACES_BETWEEN_HAN.sub("", found)
    if _WIDE_LATIN.search(found):
        found = found.translate(_LATIN)
    found = " ".join(found.split())
    return found if _HAS_HAN.search(found) else found.upper()


def file_name(value: Scalar) -> Result:
    """The last part of a file's path, whichever slash was used."""
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    found = original.strip().replace("\\", "/").rsplit("/", 1)[-1].strip()
    odd = any(unicodedata.category(mark) == "Cc" for mark in found)
    return Unreadable(original) if odd or found in ("", ".", "..") else found


def yes_no(value: Scalar) -> Result:
    """Y/N, 1/0, 是/否, 有/无, true/false; ``2`` is not guessed."""
    if isinstance(value, bool):
        return value
    word = fold_width(as_text(value)).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return ABSENT if is_blank(word) else Unreadable(as_text(value))


def yes_no_12(value: Scalar) -> Result:
    """1 for yes and 2 for no, for fields that are defined so."""
    word = fold_width(as_text(value))
    if word in ("1", "2"):
        return word == "1"
    return ABSENT if is_blank(word) else Unreadable(as_text(value))


def _same(value: Result) -> Result:
    return value


def _write_text(value: Result) -> Result:
    return as_text(value) if isinstance(value, str | int | float) else ABSENT


def _write_flag(name: str, yes: str, no: str) -> Converter:
    return Converter(
        name,
        Text(f"{yes}/{no}", f"{yes}/{no}"),
        "flag",
        yes_no,
        lambda value: yes if value is True else no,
    )


_TEXT, _NAME = Text("文字", "text"), Text("姓名", "a name")
_FLAG = Text("是否", "yes or no")

CONVERTERS = (
    Converter("text", _TEXT, "text", text, _write_text),
    Converter("trimmed", _TEXT, "text", trimmed, _write_text),
    Converter("name", _NAME, "text", name, _same),
    Converter("name_alias", Text("别名", "an alias"), "text", name_alias, _same),
    Converter("file_name", Text("文件名", "a file name"), "text", file_name, _same),
    Converter("yes_no", _FLAG, "flag", yes_no, _same),
    Converter(
        "yes_no_12",
        _FLAG,
        "flag",
        yes_no_12,
        lambda value: "1" if value is True else "2",
    ),
    _write_flag("yes_no_10", "1", "0"),
    _write_flag("yes_no_YN", "Y", "N"),
    _write_flag("yes_no_cn", "是", "否"),
)
