"""Converters of whole numbers, and of alcohol in blood with its unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_INT = re.compile(r"[+-]?(?:\d{1,18}|\d{1,3}(?:,\d{3}){1,5})", re.ASCII)
_SHEET_INT = re.compile(rf"({_INT.pattern})(?:\.0+)?", re.ASCII)
_BELOW = 10**18
_ON_INT = Text("不是整数", "it is no whole number")
_ON_POINT = Text(
    "带小数点；如系电子表格所致，用 int_excel",
    "it has a decimal point; if a spreadsheet made it, name int_excel",
)

_ALCOHOL = re.compile(r"(\d{1,4}(?:\.\d{1,6})?)(.*)", re.ASCII)
_PER_100_ML = frozenset(
    {"mg/100ml", "mg/dl", "mg%", "毫克/100毫升", "毫克/百毫升", "毫克每百毫升"}
)
_PER_ML = frozenset({"mg/ml", "g/l", "毫克/毫升", "克/升", "毫克每毫升"})
_STORED_ALCOHOL = re.compile(r"(?:0|[1-9]\d{0,3})(?:\.\d{1,6})?", re.ASCII)
#: five times what kills; a value above it has another unit than its field
_IMPOSSIBLE = 2000
_ON_ALCOHOL = Text("不是血液酒精含量", "it is no content of alcohol")
_ON_RANGE = Text("含量不可能，单位有误", "the content is impossible: the unit is wrong")


def integer(value: Scalar) -> Result:
    """A whole number. The text ``12.0`` is none, the JSON number 12.0 is one.

    Source: XML Schema Part 2, section 3.3.13 (integer), with commas between
    thousands.
    """
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    text = fold_width(original)
    if isinstance(value, bool) or not _INT.fullmatch(text):
        has_point = not isinstance(value, bool) and _SHEET_INT.fullmatch(text)
        return Unreadable(original, _ON_POINT if has_point else _ON_INT)
    return int(text.replace(",", ""))


def int_excel(value: Scalar) -> Result:
    """The same, and ``12.0`` as spreadsheets write 12; ``12.5`` is none.

    Source: ECMA-376 Part 1, 18.3.1.96 (a cell's value is a decimal).
    """
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    found = _SHEET_INT.fullmatch(fold_width(original))
    if isinstance(value, bool) or not found:
        return Unreadable(original, _ON_INT)
    return int(found[1].replace(",", ""))


def _alcohol(shift: int) -> Callable[[Scalar], Result]:
    def read(value: Scalar) -> Result:
        """Milligrams in 100 ml of blood, every digit kept; a unit written out wins
        over the field's own. Source: GB 19522.
        """
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        found = _ALCOHOL.fullmatch(fold_width(original).replace(" ", "").lower())
        if isinstance(value, bool) or not found:
            return Unreadable(original, _ON_ALCOHOL)
        unit = found[2]
        if unit and unit not in _PER_100_ML and unit not in _PER_ML:
            return Unreadable(original, _ON_ALCOHOL)
        by = (2 if unit in _PER_ML else 0) if unit else shift
        told = Decimal(found[1]).scaleb(by)
        return f"{told:f}" if told < _IMPOSSIBLE else Unreadable(original, _ON_RANGE)

    return read


def _written_alcohol(shift: int) -> Callable[[Result], Result]:
    def write(value: Result) -> Result:
        if type(value) is not str or not _STORED_ALCOHOL.fullmatch(value):
            return CANNOT_TELL
        told = Decimal(value)
        return f"{told.scaleb(-shift):f}" if told < _IMPOSSIBLE else CANNOT_TELL

    return write


def _write_int(value: Result) -> Result:
    return value if type(value) is int and abs(value) < _BELOW else CANNOT_TELL


def _write_int_text(value: Result) -> Result:
    found = _write_int(value)
    return str(found) if type(found) is int else found


_NUMBER = Text("整数", "a whole number")
_ALCOHOL_TITLE = Text("血液酒精含量", "alcohol in blood")

CONVERTERS = (
    Converter("int", _NUMBER, "int", integer, _write_int),
    Converter("int_text", _NUMBER, "int", integer, _write_int_text),
    Converter("int_excel", _NUMBER, "int", int_excel, _write_int_text),
    Converter("alcohol", _ALCOHOL_TITLE, "text", _alcohol(0), _written_alcohol(0)),
    Converter(
        "alcohol_mg_ml", _ALCOHOL_TITLE, "text", _alcohol(2), _written_alcohol(2)
    ),
)
