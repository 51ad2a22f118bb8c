"""Traffic counted, what moved in it, and what of a mapping it bears out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Count:
    """What one page counted of a raw path of one kind of record, or of a code there.

    ``table`` and ``code`` are empty for a field. ``seen``: how often it was there,
    ``filled``: how often it told something. ``look`` is the class of a value.
    """

    kind: str
    path: str
    table: str
    code: str
    seen: int
    filled: int
    look: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day's counts. ``is_load``: counted in a pull from the beginning."""

    day: date
    seen: int
    filled: int
    is_load: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """The days of one path, or of one code at a path, oldest first."""

    kind: str
    path: str
    table: str
    code: str
    look: str
    days: tuple[Day, ...]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is a series of."""
        return self.kind, self.path, self.table, self.code


@dataclass(frozen=True, slots=True)
class Finding:
    """A drift as found in the counts.

    ``drift`` is what kind it is, ``kind`` the raw record's. ``other`` is the new path
    or code of what was renamed. ``day``: the first day it shows. ``before`` of
    ``before_of`` and ``after`` of ``after_of`` are the counts it rests on.
    """

    drift: str
    kind: str
    path: str
    day: date
    before: int
    before_of: int
    after: int
    after_of: int
    table: str = ""
    code: str = ""
    other: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What makes two findings one drift."""
        return self.drift, self.kind, self.path, self.table, self.code, self.other


@dataclass(frozen=True, slots=True)
class Drift:
    """A drift as kept (漂移): a cause that a person has to look at.

    ``suggestions`` are rows or paths that may mend it, best first. ``cause`` is the
    cause key of the sync failures it makes, ``waiting`` how many records wait there.
    """

    id: int
    endpoint: str
    system: str
    drift: str
    kind: str
    path: str
    table: str
    code: str
    other: str
    first_on: date
    before_count: int
    before_of: int
    after_count: int
    after_of: int
    suggestions: tuple[Mapping[str, object], ...]
    cause: str
    state: str
    found_at: datetime
    ended_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class DriftFilter:
    """Which drifts are asked for; all that is given must hold."""

    endpoint: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class PathCount:
    """A raw path of a kind of record and how often it was seen; ``of``: of how many
    places where it could stand.
    """

    kind: str
    path: str
    count: int = 0
    of: int = 0
    where: str = ""


@dataclass(frozen=True, slots=True)
class CodeCount:
    """A raw code at a path (or anywhere, where ``path`` is empty) by a table."""

    table: str
    raw: str
    count: int = 0
    kind: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a system's mapping its traffic bears out, and what not (覆盖率).

    It rests on ``days`` days with traffic between ``first_day`` and ``last_day``;
    where ``records`` is 0 nothing at all can be said, and every list is empty.
    """

    system: str
    endpoints: tuple[str, ...]
    asked_days: int
    days: int = 0
    first_day: date | None = None
    last_day: date | None = None
    records: int = 0
    fields_seen: int = 0
    fields_known: int = 0
    unread: tuple[PathCount, ...] = ()
    unseen: tuple[PathCount, ...] = ()
    unfilled: tuple[PathCount, ...] = ()
    never_told: tuple[str, ...] = ()
    codes_unseen: tuple[CodeCount, ...] = ()
    codes_unmapped: tuple[CodeCount, ...] = ()

    @property
    def has_traffic(self) -> bool:
        """Is there anything to judge by?"""
        return self.records > 0
