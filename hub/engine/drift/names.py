"""Is what appeared the same as what vanished, under a new name? Pure functions.

A field is known by its place, name, values and rate. A code has no name and no values,
only its place and how often it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from rapidfuzz import fuzz

from hub.engine.drift.find import (
    CODE_RENAMED,
    FIELD_RENAMED,
    Traffic,
    appeared,
    daily,
    seen_days,
    shares,
)
from hub.records.drift import Finding, Series

#: what a pair must reach, of 1
LEAST = 0.6
#: how far two codes' rates may differ: the smaller of the greater
LEAST_RATE = 0.6
#: days between the last of the old name and the first of the new one
NEAR = 3


def renamed(
    traffic: Traffic, new: Sequence[Finding], gone: Sequence[Finding]
) -> list[Finding]:
    """The likeliest pairs, each field in one pair at most."""
    told = sorted(
        (
            (score, old, fresh)
            for old in gone
            for fresh in new
            if (score := likeness(traffic, old, fresh)) >= LEAST
        ),
        key=lambda one: (-one[0], one[1].path, one[2].path),
    )
    found: list[Finding] = []
    used: set[tuple[str, str]] = set()
    for _, old, fresh in told:
        ends = {(old.kind, old.path), (fresh.kind, fresh.path)}
        if not ends & used:
            used |= ends
            found.append(
                replace(
                    old,
                    drift=FIELD_RENAMED,
                    other=fresh.path,
                    after=fresh.after,
                    after_of=fresh.after_of,
                )
            )
    return found


def likeness(traffic: Traffic, old: Finding, fresh: Finding) -> float:
    """0 to 1: the same place and time are asked for; name, values and rate count."""
    before = traffic.series[old.kind, old.path, "", ""]
    after = traffic.series[fresh.kind, fresh.path, "", ""]
    if old.kind != fresh.kind or _above(old.path) != _above(fresh.path):
        return 0.0
    last, first = max(seen_days(before)), fresh.day
    if abs(first - last) > timedelta(days=NEAR):
        return 0.0
    told = fresh.after / fresh.after_of if fresh.after_of else 0.0
    usual = old.before / old.before_of if old.before_of else 0.0
    rate = min(told, usual) / max(told, usual) if told and usual else 0.0
    return 0.4 * _name(old.path, fresh.path) + 0.3 * _values(before, after) + 0.3 * rate


def renamed_codes(traffic: Traffic, gone: Sequence[Finding]) -> list[Finding]:
    """Vanished codes in whose place another came, as often as they; each in one pair.

    The other may be known to its table by now: somebody has seen it then, and not yet
    said that it is this one. Codes of everyday rates look alike, so both the day and
    the rate have to fit.
    """
    told = sorted(
        (-rate, old.path, old.code, fresh.code, old, fresh)
        for old in gone
        for fresh in traffic.codes
        if (rate := _code_rate(traffic, old, fresh)) >= LEAST_RATE
    )
    found: list[Finding] = []
    used: set[tuple[str, ...]] = set()
    for *_, old, fresh in told:
        place = (old.kind, old.path, old.table)
        ends = {(*place, old.code), (*place, fresh.code)}
        if not ends & used:
            used |= ends
            found.append(replace(old, drift=CODE_RENAMED, other=fresh.code))
    return found


def _code_rate(traffic: Traffic, old: Finding, fresh: Series) -> float:
    """How like the rate of a code that came is to the one that went; 0: not it."""
    days = seen_days(fresh)
    place = (fresh.kind, fresh.path, fresh.table)
    if place != (old.kind, old.path, old.table) or not days:
        return 0.0
    first = appeared(days, traffic.bounds.window)
    if fresh.code == old.code or abs(first - old.day) > timedelta(days=NEAR):
        return 0.0
    since = shares(daily(fresh.days), traffic.total(fresh), first, traffic.today)
    many, of = sum(x for x, _ in since), sum(n for _, n in since)
    if many < traffic.bounds.expected:
        return 0.0
    usual, now = old.before / old.before_of, many / of
    return min(usual, now) / max(usual, now)


def like_names(path: str, others: Iterable[str], limit: int = 3) -> list[str]:
    """Paths of the same record most like this one, for a person to choose from."""
    told = [
        (fuzz.ratio(_last(path), _last(one)), one)
        for one in others
        if _above(one) == _above(path) and one != path
    ]
    return [one for score, one in sorted(told, reverse=True)[:limit] if score >= 50]


def _values(before: Series, after: Series) -> float:
    """Are the values of one class? Their length may fall into the next one."""
    if not before.look or not after.look:
        return 0.5
    if before.look == after.look:
        return 1.0
    return 0.5 if before.look[0] == after.look[0] else 0.0


def _name(old: str, new: str) -> float:
    return fuzz.WRatio(_last(old), _last(new)) / 100


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _above(path: str) -> str:
    return path.rpartition("/")[0]
