"""What somebody wants to see of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoWish:
    """``story`` empty for none; ``stay`` until Ctrl-C; ``cases`` to be invented."""

    story: str
    fresh: bool
    cases: int
    stay: bool
