"""The loss ledger of one raw record: leaves that are spoken of and could not be read.

Called only where something was held or refused; a clean record never comes here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from hub.contract.messages import Record, Tree
from hub.contract.place import at, taken_apart
from hub.errors import Fault
from hub.mapping.account import (
    MAPPED,
    Account,
    Known,
    Loss,
    count_leaves,
    mapped_leaves,
)
from hub.mapping.trace import Origin
from hub.records.shape import UNREADABLE

HELD, REFUSED = "unreadable", "refused"


def holds(body: Record) -> bool:
    """Does a record, or one below it, hold an unreadable value?"""
    if UNREADABLE in body:
        return True
    for value in body.values():
        if type(value) is list:
            for item in value:
                if type(item) is dict and holds(item):
                    return True
        elif type(value) is dict and holds(value):
            return True
    return False


def all_of(tree: Tree, place: str) -> tuple[Account, tuple[Loss, ...]]:
    """The account of a tree in which no record was found: everything is lost."""
    leaves = count_leaves(tree)
    return Account(leaves, ledgered=leaves), (Loss(place, "", REFUSED, leaves),)


def lost(
    tree: Tree,
    known: Known,
    told: Account,
    origins: Sequence[Origin],
    faults: Sequence[Fault],
) -> tuple[Account, tuple[Loss, ...]]:
    """The account with the unreadable leaves ledgered, and where they stand."""
    losses: list[Loss] = []
    seen: set[str] = set()
    for place, where, reason in sorted(_places(origins, faults)):
        value = at(tree, place)
        if value is None or any(_is_below(place, other) for other in seen):
            continue
        seen.add(place)
        leaves = _mapped_below(value, place, known)
        if leaves:
            losses.append(Loss(place, where, reason, leaves))
    moved = sum(one.leaves for one in losses)
    mapped, ledgered = told.mapped - moved, told.ledgered + moved
    return replace(told, mapped=mapped, ledgered=ledgered), tuple(losses)


def _places(
    origins: Iterable[Origin], faults: Iterable[Fault]
) -> Iterator[tuple[str, str, str]]:
    """Raw place, canonical place and reason of everything that was not read."""
    told = set()
    for one in origins:
        if one.outcome != "value":
            told.add(one.where)
            for place in one.places:
                yield place, one.where, one.outcome
    for fault in faults:
        if fault.where not in told and fault.rule != "required":
            yield fault.source, fault.where, REFUSED


def _is_below(place: str, other: str) -> bool:
    return place == other or place.startswith((f"{other}/", f"{other}["))


def _mapped_below(value: Tree, place: str, known: Known) -> int:
    """How many of the leaves at a place the account has called mapped."""
    for name, _ in taken_apart(place):
        if known.verdict >= 0:
            break
        below = known.children.get(name)
        if below is None:
            return 0
        known = below
    if known.verdict >= 0:
        return count_leaves(value) if known.verdict == MAPPED else 0
    return mapped_leaves(value, known)
