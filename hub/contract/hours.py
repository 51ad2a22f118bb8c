"""Opening hours: some systems answer only by day, and closed is not broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """When a system answers, every day the same (服务时间).

    ``opens`` and ``closes`` are minutes of the day in Shanghai; ``closes`` is the
    first minute in which it is closed again.
    """

    opens: int = 0
    closes: int = _MINUTES

    @classmethod
    def of(cls, text: str) -> Self:
        """``08:00-20:00``; empty means always. Raises ``ValueError``."""
        if not text:
            return cls()
        opens, _, closes = text.partition("-")
        found = cls(_minute(opens), _minute(closes))
        if not 0 <= found.opens < found.closes <= _MINUTES:
            raise ValueError(f"no hours of one day: {text[:32]}")
        return found

    def is_open(self, now: datetime) -> bool:
        """Does it answer at this moment?"""
        local = now.astimezone(SHANGHAI)
        return self.opens <= local.hour * 60 + local.minute < self.closes

    def opening(self, now: datetime) -> datetime:
        """When it answers next; ``now`` itself while it is open."""
        if self.is_open(now):
            return now
        opens, _ = self._day(now)
        return opens if now < opens else opens + timedelta(days=1)

    def after(self, start: datetime, seconds: float) -> datetime:
        """The moment when it has been open for so many seconds since ``start``."""
        left, at = timedelta(seconds=seconds), start
        for _ in range(400):
            at = self.opening(at)
            _, closes = self._day(at)
            if closes - at >= left:
                return at + left
            left, at = left - (closes - at), closes
        return at + left

    def _day(self, moment: datetime) -> tuple[datetime, datetime]:
        """Opening and closing of the day in Shanghai that holds a moment."""
        local = moment.astimezone(SHANGHAI)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return (
            midnight + timedelta(minutes=self.opens),
            midnight + timedelta(minutes=self.closes),
        )


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(minute) < 60):
        raise ValueError(f"no time of a day: {text[:16]}")
    return int(hour) * 60 + int(minute)
