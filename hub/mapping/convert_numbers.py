"""Converters of case numbers, document numbers and codes of places and units."""

from __future__ import annotations

import re
from collections.abc import Callable

from hub.errors import Text
from hub.mapping.convert import Converter
from hub.mapping.convert_text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_BRACKETS = "（〔[【﹝〖［", "）〕]】﹞〗］"
_TO_ROUND = str.maketrans(_BRACKETS[0] + _BRACKETS[1], "(" * 7 + ")" * 7)
_TO_SQUARE = str.maketrans(_BRACKETS[0] + "(" + _BRACKETS[1] + ")", "[" * 8 + "]" * 8)
_TO_FULL = str.maketrans("()", "（）")
_TO_DOCUMENT = str.maketrans("()[]【】﹝﹞〖〗［］", "（）〔〕〔〕〔〕〔〕〔〕")
_DIGITS = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
_GAPS = re.compile(r"\s+")

_POLICE = re.compile(r"A\d{12}\d{4}(0[1-9]|1[0-2])\d{4}", re.ASCII)
_DEPARTMENT = re.compile(r"[一-龥]+?受\[\d{4}\]\d{6}\d{5,6}号", re.ASCII)
_UNIFIED = re.compile(r"\d{17}", re.ASCII)
_COURT = re.compile(
    r"\(\d{4}\)(?:"
    r"(?:最高法|[一-龥](?:\d{2}|\d{4})?)[一-龥]{1,3}\d+(?:-\d+)?号(?:之[一二三四五六七八九十]+)?"
    r"|[一-龥]{1,6}字第\d+(?:-\d+)?号(?:之[一二三四五六七八九十]+)?)",
    re.ASCII,
)
#: a document's number as it is written nearly always, canonical already
_DOCUMENT = re.compile("[一-龥]+(?:（[一-龥]+）)?[一-龥]*〔[0-9]{4}〕[0-9]+号")
_DIVISION = re.compile(r"(\d{6})(?:\d{3}|\d{6})?", re.ASCII)
_UNIT = re.compile(r"\d{12}", re.ASCII)


def _shaped(
    shape: re.Pattern[str], fold: Callable[[str], str], usual: str = ""
) -> Callable[[Scalar], Result]:
    """Read what has this shape once it is folded.

    ``usual`` is a pair of brackets in which it nearly always comes: tried first.
    """
    opening, closing = (usual or "()")[0], (usual or "()")[1]

    def read(value: Scalar) -> Result:
        if type(value) is str:
            likely = value.replace(opening, "(").replace(closing, ")")
            if shape.fullmatch(likely):
                return likely
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        found = fold(_GAPS.sub("", fold_width(original)))
        return found if shape.fullmatch(found) else Unreadable(original)

    return read


def document_number(value: Scalar) -> Result:
    """A document's number: round brackets full width, all others 〔〕, no gaps."""
    if type(value) is str and _DOCUMENT.fullmatch(value):
        return value
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    bare = _GAPS.sub("", original.translate(_DIGITS).replace("\u00a0", ""))
    return bare.strip("\u200b\ufeff").translate(_TO_DOCUMENT) or Unreadable(original)


def division6(value: Scalar) -> Result:
    """The 6-digit division in a code of 6, 9 or 12 digits."""
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    found = _DIVISION.fullmatch(fold_width(original).lstrip("'"))
    return found[1] if found else Unreadable(original)


def _same(value: Result) -> Result:
    return value


def _full_brackets(value: Result) -> Result:
    return value.translate(_TO_FULL) if isinstance(value, str) else ABSENT


def _division12(value: Result) -> Result:
    return f"{value}000000" if isinstance(value, str) else ABSENT


def _round(text: str) -> str:
    return text.translate(_TO_ROUND)


def _square(text: str) -> str:
    return text.translate(_TO_SQUARE)


_police = _shaped(_POLICE, lambda text: text.lstrip("'").upper())
_unified = _shaped(_UNIFIED, lambda text: text.lstrip("'"))
_unit = _shaped(_UNIT, lambda text: text.lstrip("'"))
_court = _shaped(_COURT, _round, "（）")
_COURT_TITLE = Text("法院案号", "a court case number")
_DIVISION_TITLE = Text("行政区划代码", "a division code")

CONVERTERS = (
    Converter(
        "police_number",
        Text("公安案件编号", "a police case number"),
        "text",
        _police,
        _same,
    ),
    Converter(
        "department_number",
        Text("部门受案号", "a department acceptance number"),
        "text",
        _shaped(_DEPARTMENT, _square),
        _same,
    ),
    Converter(
        "unified_number",
        Text("统一受案号", "a unified acceptance number"),
        "text",
        _unified,
        _same,
    ),
    Converter("court_number", _COURT_TITLE, "text", _court, _same),
    Converter("court_number_full", _COURT_TITLE, "text", _court, _full_brackets),
    Converter(
        "document_number",
        Text("文书文号", "a document number"),
        "text",
        document_number,
        _same,
    ),
    Converter("division6", _DIVISION_TITLE, "text", division6, _same),
    Converter("division12", _DIVISION_TITLE, "text", division6, _division12),
    Converter(
        "police_unit", Text("公安机关代码", "a police unit code"), "text", _unit, _same
    ),
)
