"""Dates and times as people and old systems write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from hub.mapping.convert_text import fold_width
from hub.mapping.value import ABSENT, Absent

_DAY = (
    r"(?P<year>\d{4})"
    r"(?:-(?P<m1>\d{1,2})-|/(?P<m2>\d{1,2})/|\.(?P<m3>\d{1,2})\.)"
    r"(?P<day>\d{1,2})"
)
_HAN_DAY = r"(?P<year>\d{4})年(?P<m1>\d{1,2})月(?P<day>\d{1,2})日"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})"
    r"(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_HAN_CLOCK = (
    r"(?P<hour>\d{1,2})[时点](?:(?P<minute>\d{1,2})分(?:(?P<second>\d{1,2})秒)?)?"
)
_COMPACT = (
    r"(?P<year>\d{4})(?P<m1>\d\d)(?P<day>\d\d)(?:[T\s]?(?P<hour>\d\d):?(?P<minute>\d\d)"
    r"(?::?(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?)?)?"
)
_SHAPES = tuple(
    re.compile(shape, re.ASCII)
    for shape in (
        rf"{_DAY}(?:(?:T|\s+){_CLOCK})?",
        _COMPACT,
        rf"{_HAN_DAY}(?:\s*{_CLOCK})?",
        rf"{_HAN_DAY}\s*{_HAN_CLOCK}",
    )
)
_FIGURES = "〇○零一二三四五六七八九"
_FIGURE_VALUES = str.maketrans(_FIGURES, "000123456789")
_HAN_WORDS = re.compile(rf"([{_FIGURES}]{{4}})年([{_FIGURES}十]+)月([{_FIGURES}十]+)日")
_HAN_NUMBER = re.compile(
    r"\d{1,4}|[〇零一二三四五六七八九两]|([一二三四五六七八九])?十([一二三四五六七八九])?"
)
_HAN_VALUES = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A real date and time; ``iso`` ends in ``zone`` where one was told."""

    iso: str
    zone: str


@lru_cache(maxsize=20_000)
def told(original: str) -> Told | Absent | None:
    """What a text tells; absent for sentinels, ``None`` where it is no date."""
    text = _in_figures(fold_width(original))
    for shape in _SHAPES:
        if found := shape.fullmatch(text):
            return _moment(found.groupdict())
    return None


def _moment(told: dict[str, str | None]) -> Told | Absent | None:
    month = int(told["m1"] or told.get("m2") or told.get("m3") or 0)
    year, day = int(told["year"] or 0), int(told["day"] or 0)
    if (year, month, day) in ((0, 0, 0), (9999, 12, 31)):
        return ABSENT
    hour, minute, second = (int(told.get(name) or 0) for name in _CLOCK_PARTS)
    fraction = (told.get("fraction") or "").rstrip("0")[:6]
    zone = _zone(told.get("zone"))
    iso = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    iso += f".{fraction:0<6}" if fraction else ""
    try:
        datetime.fromisoformat(iso + zone)
    except ValueError:
        return None
    return Told(iso + zone, zone)


_CLOCK_PARTS = ("hour", "minute", "second")


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    return "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"


def _in_figures(text: str) -> str:
    """二〇二三年八月一日 as 2023年8月1日; anything else as it is."""
    found = _HAN_WORDS.match(text)
    if not found:
        return text
    year = found[1].translate(_FIGURE_VALUES)
    month, day = han_number(found[2]), han_number(found[3])
    return f"{year}年{month or 0}月{day or 0}日{text[found.end() :]}"


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
