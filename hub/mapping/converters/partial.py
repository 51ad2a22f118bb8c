"""Converters of dates that are no whole dates: years, months, two-digit years."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter, as_it_is
from hub.mapping.converters.date_text import partial, told
from hub.mapping.converters.dates import epoch, read_date, written
from hub.mapping.converters.objection import SHAPE
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_SHORT = re.compile(
    r"(?P<year>\d\d)(?:(?P<m1>\d\d)(?P<d1>\d\d)"
    r"|[-/.年](?P<m2>\d{1,2})[-/.月](?P<d2>\d{1,2})[日号]?)",
    re.ASCII,
)
#: two digits are a year from 1950 to 2049: no record is older than the republic
_FIRST_YEAR = 1950
_ON_DAY = Text("日期不可能存在", "there is no such day")
_ON_ZEROS = Text(
    "小数丢失了末尾的零", "a fraction has lost its zeros: 2023.10 is 2023.1"
)
_ON_CENTURY = Text(
    "两位年份只表示 1950 至 2049 年", "two digits tell years from 1950 to 2049 only"
)


def partial_date(value: Scalar) -> Result:
    """A date as precise as it was told: 2023, 2023-08 or 2023-08-01.

    Reads 2023, 202308, 2023-08, 2023年8月, 二〇二三年八月, 2023-08-00 and every
    shape of ``date``. Source: GB/T 7408 (ISO 8601-1), reduced precision.
    """
    original = as_text(value)
    found = partial(original)
    if found is None:
        return read_date(value)
    return Unreadable(original, _ON_ZEROS) if isinstance(value, float) else found


def partial_date_precision(value: Scalar) -> Result:
    """How precisely a date was told: year, month, day, minute or second.

    Source: data standards section 2, row "date".
    """
    original = as_text(value)
    found = partial_date(value)
    if type(found) is not str:
        return found
    if len(found) < len("2023-08-01"):
        return "year" if len(found) == len("2023") else "month"
    if epoch(value, original.strip()) is not None:
        return "second"
    parts = told(original)
    return ABSENT if parts is None or parts is ABSENT else parts.precision


def date_yymmdd(value: Scalar) -> Result:
    """230801 or 23.8.1 as 2023-08-01, for fields that are defined so.

    50 to 99 are 1950 to 1999, 00 to 49 are 2000 to 2049; 000000 is absent.
    Source: data standards section 2, row "date"; the window is the hub's own.
    """
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    text = fold_width(original)
    found = _SHORT.fullmatch(text)
    if not found or isinstance(value, float | bool):
        return Unreadable(original, SHAPE)
    if text == "000000":
        return ABSENT
    short = int(found["year"])
    year = short + (1900 if short >= _FIRST_YEAR % 100 else 2000)
    try:
        day = date(
            year, int(found["m1"] or found["m2"]), int(found["d1"] or found["d2"])
        )
    except ValueError:
        return Unreadable(original, _ON_DAY)
    return day.isoformat()


def _write_yymmdd(value: Result) -> Result:
    found = written(date.isoformat)(value)
    if type(found) is not str:
        return found
    if not _FIRST_YEAR <= int(found[:4]) < _FIRST_YEAR + 100:
        return Unreadable("", _ON_CENTURY)
    return found[2:].replace("-", "")


def _write_partial(spell: Callable[[list[int]], str]) -> Callable[[Result], Result]:
    def write(value: Result) -> Result:
        if type(value) is not str or partial_date(value) != value:
            return CANNOT_TELL
        return spell([int(part) for part in value.split("-")])

    return write


def _in_words(parts: list[int]) -> str:
    return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))


def _compact(parts: list[int]) -> str:
    return f"{parts[0]:04}" + "".join(f"{part:02}" for part in parts[1:])


_TITLE = Text("不完整日期", "a date that may be partial")

CONVERTERS = (
    Converter("partial_date", _TITLE, "text", partial_date, as_it_is(partial_date)),
    Converter(
        "partial_date_compact", _TITLE, "text", partial_date, _write_partial(_compact)
    ),
    Converter(
        "partial_date_cn", _TITLE, "text", partial_date, _write_partial(_in_words)
    ),
    Converter(
        "partial_date_precision",
        Text("日期精度", "a date's precision"),
        "text",
        partial_date_precision,
    ),
    Converter(
        "date_yymmdd",
        Text("两位年份的日期", "a date with a two-digit year"),
        "date",
        date_yymmdd,
        _write_yymmdd,
    ),
)
