"""Converters of dates and times; local times are those of Asia/Shanghai."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from hub.errors import Text
from hub.mapping.convert import Converter
from hub.mapping.date_text import told
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEIJING_TIME = timezone(timedelta(hours=8))

#: dates by which old systems say "none", beside 0000-00-00 and 9999-12-31
NONE_DATES = frozenset({"1900-01-01", "0001-01-01", "1753-01-01"})

#: below it a JSON number is rather a spreadsheet's day or a month in one word
_LEAST_EPOCH = 10**7
#: from here a number counts milliseconds: as seconds it would lie after 2286
_MILLISECONDS = 10**10
_ASP = re.compile(r"\\?/?Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/?", re.ASCII)
_EPOCH_TEXT = re.compile(r"-?\d{9,13}", re.ASCII)
_EPOCH = re.compile(r"-?\d{8,13}", re.ASCII)
_COMPACT_AHEAD = re.compile(
    r"(?:1[89]|2[01])\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{4}|\d{6})?", re.ASCII
)
_SEPARATORS = "-/.年"
_EXCEL = re.compile(r"(\d{1,6})(?:\.\d+)?", re.ASCII)
#: day 0 of a spreadsheet, as days after the 1900 leap-year mistake see it
_EXCEL_ZERO = date(1899, 12, 30)
_EXCEL_FIRST_SURE = 61


def read_date(value: Scalar) -> Result:
    """A date in any of the known shapes as ``YYYY-MM-DD``; sentinels are absent."""
    if type(value) is str:
        return _read_text(value)
    found = birth_date(value)
    return ABSENT if found in NONE_DATES else found


@lru_cache(maxsize=20_000)
def _read_text(text: str) -> Result:
    found = birth_date(text)
    return ABSENT if found in NONE_DATES else found


def birth_date(value: Scalar) -> Result:
    """The same, but 1900-01-01 is a day on which people were born."""
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    moment = _epoch(value, original.strip())
    if moment is not None:
        return _day(moment, original)
    parts = told(original)
    if parts is None:
        return Unreadable(original)
    if parts is ABSENT:
        return ABSENT
    if parts.zone:
        return _day(datetime.fromisoformat(parts.iso), original)
    return parts.iso[:10]


def date_excel(value: Scalar) -> Result:
    """A spreadsheet's day number, for fields that hold such."""
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    found = _EXCEL.fullmatch(original.strip())
    if not found or int(found[1]) < _EXCEL_FIRST_SURE or isinstance(value, bool):
        return Unreadable(original)
    return (_EXCEL_ZERO + timedelta(days=int(found[1]))).isoformat()


def local_time(value: Scalar) -> Result:
    """A time as ISO 8601 with +08:00; a date alone is its midnight."""
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    moment = _epoch(value, original.strip())
    if moment is None:
        parts = told(original)
        if parts is None:
            return Unreadable(original)
        if parts is ABSENT or parts.iso[:10] in NONE_DATES:
            return ABSENT
        if not parts.zone:
            return f"{parts.iso}+08:00"
        moment = datetime.fromisoformat(parts.iso)
    try:
        return moment.astimezone(BEIJING_TIME).isoformat()
    except (OverflowError, ValueError):
        return Unreadable(original)


def _day(moment: datetime, original: str) -> Result:
    """The day in Shanghai. Summer time and the local time before 1901 count:
    systems that store midnight stored it by the clock of their day.
    """
    try:
        return moment.astimezone(SHANGHAI).date().isoformat()
    except (OverflowError, ValueError):
        return Unreadable(original)


def _epoch(value: Scalar, text: str) -> datetime | None:
    """Seconds or milliseconds since 1970, where the value is such a number."""
    if type(value) is str and text[4:5] in _SEPARATORS:
        return None  # nearly every text: it has a date's shape
    if found := _ASP.fullmatch(text):
        return _since_1970(int(found[1]))
    shape = _EPOCH_TEXT if isinstance(value, str) else _EPOCH
    if not shape.fullmatch(text) or _COMPACT_AHEAD.fullmatch(text):
        return None
    number = int(text)
    if abs(number) < _LEAST_EPOCH:
        return None
    return _since_1970(number if abs(number) >= _MILLISECONDS else number * 1000)


def _since_1970(milliseconds: int) -> datetime | None:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _written(spell: Callable[[date], str]) -> Callable[[Result], Result]:
    def write(value: Result) -> Result:
        try:
            return spell(date.fromisoformat(str(value)[:10]))
        except ValueError:
            return Unreadable("")

    return write


def _written_time(form: str) -> Callable[[Result], Result]:
    def write(value: Result) -> Result:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            return Unreadable("")
        return moment.astimezone(BEIJING_TIME).strftime(form)

    return write


def _excel_day(day: date) -> str:
    return str((day - _EXCEL_ZERO).days)


_TITLE, _TIME = Text("日期", "a date"), Text("时间", "a time")

_WRITTEN: dict[str, Callable[[date], str]] = {
    "date": date.isoformat,
    "date_dash": date.isoformat,
    "date_compact": lambda day: f"{day.year:04}{day.month:02}{day.day:02}",
    "date_slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "date_dot": lambda day: f"{day.year}.{day.month}.{day.day}",
    "date_cn": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "date_midnight": lambda day: f"{day.isoformat()} 00:00:00",
}
_WRITTEN_TIMES = {
    "time_dash": "%Y-%m-%d %H:%M:%S",
    "time_compact": "%Y%m%d%H%M%S",
    "time_iso": "%Y-%m-%dT%H:%M:%S+08:00",
}

CONVERTERS = (
    *(
        Converter(name, _TITLE, "date", read_date, _written(spell))
        for name, spell in _WRITTEN.items()
    ),
    Converter("birth_date", _TITLE, "date", birth_date, _written(date.isoformat)),
    Converter("date_excel", _TITLE, "date", date_excel, _written(_excel_day)),
    Converter("local_time", _TIME, "time", local_time, lambda value: value),
    *(
        Converter(name, _TIME, "time", local_time, _written_time(form))
        for name, form in _WRITTEN_TIMES.items()
    ),
)
