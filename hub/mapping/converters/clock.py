"""The clock of China: what a local time was worth, and what it showed at a moment.

Asia/Shanghai of the IANA time zone database everywhere, so that a day and a time
taken from one moment agree. It had summer time from 1986 to 1991, where the offset is
+09:00: what an old system stored as midnight stays midnight.
Before 1901 it kept the sun's time, which ISO 8601 cannot tell.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from hub.errors import Text

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

#: since then the offset is +08:00 and nothing else
_STEADY = "1992"
_FIRST_YEAR = 1901

BEFORE: Final = Text(
    "1901 年以前没有标准时间", "there was no standard time before 1901"
)
NEVER: Final = Text(
    "该时刻因夏令时开始而不存在", "the clock skipped this hour when summer time began"
)
TWICE: Final = Text(
    "该时刻因夏令时结束而出现两次",
    "the clock showed this hour twice at summer time's end",
)
TOO_FAR: Final = Text("时间超出范围", "the time is out of range")


def day_of(moment: datetime) -> date | None:
    """The day that the clock of China showed at a moment, the sun's time before 1901.

    ``None`` out of the calendar.
    """
    try:
        return moment.astimezone(SHANGHAI).date()
    except (OverflowError, ValueError):
        return None


def shown(moment: datetime, fraction: str = "") -> str | Text:
    """A moment of whole seconds as ISO 8601 by the clock of China, or why not."""
    try:
        local = moment.astimezone(SHANGHAI)
    except (OverflowError, ValueError):
        return TOO_FAR
    if local.year < _FIRST_YEAR:
        return BEFORE
    iso = local.isoformat()
    return iso[:19] + _after_point(fraction) + iso[19:]


def meant(iso: str, fraction: str = "") -> str | Text:
    """A local time without offset (``YYYY-MM-DDThh:mm:ss``) with its offset, or why
    it has none or two.
    """
    if iso >= _STEADY:
        return f"{iso}{_after_point(fraction)}+08:00"
    local = datetime.fromisoformat(iso).replace(tzinfo=SHANGHAI)
    if local.year < _FIRST_YEAR:
        return BEFORE
    first, second = local.utcoffset(), local.replace(fold=1).utcoffset()
    if first != second:
        # a skipped hour has the offset before the jump first (PEP 495)
        return NEVER if first < second else TWICE  # type: ignore[operator]  # both known
    return shown(local, fraction)


def _after_point(fraction: str) -> str:
    """Up to six digits are written as six, as Python does; more stay."""
    return f".{fraction:0<6}" if fraction else ""
