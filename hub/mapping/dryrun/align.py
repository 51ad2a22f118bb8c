"""Elements of two lists matched by what they say, not by where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hub.contract.messages import Record

#: longer lists are matched by position: matching by content is quadratic
_LONGEST = 200

Pair = tuple[int | None, int | None]


def pairs(before: Sequence[Record], after: Sequence[Record]) -> list[Pair]:
    """Which element of ``before`` became which of ``after``, in the old order.

    First the equal ones, then those that agree most, where what few elements say
    (a name) weighs more than what many do (a sex), then the rest in order; what is
    left over stands beside ``None``.
    """
    head = _same(before, after)
    tail = _same(before[head:][::-1], after[head:][::-1])
    old, new = len(before) - tail, len(after) - tail
    inner = _between(before[head:old], after[head:new])
    return [
        *((i, i) for i in range(head)),
        *(_moved(pair, head) for pair in inner),
        *((old + i, new + i) for i in range(tail)),
    ]


def _same(before: Sequence[Record], after: Sequence[Record]) -> int:
    """How many elements are equal from the start."""
    many = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        many += 1
    return many


def _moved(pair: Pair, by: int) -> Pair:
    old, new = pair
    return None if old is None else old + by, None if new is None else new + by


def _between(before: Sequence[Record], after: Sequence[Record]) -> list[Pair]:
    if not before or not after or max(len(before), len(after)) > _LONGEST:
        return _by_position(len(before), len(after))
    matched = _equal(before, after)
    _alike(before, after, matched)
    rest_old = [i for i in range(len(before)) if i not in matched]
    taken = set(matched.values())
    rest_new = [j for j in range(len(after)) if j not in taken]
    matched.update(zip(rest_old, rest_new, strict=False))
    taken = set(matched.values())
    found: list[Pair] = [(i, matched.get(i)) for i in range(len(before))]
    return found + [(None, j) for j in range(len(after)) if j not in taken]


def _by_position(old: int, new: int) -> list[Pair]:
    both: list[Pair] = [(i, i) for i in range(min(old, new))]
    gone: list[Pair] = [(i, None) for i in range(new, old)]
    return both + gone + [(None, j) for j in range(old, new)]


def _equal(before: Sequence[Record], after: Sequence[Record]) -> dict[int, int]:
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for i, element in enumerate(before):
        same = [j for j, other in enumerate(after) if other == element]
        free = [j for j in same if j not in taken]
        if free:
            j = i if i in free else free[0]
            matched[i] = j
            taken.add(j)
    return matched


def _alike(
    before: Sequence[Record], after: Sequence[Record], matched: dict[int, int]
) -> None:
    taken = set(matched.values())
    seen = Counter(said for element in (*before, *after) for said in _said(element))
    old = {i: _said(one) for i, one in enumerate(before) if i not in matched}
    new = {j: _said(one) for j, one in enumerate(after) if j not in taken}
    scored = sorted(
        (-sum(sorted(1 / seen[said] for said in old[i] & new[j])), abs(i - j), i, j)
        for i in old
        for j in new
    )
    for score, _, i, j in scored:
        if score and i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)


def _said(element: Record) -> set[tuple[str, str]]:
    return {(name, repr(value)) for name, value in element.items()}
