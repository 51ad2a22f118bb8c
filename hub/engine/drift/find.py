"""What moved in an endpoint's traffic, found in its counts. Pure functions.

Rates rest on whole days after the first load: a load tells years of finished cases
in a day, and a morning is no day. A rate is a share of the places where the field
could stand, or of all codes at its path.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from hub.engine.drift.stats import Share, surprise
from hub.records.drift import Day, Finding, Series

CODE_NEW, CODE_VANISHED = "code_new", "code_vanished"
CODE_FREQUENT, CODE_RARE = "code_frequent", "code_rare"
CODE_RENAMED = "code_renamed"
FIELD_NEW, FIELD_VANISHED, FIELD_RENAMED = (
    "field_new",
    "field_vanished",
    "field_renamed",
)
DRIFTS = (
    CODE_NEW,
    CODE_VANISHED,
    CODE_FREQUENT,
    CODE_RARE,
    CODE_RENAMED,
    FIELD_NEW,
    FIELD_VANISHED,
    FIELD_RENAMED,
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """When a movement is a drift.

    ``window``: days that tell what is usual, and after which an absence makes a
    field new again. ``days``, ``before``: how many days and counts a rate needs.
    ``after``: the least count of a day that is compared, ``expected``: how often
    something must have been expected to be missed. ``chance``: the p value below
    which chance is not believed. ``factor``: how many times more or less often than
    usual, ``beyond``: than on the most extreme day of the window.
    ``history``: records after which a field can be called new.
    """

    window: int = 30
    days: int = 5
    before: int = 100
    after: int = 30
    expected: float = 10.0
    chance: float = 1e-6
    factor: float = 2.0
    beyond: float = 1.2
    history: int = 50


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Rules:
    """What the mapping in force says: is a path of a kind read (``read``, ``ignored``
    or ``unread``), and is a raw code known to the table that reads it (``None``: no
    table reads that path)?
    """

    path: Callable[[str, str], str]
    code: Callable[[str, str, str, str], bool | None]


@dataclass(slots=True)
class Traffic:
    """The series of an endpoint, as the finders ask for them."""

    series: Mapping[tuple[str, str, str, str], Series]
    today: date
    bounds: Bounds = BOUNDS
    _totals: dict[tuple[str, str, str], dict[date, int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, series: Iterable[Series], today: date, bounds: Bounds = BOUNDS
    ) -> Traffic:
        """The traffic of these series."""
        return cls({one.key: one for one in series}, today, bounds)

    @property
    def fields(self) -> list[Series]:
        """The series of raw paths."""
        return [one for one in self.series.values() if not one.table]

    @property
    def codes(self) -> list[Series]:
        """The series of raw codes."""
        return [one for one in self.series.values() if one.table]

    def parent(self, one: Series) -> Series | None:
        """The field in which a field stands; ``None`` for the record itself."""
        if not one.path:
            return None
        above = one.path.rpartition("/")[0]
        return self.series.get((one.kind, above, "", ""))

    def total(self, one: Series) -> dict[date, int]:
        """Day -> how often any code was seen at the path of this one's."""
        key = (one.kind, one.path, one.table)
        if key not in self._totals:
            found: dict[date, int] = {}
            for other in self.codes:
                if (other.kind, other.path, other.table) == key:
                    for day, count in daily(other.days).items():
                        found[day] = found.get(day, 0) + count
            self._totals[key] = found
        return self._totals[key]


def daily(days: Iterable[Day]) -> dict[date, int]:
    """Day -> how often something was told, first loads left out."""
    found: dict[date, int] = {}
    for one in days:
        if not one.is_load and one.filled:
            found[one.day] = found.get(one.day, 0) + one.filled
    return found


def seen_days(one: Series) -> list[date]:
    """The days on which it told something, loads included, oldest first."""
    return sorted({day.day for day in one.days if day.filled})


def shares(
    part: Mapping[date, int], whole: Mapping[date, int], start: date, end: date
) -> list[Share]:
    """The share of each day from ``start`` to before ``end`` that had traffic."""
    return [
        (min(part.get(day, 0), many), many)
        for day, many in sorted(whole.items())
        if start <= day < end and many
    ]


def new_codes(traffic: Traffic, rules: Rules) -> list[Finding]:
    """Raw codes that no row of their table knows, seen within the window."""
    oldest = traffic.today - timedelta(days=traffic.bounds.window)
    found = []
    for one in traffic.codes:
        days = seen_days(one)
        if not days or days[-1] < oldest or rules.code(*one.key) is not False:
            continue
        first = appeared(days, traffic.bounds.window)
        beside = [other for other in traffic.codes if other.key[:3] == one.key[:3]]
        before, after = (
            (
                _told(one.days, first, is_after=side),
                sum(_told(other.days, first, is_after=side) for other in beside),
            )
            for side in (False, True)
        )
        found.append(_finding(CODE_NEW, one, first, before, after))
    return sorted(found, key=lambda one: -one.after)


def appeared(days: Sequence[date], window: int) -> date:
    """The first day after the last absence that was longer than the window."""
    first = days[0]
    for before, after in itertools.pairwise(days):
        if (after - before).days > window:
            first = after
    return first


def new_fields(traffic: Traffic, rules: Rules) -> list[Finding]:
    """Raw fields that nobody maps or ignores, and that were not there before."""
    found: dict[tuple[str, str], Finding] = {}
    for one in sorted(traffic.fields, key=lambda one: one.path):
        days = seen_days(one)
        if not days or not one.path or rules.path(one.kind, one.path) != "unread":
            continue
        first = appeared(days, traffic.bounds.window)
        top = traffic.series.get((one.kind, "", "", ""))
        had = sum(day.filled for day in top.days if day.day < first) if top else 0
        above = one.path.rpartition("/")[0]
        is_inside = any(
            kind == one.kind and (above == path or above.startswith(f"{path}/"))
            for kind, path in found
        )
        recent = traffic.today - timedelta(days=traffic.bounds.window)
        if had >= traffic.bounds.history and not is_inside and days[-1] >= recent:
            parent = traffic.parent(one)
            of = _told(parent.days, first, is_after=True) if parent else 0
            after = _told(one.days, first, is_after=True)
            found[one.kind, one.path] = _finding(
                FIELD_NEW, one, first, (0, had), (after, of)
            )
    return list(found.values())


def _told(days: Iterable[Day], first: date, *, is_after: bool) -> int:
    """How often something was told before a day, or from it on."""
    return sum(day.filled for day in days if (day.day >= first) is is_after)


def gone_fields(traffic: Traffic, rules: Rules) -> list[Finding]:
    """Fields that the mapping reads and that told something no more."""
    found = []
    for one in traffic.fields:
        parent = traffic.parent(one)
        if parent is None or rules.path(one.kind, one.path) != "read":
            continue
        if not any(day.seen for day in parent.days):
            continue
        gone = _gone(traffic, one, daily(one.days), daily(parent.days))
        if gone is not None:
            found.append(_finding(FIELD_VANISHED, one, *gone))
    inside = {(one.kind, one.path) for one in found}
    return [one for one in found if not _has_above(one, inside)]


def _has_above(one: Finding, paths: set[tuple[str, str]]) -> bool:
    steps = one.path.split("/")
    return any(
        (one.kind, "/".join(steps[:depth])) in paths for depth in range(1, len(steps))
    )


def gone_codes(traffic: Traffic, rules: Rules) -> list[Finding]:
    """Codes that a table knows, once usual, and seen no more."""
    found = []
    for one in traffic.codes:
        if rules.code(*one.key) is True:
            gone = _gone(traffic, one, daily(one.days), traffic.total(one))
            if gone is not None:
                found.append(_finding(CODE_VANISHED, one, *gone))
    return found


def _gone(
    traffic: Traffic, one: Series, part: Mapping[date, int], whole: Mapping[date, int]
) -> tuple[date, Share, Share] | None:
    """(first day without, before, after) of what vanished, where it did."""
    days, bounds = seen_days(one), traffic.bounds
    if not days or days[-1] >= traffic.today or not part:
        return None
    last = max(part)
    if days[-1] > last:
        return None  # a load brought it since
    start = last - timedelta(days=bounds.window - 1)
    usual = shares(part, whole, start, last + timedelta(days=1))
    hits, of = sum(x for x, _ in usual), sum(n for _, n in usual)
    after = sum(many for day, many in whole.items() if day > last)
    if len(usual) < bounds.days or of < bounds.before:
        return None
    if after * hits / of < bounds.expected or after < 1:
        return None
    if surprise((0, after), usual) >= bounds.chance:
        return None
    first = min(day for day in whole if day > last)
    return first, (hits, of), (0, after)


def moved_codes(traffic: Traffic, rules: Rules) -> list[Finding]:
    """Codes far more or less frequent on the last whole day than in the window."""
    paths = {(one.kind, one.path, one.table) for one in traffic.codes}
    found: list[Finding] = []
    for kind, path, table in sorted(paths):
        at = [
            one
            for one in traffic.codes
            if (one.kind, one.path, one.table) == (kind, path, table)
            and rules.code(*one.key) is True
        ]
        found.extend(_moved(traffic, at))
    return found


def _moved(traffic: Traffic, at: Sequence[Series]) -> list[Finding]:
    """One code after the other, the most surprising first.

    Each is taken out before the rest is looked at again: where one code grows, the
    shares of all others shrink, and that is no news.
    """
    bounds, day = traffic.bounds, traffic.today - timedelta(days=1)
    start = day - timedelta(days=bounds.window)
    counts = {one.code: daily(one.days) for one in at}
    found: list[Finding] = []
    named = {one.code: one for one in at}
    while counts:
        whole = _sum(counts.values())
        told = [
            (surprise(after, usual), code, after, usual)
            for code, part in counts.items()
            if (usual := shares(part, whole, start, day))
            and is_moved(after := (part.get(day, 0), whole.get(day, 0)), usual, bounds)
        ]
        if not told or min(told)[0] >= bounds.chance:
            break
        _, code, after, usual = min(told)
        before = (sum(x for x, _ in usual), sum(n for _, n in usual))
        is_more = after[0] * before[1] > before[0] * after[1]
        drift = CODE_FREQUENT if is_more else CODE_RARE
        found.append(_finding(drift, named[code], day, before, after))
        del counts[code]
    return found


def is_moved(after: Share, usual: Sequence[Share], bounds: Bounds = BOUNDS) -> bool:
    """Is there enough to judge by, and is the difference worth telling?

    Nothing at all is not rare but vanished, which has a finder of its own.
    """
    hits, of = sum(x for x, _ in usual), sum(n for _, n in usual)
    if len(usual) < bounds.days or of < bounds.before or after[1] < bounds.after:
        return False
    expected = after[1] * hits / of
    days = [x / n for x, n in usual if n >= bounds.after]
    share = after[0] / after[1]
    if after[0] > expected:
        is_much = after[0] >= max(bounds.expected, bounds.factor * expected)
        return is_much and share > bounds.beyond * max(days, default=0)
    is_little = 0 < after[0] * bounds.factor <= expected >= 2 * bounds.expected
    return is_little and share * bounds.beyond < min(days, default=1)


def is_as_before(traffic: Traffic, one: Series, first: date) -> bool:
    """Is a code that moved on ``first`` on the last whole day as it was before?

    With too little to judge by nothing is said; when the days before are out of sight,
    what is now is what is usual.
    """
    day, bounds = traffic.today - timedelta(days=1), traffic.bounds
    part, whole = daily(one.days), traffic.total(one)
    after = (part.get(day, 0), whole.get(day, 0))
    if after[1] < bounds.after:
        return False
    usual = shares(part, whole, first - timedelta(days=bounds.window), first)
    return not is_moved(after, usual, bounds) or surprise(after, usual) >= bounds.chance


def _sum(parts: Iterable[Mapping[date, int]]) -> dict[date, int]:
    found: dict[date, int] = {}
    for part in parts:
        for day, many in part.items():
            found[day] = found.get(day, 0) + many
    return found


def _finding(
    drift: str, one: Series, day: date, before: Share, after: Share
) -> Finding:
    return Finding(
        drift, one.kind, one.path, day, *before, *after, table=one.table, code=one.code
    )
