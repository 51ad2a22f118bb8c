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

from hub.contract.messages import Watermark

STAMP = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a change list: whose key changed, and when (second precision)."""

    key: str
    modified: str


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

    def watermark(self) -> Watermark:
        """What to keep."""
        return Watermark({"high": self.high, "seen": dict(self.seen)})


def _earlier(stamp: str, lag: timedelta) -> str:
    moment = datetime.strptime(stamp, STAMP)  # noqa: DTZ007 - the far side's local clock
    return (moment - lag).strftime(STAMP)
