"""What of a folder has been taken: the watermark of a system without a change list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from hub.contract.messages import Watermark
from hub.wire.drop import Left


@dataclass(frozen=True, slots=True)
class Shelf:
    """File sets by name: those taken, and broken ones that may still be mended.

    ``seen`` maps a name to the stamp that was taken. ``waiting`` maps a name to
    ``[stamp, since]``, ``since`` in seconds by the hub's own clock: the far side's
    may be wrong, so a broken set is given up only after standing still that long.
    """

    seen: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    @classmethod
    def resume(cls, watermark: Watermark) -> Shelf:
        """The shelf that a stored watermark describes."""
        value = watermark.value
        seen = cast("dict[str, str]", value.get("seen") or {})
        waiting = cast("dict[str, list[object]]", value.get("waiting") or {})
        return cls(
            seen,
            {
                name: (str(stamp), float(str(since)))
                for name, (stamp, since) in waiting.items()
            },
        )

    def watermark(self) -> Watermark:
        """What to keep."""
        return Watermark(
            {
                "seen": dict(self.seen),
                "waiting": {name: list(row) for name, row in self.waiting.items()},
            }
        )

    def only(self, left: Iterable[Left]) -> Shelf:
        """Without what has gone from the folder, so it does not grow for ever."""
        names = {one.name for one in left}
        return Shelf(
            {name: stamp for name, stamp in self.seen.items() if name in names},
            {name: row for name, row in self.waiting.items() if name in names},
        )

    def unseen(self, left: Iterable[Left]) -> tuple[Left, ...]:
        """What is new or was written again, in the order given."""
        return tuple(one for one in left if self.seen.get(one.name) != one.stamp)

    def is_final(self, left: Left, now: float, settle: float) -> bool:
        """Has a broken set stood still for ``settle`` seconds, by either clock?"""
        stamp, since = self.waiting.get(left.name, ("", now))
        stood = now - since if stamp == left.stamp else 0.0
        return max(now - left.touched, stood) >= settle

    def see(self, left: Left) -> Shelf:
        """This set was taken as it stands."""
        waiting = {name: row for name, row in self.waiting.items() if name != left.name}
        return Shelf({**self.seen, left.name: left.stamp}, waiting)

    def wait(self, left: Left, now: float) -> Shelf:
        """This set is left for the next pull."""
        stamp, since = self.waiting.get(left.name, ("", now))
        row = (left.stamp, since if stamp == left.stamp else now)
        return replace(self, waiting={**self.waiting, left.name: row})
