"""Who asks, and how far that caller's eyes reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever signed the request (调用方): an agency's system, by its token.

    ``agency_type`` decides the rights (``hub.engine.policy``). ``expires_at`` is
    the token's end; a subscription does not outlive it. ``None`` for callers
    inside the process.
    """

    agency: str
    agency_type: str
    expires_at: datetime | None = None


class Reach(Enum):
    """How much of a thing may be seen (可见范围)."""

    NOTHING = "nothing"
    OWN = "own"  # what the caller's agency takes part in
    STATES = "states"  # all of it, but states and codes only: no case content
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one caller may see of one kind of thing; every read takes one.

    It becomes a predicate inside the SQL statement, so a hidden row and a
    missing row are the same thing to everything above the store.
    """

    agency: str
    reach: Reach

    @property
    def sees_content(self) -> bool:
        """May the words of a case be shown, or only states and codes?"""
        return self.reach in {Reach.OWN, Reach.ALL}
