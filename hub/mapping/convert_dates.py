"""Converters of dates and times; local times are those of Asia/Shanghai."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from hub.errors import Text
from hub.mapping.convert import Converter
from hub.mapping.convert_text import fold_width
from hub.mapping.value import (
    ABSENT,
    Absent,
    Result,
    Scalar,
    Unreadable,
    as_text,
    is_blank,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEIJING_TIME = timezone(timedelta(hours=8))

#: dates by which old systems say "none", beside those of year 0 and 9999
NONE_DATES = frozenset({"1900-01-01", "0001-01-01", "1753-01-01"})

_DATE = r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?"
_CLOCK = r"(\d{1,2})(?:[:：时点](\d{1,2})(?:[:：分](\d{1,2})(?:[.,](\d+))?秒?)?分?)?"
_ZONE = r"(Z|[+-]\d{2}:?\d{2})?"
_FULL = re.compile(rf"{_DATE}(?:[T\s]*{_CLOCK}\s*{_ZONE})?")
_COMPACT = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:[T\s]?(\d\d):?(\d\d)(?::?(\d\d)(?:\.(\d+))?)?)?"
)
_ASP = re.compile(r"/?\\?/Date\((-?\d+)(?:[+-]\d{4})?\)\\?/")
_EPOCH = re.compile(r"-?\d{9,10}|-?\d{12,13}")
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]+)月([一二三四五六七八九十]+)日"
)

_Parts = tuple[int, int, int, int, int, int, str, str]


def read_date(value: Scalar) -> Result:
    """A date in any of the known shapes as ``YYYY-MM-DD``; sentinels are absent."""
    found = _date(value)
    return ABSENT if found in NONE_DATES else found


def birth_date(value: Scalar) -> Result:
    """The same, but 1900-01-01 is a day on which people were born."""
    return _date(value)


def local_time(value: Scalar) -> Result:
    """A time as ISO 8601 with +08:00; a date alone is its midnight."""
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    moment = _epoch(value)
    if moment is not None:
        return moment.astimezone(BEIJING_TIME).isoformat()
    found = _time_of(original)
    if found is None:
        return Unreadable(original)
    if found is ABSENT or found[:10] in NONE_DATES:
        return ABSENT
    return found


def _date(value: Scalar) -> Result:
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    moment = _epoch(value)
    if moment is not None:
        return moment.astimezone(SHANGHAI).date().isoformat()
    return _date_of(original) or Unreadable(original)


@lru_cache(maxsize=20_000)
def _date_of(original: str) -> str | Absent | None:
    parts = _parts(original)
    if parts is None or parts is ABSENT:
        return parts
    year, month, day, hour, minute, second, _, zone = parts
    try:
        if zone:
            moment = datetime.fromisoformat(f"{_iso(parts)}{zone}")
            return moment.astimezone(SHANGHAI).date().isoformat()
        datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - checked only
        return date(year, month, day).isoformat()
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=20_000)
def _time_of(original: str) -> str | Absent | None:
    parts = _parts(original)
    if parts is None or parts is ABSENT:
        return parts
    try:
        moment = datetime.fromisoformat(_iso(parts) + (parts[7] or "+08:00"))
        return moment.astimezone(BEIJING_TIME).isoformat()
    except (ValueError, OverflowError):
        return None


def _iso(parts: _Parts) -> str:
    year, month, day, hour, minute, second, fraction, _ = parts
    tail = f".{fraction[:6]:0<6}" if fraction.strip("0") else ""
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{tail}"


def _parts(original: str) -> _Parts | Absent | None:
    """Year to second, fraction and zone; absent for sentinels; None: no date."""
    text = _from_han(fold_width(original))
    if found := _FULL.fullmatch(text):
        year, *months, day, hour, minute, second, fraction, zone = found.groups()
        month = next(part for part in months if part)
    elif found := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, fraction = found.groups()
        zone = ""
    else:
        return None
    if (year == "0000" and int(month) == 0) or (year, int(month), int(day)) == (
        "9999",
        12,
        31,
    ):
        return ABSENT
    numbers = (int(part or 0) for part in (year, month, day, hour, minute, second))
    return (*numbers, fraction or "", _zone(zone))  # type: ignore[return-value]  # six numbers


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    return "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"


def _epoch(value: Scalar) -> datetime | None:
    """Seconds or milliseconds since 1970, where the value is such a number."""
    if isinstance(value, bool):
        return None
    text = as_text(value).strip()
    if found := _ASP.fullmatch(text):
        return _since_1970(int(found[1]) / 1000)
    if not isinstance(value, int | float) and not _EPOCH.fullmatch(text):
        return None
    if isinstance(value, int | float) and _looks_compact(text):
        return None
    number = float(value)
    return _since_1970(number / 1000 if abs(number) >= 1e11 else number)


def _looks_compact(text: str) -> bool:
    """20230801 as a JSON number is a date in one word, not a day of 1970."""
    return _COMPACT.fullmatch(text) is not None and "1800" < text[:4] < "2200"


def _since_1970(seconds: float) -> datetime | None:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None


def _from_han(text: str) -> str:
    """二〇二三年八月一日 as 2023年8月1日; anything else as it is."""
    found = _HAN_DATE.match(text)
    if not found:
        return text
    year, month, day = found.groups()
    return f"{year.translate(_HAN_DIGITS)}年{han_number(month)}月{han_number(day)}日{text[found.end() :]}"


def han_number(text: str) -> int:
    """A Chinese number below one hundred: 三, 十二, 二十, 三十一; 0 if it is none."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not set(tens + ones) <= set("〇零一二三四五六七八九两"):
        return 0
    digits = str.maketrans("〇零一二三四五六七八九两", "001234567892")
    high = int(tens.translate(digits) or 1) if ten else 0
    return high * 10 + int(ones.translate(digits) or 0)


def _written(spell: Callable[[date], str]) -> Callable[[Result], Result]:
    def write(value: Result) -> Result:
        try:
            return spell(date.fromisoformat(str(value)[:10]))
        except ValueError:
            return Unreadable(as_text(value) if isinstance(value, str) else "")

    return write


def _written_time(form: str) -> Callable[[Result], Result]:
    def write(value: Result) -> Result:
        try:
            moment = datetime.fromisoformat(str(value))
            return moment.astimezone(BEIJING_TIME).strftime(form)
        except ValueError:
            return Unreadable(as_text(value) if isinstance(value, str) else "")

    return write


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
    Converter("local_time", _TIME, "time", local_time, lambda value: value),
    *(
        Converter(name, _TIME, "time", local_time, _written_time(form))
        for name, form in _WRITTEN_TIMES.items()
    ),
)
