"""A watermark for systems that list changes by modification time.

Asking for "later than the last" loses ties and late commits. Asking again from a
while before it finds them, and remembering what was seen in that while keeps the
second look cheap. Pure; the adapter keeps the window in its ``Watermark``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from hub.contract.messages import UNKEEPABLE, Tree, Watermark

STAMP = "%Y-%m-%d %H:%M:%S"
SHANGHAI = ZoneInfo("Asia/Shanghai")

#: how far an agency's clock may be off
SKEW = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a change list: whose key changed, and when (second precision)."""

    key: str
    modified: str

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for what no watermark can hold."""
        if UNKEEPABLE.search(self.key) or UNKEEPABLE.search(self.modified):
            raise ValueError("a change's key or time holds an unkeepable character")


@dataclass(frozen=True, slots=True)
class Window:
    """How far a change list has been read.

    ``high`` is the newest modification time seen (``YYYY-mm-dd HH:MM:SS``),
    ``seen`` maps key to modification time for every row inside the lag.
    """

    lag: timedelta
    high: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def resume(cls, watermark: Watermark, lag_seconds: int) -> Window:
        """The window that a stored watermark describes."""
        value = watermark.value
        seen = cast("dict[str, str]", value.get("seen") or {})
        return cls(timedelta(seconds=lag_seconds), str(value.get("high") or ""), seen)

    @property
    def since(self) -> str:
        """From when to ask; empty means from the beginning."""
        return _earlier(self.high, self.lag) if self.high else ""

    def unseen(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """The rows not yet taken, each once, oldest first."""
        fresh = {
            change.key: change
            for change in sorted(changes, key=lambda row: row.modified)
            if self.seen.get(change.key) != change.modified
        }
        return tuple(sorted(fresh.values(), key=lambda row: (row.modified, row.key)))

    def advance(self, changes: Iterable[Change]) -> Window:
        """The window after these rows were stored; forgets what left the lag."""
        seen = dict(self.seen)
        seen.update((change.key, change.modified) for change in changes)
        high = max([self.high, *seen.values()], default="")
        floor = _earlier(high, self.lag) if high else ""
        kept = {key: at for key, at in seen.items() if at >= floor}
        return Window(self.lag, high, kept)

    def watermark(self, now: datetime | None = None) -> Watermark:
        """What to keep; ``now`` is the far side's local time (default: Shanghai's).

        A row of the newest second may change again within that second and keep
        its stamp. It is not remembered as seen until a later second was listed or
        no clock can still be in it, so the next pull looks at it once more.
        """
        clock = now or datetime.now(SHANGHAI).replace(tzinfo=None)
        is_over = not self.high or _moment(self.high) < clock - SKEW
        settled: dict[str, Tree] = {
            key: at for key, at in self.seen.items() if is_over or at < self.high
        }
        return Watermark({"high": self.high, "seen": settled})


def _earlier(stamp: str, lag: timedelta) -> str:
    return (_moment(stamp) - lag).strftime(STAMP)


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP)  # noqa: DTZ007 - the far side's local clock
