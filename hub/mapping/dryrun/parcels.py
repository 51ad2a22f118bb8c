"""What two parcels of one case differ in, told in the receiver's own places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hub.contract.messages import Record, Tree
from hub.mapping.dryrun.align import pairs
from hub.mapping.dryrun.difference import (
    NOTHING,
    RECORD,
    VALUE,
    Change,
    Side,
    State,
    is_moved,
    plain,
    untold,
)
from hub.mapping.write import Written


def parcel_difference(before: Written, after: Written) -> list[Change]:
    """Every place that is written differently, and every fault that came or went.

    Places are the receiver's (``RYLB/RY[0]/XB``), those of faults canonical.
    """
    found = list(_trees(before.body, after.body, ""))
    return [*found, *untold((Side.of(before.faults), Side.of(after.faults)))]


def _trees(old: Tree, new: Tree, place: str) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in [*old, *(name for name in new if name not in old)]:
            at = f"{place}/{name}" if place else name
            if name not in old or name not in new:
                yield Change.at(at, _state(old, name), _state(new, name))
            else:
                yield from _trees(old[name], new[name], at)
    elif _is_listed(old) and _is_listed(new):
        yield from _lists(_listed(old), _listed(new), place)
    else:
        yield Change.at(place, State(VALUE, old), State(VALUE, new))


def _lists(
    old: Sequence[Record], new: Sequence[Record], place: str
) -> Iterator[Change]:
    matched = pairs(old, new)
    for i, j in matched:
        if i is None:
            yield Change.at(f"{place}[{j}]", NOTHING, State(RECORD))
        elif j is None:
            yield Change.at(f"{place}[{i}]", State(RECORD), NOTHING)
        else:
            yield from _trees(old[i], new[j], f"{place}[{j}]")
    if is_moved(matched):
        states = State(RECORD, "in order"), State(RECORD, "moved")
        yield Change(place, f"{plain(place)}[]", *states)


def _state(body: Record, name: str) -> State:
    if name not in body:
        return NOTHING
    value = body[name]
    return State(RECORD) if isinstance(value, dict | list) else State(VALUE, value)


def _is_listed(value: Tree) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _listed(value: Tree) -> list[Record]:
    assert isinstance(value, list)  # noqa: S101 - asked before
    return [one for one in value if isinstance(one, dict)]
