"""Converters of times: ISO 8601 with the offset that the clock of China had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from hub.errors import Text
from hub.mapping.converters.clock import TWICE, day_of, meant, shown
from hub.mapping.converters.converter import CANNOT_TELL, Converter
from hub.mapping.converters.date_text import objection, told
from hub.mapping.converters.dates import NONE_DATES, epoch
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank


def local_time(value: Scalar) -> Result:
    """A time as ISO 8601 with its offset; a date alone is its midnight.

    +08:00, and +09:00 in the summer time of 1986 to 1991; every digit of a fraction
    is kept. A time without offset is one by the clock of China.
    Source: GB/T 7408 (ISO 8601); IANA time zone database, Asia/Shanghai.
    """
    return _read_text(value) if type(value) is str else _read(value)


@lru_cache(maxsize=20_000)
def _read_text(text: str) -> Result:
    return _read(text)


def _read(value: Scalar) -> Result:
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    moment = epoch(value, original.strip())
    if moment is None:
        return _in_text(original)
    if isinstance(moment, Text):
        return Unreadable(original, moment)
    return _at(moment, f"{moment.microsecond:06}".rstrip("0"), original)


def _in_text(original: str) -> Result:
    parts = told(original)
    if parts is None:
        return Unreadable(original, objection(original))
    if parts is ABSENT or parts.iso[:10] in NONE_DATES:
        return ABSENT
    if parts.zone:
        moment = datetime.fromisoformat(parts.iso + parts.zone)
        return _at(moment, parts.fraction, original)
    return answer(meant(parts.iso, parts.fraction), original)


def _at(moment: datetime, fraction: str, original: str) -> Result:
    if str(day_of(moment)) in NONE_DATES:
        return ABSENT
    return answer(shown(moment.replace(microsecond=0), fraction), original)


def answer(found: str | Text, original: str) -> Result:
    """A time, or why there is none."""
    return Unreadable(original, found) if isinstance(found, Text) else found


def stored(value: Result) -> datetime | None:
    """The moment of a canonical time; ``None`` for anything else."""
    if type(value) is not str:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _written_time(form: Callable[[datetime], str]) -> Callable[[Result], Result]:
    """A write side to whole seconds by the clock of China, without the offset."""

    def write(value: Result) -> Result:
        moment = stored(value)
        if moment is None:
            return CANNOT_TELL
        found = shown(moment.replace(microsecond=0))
        if isinstance(found, Text):
            return Unreadable("", found)
        if meant(found[:19]) != found:
            return Unreadable("", TWICE)
        return form(datetime.fromisoformat(found))

    return write


def _write_iso(value: Result) -> Result:
    moment = stored(value)
    return (
        CANNOT_TELL
        if moment is None
        else answer(shown(moment.replace(microsecond=0)), "")
    )


def _write_local(value: Result) -> Result:
    return CANNOT_TELL if stored(value) is None else local_time(str(value))


_TIME = Text("时间", "a time")

CONVERTERS = (
    Converter("local_time", _TIME, "time", local_time, _write_local),
    Converter(
        "time_dash",
        _TIME,
        "time",
        local_time,
        _written_time(lambda local: local.strftime("%Y-%m-%d %H:%M:%S")),
    ),
    Converter(
        "time_compact",
        _TIME,
        "time",
        local_time,
        _written_time(lambda local: local.strftime("%Y%m%d%H%M%S")),
    ),
    Converter("time_iso", _TIME, "time", local_time, _write_iso),
)
