"""Is a share of today's traffic another one than before? Pure counting.

A G-test of two shares, its statistic divided by how much more the days differ from
each other than chance alone would have it: persons of one case share a crime, and
some days bring a batch. Shewhart's idea, with the correction of Rao and Scott.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

#: a count of so many; (how often, of how many)
Share = tuple[int, int]

#: believed of every field before any day was seen: a little more than chance, weighing
#: as much as so many days
_PRIOR, _PRIOR_DAYS = 1.5, 6


def g(after: Share, before: Share) -> float:
    """The G statistic of two shares, one degree of freedom; 0 where they are equal."""
    (x1, n1), (x0, n0) = after, before
    total, hits = n1 + n0, x1 + x0
    if not n1 or not n0 or not hits or hits == total:
        return 0.0
    found = 0.0
    for x, n in (after, before):
        for told, share in ((x, hits / total), (n - x, 1 - hits / total)):
            if told > 0:
                found += told * math.log(told / (n * share))
    return max(0.0, 2 * found)


def dispersion(days: Sequence[Share]) -> float:
    """How much more the days differ than chance would have it; at least 1."""
    told = [(x, n) for x, n in days if n]
    total, hits = sum(n for _, n in told), sum(x for x, _ in told)
    if not hits or hits >= total:
        return _PRIOR
    share = hits / total
    chi = sum((x - n * share) ** 2 / (n * share * (1 - share)) for x, n in told)
    freedom = len(told) - 1
    return max(1.0, (chi + _PRIOR * _PRIOR_DAYS) / (freedom + _PRIOR_DAYS))


def surprise(after: Share, days: Sequence[Share]) -> float:
    """How unlikely it is that nothing changed (a two-sided p value)."""
    before = (sum(x for x, _ in days), sum(n for _, n in days))
    return math.erfc(math.sqrt(g(after, before) / dispersion(days) / 2))
