"""Converters of dates. A day is that of China, from whatever it was told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from hub.errors import Text
from hub.mapping.converters.clock import TOO_FAR, day_of
from hub.mapping.converters.converter import CANNOT_TELL, Converter
from hub.mapping.converters.date_text import objection, told
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

#: dates by which old systems say "none", beside 0000-00-00
_NO_BIRTHS = frozenset({"0001-01-01", "1753-01-01", "9999-12-31"})
NONE_DATES = _NO_BIRTHS | {"1900-01-01"}

#: below it a JSON number is rather a spreadsheet's day or a month in one word
_LEAST_EPOCH = 10**7
#: from here a number counts milliseconds: as seconds it would lie after 2286
_MILLISECONDS = 10**10
_ASP = re.compile(r"\\?/?Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/?", re.ASCII)
_EPOCH_TEXT = re.compile(r"-?\d{9,13}", re.ASCII)
_EPOCH = re.compile(r"-?\d{8,13}", re.ASCII)
#: digits that begin like a year, a month and a day
_COMPACT = r"(?:1[89]|2[01])\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_DAY_AHEAD = re.compile(r"(?:1[89]|2[01])\d{6}", re.ASCII)
_MINUTE_AHEAD = re.compile(rf"{_COMPACT}(?:[01]\d|2[0-3])[0-5]\d", re.ASCII)
_HOUR_AHEAD = re.compile(rf"{_COMPACT}(?:[01]\d|2[0-3])", re.ASCII)
_SEPARATORS = "-/.年"
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_ON_TWO = Text(
    "既像年月日时分，又像纪元时间", "it may be a date in digits or a count since 1970"
)
_ON_RECEIVER = Text(
    "对方会把该日期当作未填", "the receiver would take this date for none"
)


def read_date(value: Scalar) -> Result:
    """A date in any of the known shapes as ``YYYY-MM-DD``; sentinels are absent.

    A time of day behind it is left off; an instant counts by the day of China.
    Source: GB/T 7408 (ISO 8601), data standards section 2, row "date".
    """
    if type(value) is str:
        return _read_text(value)
    return _read(value, NONE_DATES)


@lru_cache(maxsize=20_000)
def _read_text(text: str) -> Result:
    return _read(text, NONE_DATES)


def birth_date(value: Scalar) -> Result:
    """The same, but 1900-01-01 is a day on which people were born.

    Source: GB/T 7408 (ISO 8601), data standards section 2, row "date".
    """
    if type(value) is str:
        return _read_birth(value)
    return _read(value, _NO_BIRTHS)


@lru_cache(maxsize=20_000)
def _read_birth(text: str) -> Result:
    return _read(text, _NO_BIRTHS)


def _read(value: Scalar, none: frozenset[str]) -> Result:
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    moment = epoch(value, original.strip())
    if moment is None:
        return _in_text(original, none)
    if isinstance(moment, Text):
        return Unreadable(original, moment)
    return _on_day(moment, original, none)


def _in_text(original: str, none: frozenset[str]) -> Result:
    parts = told(original)
    if parts is ABSENT:
        return ABSENT
    if parts is None:
        return Unreadable(original, objection(original))
    if parts.zone:
        return _on_day(datetime.fromisoformat(parts.iso + parts.zone), original, none)
    found = parts.iso[:10]
    return ABSENT if found in none else found


def _on_day(moment: datetime, original: str, none: frozenset[str]) -> Result:
    day = day_of(moment)
    if day is None:
        return Unreadable(original, TOO_FAR)
    return ABSENT if day.isoformat() in none else day.isoformat()


def epoch(value: Scalar, text: str) -> datetime | Text | None:
    """Seconds or milliseconds since 1970, where the value is such a number; the
    reason where it may be one and a date in digits as well.
    """
    if type(value) is str and text[4:5] in _SEPARATORS:
        return None  # nearly every text: it has a date's shape
    if found := _ASP.fullmatch(text):
        return _since_1970(int(found[1]))
    is_text = isinstance(value, str)
    shape = _EPOCH_TEXT if is_text else _EPOCH
    if not shape.fullmatch(text) or _DAY_AHEAD.fullmatch(text):
        return None
    # yyyymmddHHMM as text is a date, as a number either; yyyymmddHH is either
    is_minute = _MINUTE_AHEAD.fullmatch(text) is not None
    if is_minute and is_text:
        return None
    if is_minute or (is_text and _HOUR_AHEAD.fullmatch(text)):
        return _ON_TWO
    number = int(text)
    count = number if abs(number) >= _MILLISECONDS else number * 1000
    return _since_1970(count) if abs(number) >= _LEAST_EPOCH else None


def _since_1970(milliseconds: int) -> datetime | Text:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return TOO_FAR


@lru_cache(maxsize=20_000)
def _tellable(value: str) -> date | Unreadable:
    """The day of a canonical date, or of a canonical time by the clock of China."""
    try:
        if _ISO_DAY.fullmatch(value):
            day: date | None = date.fromisoformat(value)
        else:
            moment = datetime.fromisoformat(value)
            day = day_of(moment) if moment.tzinfo is not None else None
    except ValueError:
        return CANNOT_TELL
    if day is None:
        return CANNOT_TELL
    return Unreadable("", _ON_RECEIVER) if day.isoformat() in _NO_BIRTHS else day


def written(spell: Callable[[date], str]) -> Callable[[Result], Result]:
    """A write side of dates; what receivers take for "none" cannot be told."""

    def write(value: Result) -> Result:
        day = _tellable(value) if type(value) is str else CANNOT_TELL
        return day if type(day) is Unreadable else spell(day)  # type: ignore[arg-type]  # a date by now

    return write


_TITLE = Text("日期", "a date")

_WRITTEN: dict[str, Callable[[date], str]] = {
    "date": date.isoformat,
    "date_dash": date.isoformat,
    "date_compact": lambda day: f"{day.year:04}{day.month:02}{day.day:02}",
    "date_slash": lambda day: f"{day.year:04}/{day.month}/{day.day}",
    "date_dot": lambda day: f"{day.year:04}.{day.month}.{day.day}",
    "date_cn": lambda day: f"{day.year:04}年{day.month}月{day.day}日",
    "date_midnight": lambda day: f"{day.isoformat()} 00:00:00",
}

CONVERTERS = (
    *(
        Converter(name, _TITLE, "date", read_date, written(spell))
        for name, spell in _WRITTEN.items()
    ),
    Converter("birth_date", _TITLE, "date", birth_date, written(date.isoformat)),
)
