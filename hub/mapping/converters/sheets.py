"""Converters of what spreadsheets make of dates, times and whole numbers.

Day 1 is 1900-01-01 and 1900 counts as a leap year (ECMA-376 Part 1, 18.17.4.1), so
numbers below 61 mean different days to different programs.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from hub.errors import Text
from hub.mapping.converters.clock import meant
from hub.mapping.converters.converter import CANNOT_TELL, Converter
from hub.mapping.converters.dates import written
from hub.mapping.converters.text import fold_width
from hub.mapping.converters.times import answer, stored
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_SERIAL = re.compile(r"\d{1,7}(?:\.\d{1,17})?", re.ASCII)
#: day 0, as days after the 1900 leap-year mistake see it
_ZERO = date(1899, 12, 30)
_FIRST_SURE = 61
#: 9999-12-31, which says "none"
_LAST = 2_958_465
_SECONDS = 86_400
_ON_SERIAL = Text("不是电子表格的日期序号", "it is no day number of a spreadsheet")
_ON_EARLY = Text(
    "61 以前的序号各程序含义不同", "day numbers below 61 differ from program to program"
)


def date_excel(value: Scalar) -> Result:
    """A spreadsheet's day number, for fields that hold such; a fraction, which is
    the time of day, is left off. Source: ECMA-376 Part 1, 18.17.4.1.
    """
    found = _serial(value)
    if type(found) is not Decimal:
        return found  # type: ignore[return-value]  # absent or unreadable
    return (_ZERO + timedelta(days=int(found))).isoformat()


def time_excel(value: Scalar) -> Result:
    """A spreadsheet's day number with its fraction as a time, to the second.

    Source: ECMA-376 Part 1, 18.17.4.1 and 18.17.4.2.
    """
    found = _serial(value)
    if type(found) is not Decimal:
        return found  # type: ignore[return-value]  # absent or unreadable
    seconds = int((found * _SECONDS).to_integral_value())
    if seconds >= _LAST * _SECONDS:
        return ABSENT
    moment = datetime.combine(_ZERO, datetime.min.time()) + timedelta(seconds=seconds)
    return answer(meant(moment.isoformat()), as_text(value))


def _serial(value: Scalar) -> Decimal | Result:
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    text = fold_width(original)
    if not _SERIAL.fullmatch(text) or isinstance(value, bool):
        return Unreadable(original, _ON_SERIAL)
    number = Decimal(text)
    if int(number) == _LAST:
        return ABSENT
    if number > _LAST:
        return Unreadable(original, _ON_SERIAL)
    return Unreadable(original, _ON_EARLY) if number < _FIRST_SURE else number


def _write_day(value: Result) -> Result:
    found = written(date.isoformat)(value)
    if type(found) is not str:
        return found
    days = (date.fromisoformat(found) - _ZERO).days
    return str(days) if days >= _FIRST_SURE else Unreadable("", _ON_EARLY)


def _write_time(value: Result) -> Result:
    """The serial by the clock of China, whole seconds to ten places."""
    moment = stored(value)
    if moment is None:
        return CANNOT_TELL
    local = moment.replace(microsecond=0, tzinfo=None)
    found = meant(local.isoformat())
    if isinstance(found, Text) or datetime.fromisoformat(found) != moment.replace(
        microsecond=0
    ):
        return CANNOT_TELL
    days = local - datetime.combine(_ZERO, datetime.min.time())
    serial = Decimal(days.days) + Decimal(days.seconds) / _SECONDS
    return f"{serial:.10f}"


_TITLE = Text("电子表格日期序号", "a spreadsheet's day number")

CONVERTERS = (
    Converter("date_excel", _TITLE, "date", date_excel, _write_day),
    Converter("time_excel", _TITLE, "time", time_excel, _write_time),
)
