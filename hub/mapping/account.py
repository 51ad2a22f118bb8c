"""The account of a raw record: what became of each of its leaves.

A leaf is a scalar or an empty element. It is *mapped* (a rule takes it), *ignored*
(the file says so, with a reason) or *ledgered*: nobody speaks of it, or a rule does
and cannot read it. Such a leaf is kept in the raw record and counted under its path.
Nothing else can happen to it, and the sums prove it: ``leaves = mapped + ledgered +
ignored``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from hub.contract.messages import Tree
from hub.mapping.path import Path
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.value import is_blank

MAPPED: Final = 0
IGNORED: Final = 1
_DEEPER: Final = -1


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the leaves of one record, or of many.

    ``kept`` are the raw paths that nobody speaks of, lists marked ``[]``, sorted,
    and how many leaves stand there.
    """

    leaves: int = 0
    mapped: int = 0
    ledgered: int = 0
    ignored: int = 0
    kept: tuple[tuple[str, int], ...] = ()

    @property
    def is_balanced(self) -> bool:
        """Is every leaf accounted for?"""
        return self.leaves == self.mapped + self.ledgered + self.ignored


@dataclass(frozen=True, slots=True)
class Loss:
    """Leaves that a rule speaks of and nobody could read.

    ``place`` is the raw place, ``where`` the canonical one; ``reason`` is
    ``unreadable`` (the original text is held in the record) or ``refused`` (the
    record was set aside for it); ``leaves`` how many stand there.
    """

    place: str
    where: str
    reason: str
    leaves: int


@dataclass(slots=True)
class Known:
    """A place in the tree that a mapping speaks of.

    ``verdict`` is what happens to all below it, where one is said of the whole.
    """

    children: dict[str, Known] = field(default_factory=dict)
    verdict: int = _DEEPER

    def at(self, steps: tuple[str, ...]) -> Known:
        """The place below this one, made where it is not there yet."""
        place = self
        for step in steps:
            place = place.children.setdefault(step, Known())
        return place


def known_places(record: RecordRules) -> Known:
    """All that a record's rules take or ignore, from the top of the tree."""
    top = Known()
    _add(record, top.at(record.root.steps if record.root else ()), top)
    return top


def _add(record: RecordRules, here: Known, top: Known) -> None:
    def place(path: Path, start: Known = here) -> Known:
        return (top if path.is_absolute else start).at(path.steps)

    for path in record.ignore:
        found = place(path)
        if found.verdict == _DEEPER:
            found.verdict = IGNORED
    for path in record.when.paths if record.when else ():
        place(path).verdict = MAPPED
    for whole in record.rules:
        for rule in whole.choices or (whole,):
            for path in rule.when.paths if rule.when else ():
                _map_scalar(place(path))
            for start in [place(path) for path in rule.each] or [here]:
                _add_rule(rule, start, top)


def _map_scalar(place: Known) -> None:
    """A place a condition looks at; records below it keep their own rules."""
    if not place.children:
        place.verdict = MAPPED


def _add_rule(rule: Rule, start: Known, top: Known) -> None:
    places = [
        (top if path.is_absolute else start).at(path.steps) for path in rule.sources
    ]
    if rule.each and not places:
        places = [start]
    for place in places:
        if rule.inner is not None and rule.split is None:
            _add(rule.inner, place, top)
        else:
            place.verdict = MAPPED


def account(tree: Tree, known: Known) -> Account:
    """What became of every leaf of a tree."""
    sums, kept = [0, 0], list[str]()
    if known.verdict >= 0:
        sums[known.verdict] = count_leaves(tree)
    else:
        _walk(tree, known, "", sums, kept)
    # counted by a walk of its own, so that the balance proves something
    leaves = count_leaves(tree)
    told = tuple(sorted(Counter(kept).items())) if kept else ()
    return Account(leaves, sums[MAPPED], len(kept), sums[IGNORED], told)


def _walk(
    node: Tree, known: Known, path: str, sums: list[int], kept: list[str]
) -> None:
    if type(node) is dict and node:
        for name, child in node.items():
            below = known.children.get(name)
            if below is None:
                _ledger(child, f"{path}/{name}" if path else name, kept)
            elif below.verdict < 0:
                _walk(child, below, f"{path}/{name}" if path else name, sums, kept)
            elif type(child) is str:
                sums[below.verdict] += 1
            else:
                sums[below.verdict] += count_leaves(child)
    elif type(node) is list and node:
        for element in node:
            _walk(element, known, f"{path}[]", sums, kept)
    elif is_blank(node):
        sums[MAPPED] += 1  # an empty list of records that a rule speaks of
    else:
        kept.append(path)


def _ledger(node: Tree, path: str, kept: list[str]) -> None:
    if isinstance(node, dict) and node:
        for name, child in node.items():
            _ledger(child, f"{path}/{name}", kept)
    elif isinstance(node, list) and node:
        for element in node:
            _ledger(element, f"{path}[]", kept)
    else:
        kept.append(path)


def mapped_leaves(node: Tree, known: Known) -> int:
    """How many leaves of a part of a tree rules take."""
    sums = [0, 0]
    _walk(node, known, "", sums, [])
    return sums[MAPPED]


def count_leaves(node: Tree) -> int:
    """How many leaves a tree has."""
    if not node or not isinstance(node, dict | list):
        return 1
    total = len(node)
    for child in node.values() if isinstance(node, dict) else node:
        if type(child) is not str:
            total += count_leaves(child) - 1
    return total
