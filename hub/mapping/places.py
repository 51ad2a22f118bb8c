"""Where a mapping reads: each canonical place with the raw places it is told by.

Raw paths are told from the top of the tree, lists not marked (``AJ/RYLB/RY/XM``);
canonical ones mark them (``persons[].name``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hub.mapping.account import IGNORED, Known
from hub.mapping.path import Path, join
from hub.mapping.rules import RecordRules, Rule

READ, LEFT_OUT, NEVER_READ = "read", "ignored", "unread"


@dataclass(frozen=True, slots=True)
class Place:
    """One canonical field of one record: ``where`` it stands, the raw ``paths`` that
    may tell it (none for a constant), and the rule. ``split`` is the rule that takes
    a text apart before this one reads its parts, where there is one.
    """

    where: str
    paths: tuple[str, ...]
    rule: Rule
    split: Rule | None = None

    @property
    def field(self) -> str:
        """The canonical field's own name."""
        return self.rule.target[0]


def places(record: RecordRules) -> tuple[Place, ...]:
    """Every scalar field that a record's rules fill, in their order."""
    start = record.root.text if record.root else ""
    return tuple(_of_record(record, start, "", None))


def _of_record(
    record: RecordRules, base: str, where: str, split: Rule | None
) -> Iterator[Place]:
    for whole in record.rules:
        for rule in whole.choices or (whole,):
            yield from _of_rule(rule, base, where, split)


def _of_rule(rule: Rule, base: str, where: str, split: Rule | None) -> Iterator[Place]:
    here = f"{where}.{rule.target[0]}" if where else rule.target[0]
    starts = [_absolute(path, base) for path in rule.each] or [base]
    found = [_absolute(path, start) for start in starts for path in rule.sources]
    if rule.each and not rule.sources:
        found = starts
    if rule.inner is None:
        yield Place(here, tuple(dict.fromkeys(found)), rule, split)
        return
    below = f"{here}[]" if rule.is_many else here
    taken_apart = rule if rule.split is not None else split
    for start in dict.fromkeys(found):
        yield from _of_record(rule.inner, start, below, taken_apart)


def _absolute(path: Path, base: str) -> str:
    return path.text if path.is_absolute else join(base, path.text)


def verdict(known: Known, path: str) -> str:
    """Is a raw path read, ignored with a reason, or spoken of by nobody?"""
    place = known
    for step in filter(None, path.split("/")):
        if place.verdict >= 0:
            break
        below = place.children.get(step)
        if below is None:
            return NEVER_READ
        place = below
    return LEFT_OUT if place.verdict == IGNORED else READ
