"""Dates and times as people and old systems write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from hub.errors import Text
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Absent

_DAY = (
    r"(?P<year>\d{4})"
    r"(?:-(?P<m1>\d{1,2})-|/(?P<m2>\d{1,2})/|\.(?P<m3>\d{1,2})\.)"
    r"(?P<day>\d{1,2})"
)
_HAN_DAY = r"(?P<year>\d{4})年(?P<m1>\d{1,2})月(?P<day>\d{1,2})[日号]"
_ZONE = r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})"
    rf"(?:[.,](?P<fraction>\d{{1,9}}))?)?\s*{_ZONE}"
)
_HAN_CLOCK = (
    r"(?P<hour>\d{1,2})[时点](?:(?P<minute>\d{1,2})分(?:(?P<second>\d{1,2})秒)?)?"
)
_COMPACT = (
    r"(?P<year>\d{4})(?P<m1>\d\d)(?P<day>\d\d)(?:[T\s]?(?P<hour>\d\d):?(?P<minute>\d\d)"
    rf"(?::?(?P<second>\d\d)(?:\.(?P<fraction>\d{{1,9}}))?)?{_ZONE})?"
)
_SHAPES = tuple(
    re.compile(shape, re.ASCII)
    for shape in (
        rf"{_DAY}(?:(?:T|\s+){_CLOCK})?",
        _COMPACT,
        rf"{_HAN_DAY}(?:\s*{_CLOCK})?",
        rf"{_HAN_DAY}\s*{_HAN_CLOCK}",
        # xs:date as Java writes it: only the offset of China keeps its day here
        rf"{_DAY}\+08:?00",
    )
)
_LONGEST = 60
#: the 12-hour clock: 下午 ahead of the hour, PM behind it
_HALF = re.compile(r"\s*(上午|下午|[AP]\.?M\.?)\s*", re.ASCII | re.IGNORECASE)
_FIGURES = "〇○零一二三四五六七八九"
_FIGURE_VALUES = str.maketrans(_FIGURES, "000123456789")
_HAN_WORDS = re.compile(
    rf"([{_FIGURES}]{{4}})年(?:([{_FIGURES}十]+)月(?:([{_FIGURES}十]+)[日号])?)?"
)
_HAN_NUMBER = re.compile(
    r"\d{1,4}|[〇零一二三四五六七八九两]|([一二三四五六七八九])?十([一二三四五六七八九])?"
)
_HAN_VALUES = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_PARTIAL = re.compile(
    r"(?P<year>(?:1[89]|2[01])\d\d)(?:年?|0000|[-/.]0?0[-/.]0?0|"
    r"(?:(?P<m1>\d\d)(?:00)?|[-/.](?P<m2>\d{1,2})(?:[-/.]0?0)?|年(?P<m3>\d{1,2})月份?))",
    re.ASCII,
)
_TWO_DIGITS = re.compile(r"\d{6}|\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?", re.ASCII)
_SHEET = re.compile(r"\d{4,5}(?:\.\d+)?", re.ASCII)

_ON_DAY = Text("日期或时间不可能存在", "there is no such day or time")
_ON_PARTIAL = Text("只有年份或年月，没有日", "it tells a year or a month, no day")
_ON_CENTURY = Text("年份只有两位", "its year has two digits")
_ON_SHEET = Text(
    "像电子表格的日期序号；如是，用 date_excel",
    "it looks like a spreadsheet's day number; if so, name date_excel",
)
_ON_SHAPE = Text("不是日期", "it is no date")


@dataclass(frozen=True, slots=True)
class Told:
    """A real date and time: ``iso`` to the second, then what more was told.

    ``fraction`` has up to 9 digits, ``zone`` is an offset; both may be empty.
    ``precision`` is ``day``, ``minute`` or ``second`` (an hour counts as its first
    minute).
    """

    iso: str
    zone: str
    fraction: str = ""
    precision: str = "second"


@lru_cache(maxsize=20_000)
def told(original: str) -> Told | Absent | None:
    """What a text tells; absent for sentinels, ``None`` where it is no date."""
    text = _in_figures(fold_width(original))
    for shape in _SHAPES:
        if found := shape.fullmatch(text):
            return _moment(found.groupdict())
    return _by_half_days(text) if len(text) <= _LONGEST else None


def _by_half_days(text: str) -> Told | Absent | None:
    """The same on a 12-hour clock: 12 is the hour before 1."""
    halves = _HALF.findall(text)
    if len(halves) != 1:
        return None
    bare = _HALF.sub(" ", text).strip()
    for shape in _SHAPES:
        found = shape.fullmatch(bare)
        parts = found.groupdict() if found else {}
        hour = int(parts.get("hour") or 0)
        if 1 <= hour <= 12 and ":" in bare:
            is_late = halves[0][0] in "下Pp"
            parts["hour"] = str(hour % 12 + 12 * is_late)
            return _moment(parts)
    return None


def _moment(parts: dict[str, str | None]) -> Told | Absent | None:
    month = int(parts["m1"] or parts.get("m2") or parts.get("m3") or 0)
    year, day = int(parts["year"] or 0), int(parts["day"] or 0)
    if (year, month, day) in ((0, 0, 0), (9999, 12, 31)):
        return ABSENT
    hour, minute, second = (int(parts.get(name) or 0) for name in _CLOCK_PARTS)
    zone = _zone(parts.get("zone"))
    iso = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    try:
        datetime.fromisoformat(iso + zone)
    except ValueError:
        return None
    precision = "second" if parts.get("second") else "minute"
    return Told(
        iso,
        zone,
        (parts.get("fraction") or "").rstrip("0"),
        precision if parts.get("hour") else "day",
    )


_CLOCK_PARTS = ("hour", "minute", "second")


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    return "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"


def partial(original: str) -> str | None:
    """A date told to the year or month, as ISO 8601 tells it: 2023, 2023-08.

    ``None`` where the text is no such date. The years are those from 1800 to 2199,
    so that 202308 is a month and 230801 none.
    """
    found = _PARTIAL.fullmatch(_in_figures(fold_width(original)))
    if not found:
        return None
    month = int(found["m1"] or found["m2"] or found["m3"] or -1)
    if month < 0:
        return found["year"]
    return f"{found['year']}-{month:02}" if 1 <= month <= 12 else None


def objection(original: str) -> Text:
    """Why a text that ``told`` does not read is no whole date."""
    text = _in_figures(fold_width(original))
    if partial(original) is not None:
        return _ON_PARTIAL
    if any(shape.fullmatch(text) for shape in _SHAPES):
        return _ON_DAY
    if _TWO_DIGITS.fullmatch(text):
        return _ON_CENTURY
    return _ON_SHEET if _SHEET.fullmatch(text) else _ON_SHAPE


def _in_figures(text: str) -> str:
    """二〇二三年八月一日 as 2023年8月1日; anything else as it is."""
    if text.isascii():
        return text
    found = _HAN_WORDS.match(text)
    if not found:
        return text
    told = found[1].translate(_FIGURE_VALUES) + "年"
    if found[2]:
        told += f"{han_number(found[2]) or 0}月"
    if found[3]:
        told += f"{han_number(found[3]) or 0}日"
    return told + text[found.end() :]


def han_number(text: str) -> int | None:
    """A number below one hundred: 三, 十二, 二十, 三十一, 18; ``None`` if none."""
    found = _HAN_NUMBER.fullmatch(text)
    if not found:
        return None
    if text.isascii():
        return int(text)
    if "十" not in text:
        return _HAN_VALUES[text]
    return _HAN_VALUES.get(found[1], 1) * 10 + _HAN_VALUES.get(found[2], 0)
