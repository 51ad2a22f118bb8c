"""The walk in: a tree in a system's own words becomes the body of a facet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hub.contract.messages import Record, Tree
from hub.errors import Fault, RecordInvalid, Text
from hub.mapping.faults import unreadable_fault
from hub.mapping.path import Path, find, find_all, join
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.split import parts
from hub.mapping.value import ABSENT, Absent, Unreadable, as_text, is_blank
from hub.records.shape import UNREADABLE

Taken = Tree | Absent | Unreadable

_SEVERAL = Text("应为一条，实为多条", "one is asked for, there are several")
_NO_TEXT = Text("应为文字，实为下级结构", "text is asked for, there is a record")


@dataclass(frozen=True, slots=True)
class Mapped:
    """What one raw record says: a facet's body, what is wrong, what was left over.

    ``remainder`` are the raw paths that are neither mapped nor ignored.
    """

    body: Record
    faults: tuple[Fault, ...] = ()
    remainder: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """One record being read: where it stands, and the faults so far.

    ``where`` is its canonical place, ``source`` its raw one; ``top`` the whole
    tree, for paths that start there. ``told`` becomes true with the first value
    that is the record's own.
    """

    top: Tree
    where: str = ""
    source: str = ""
    faults: list[Fault] = field(default_factory=list)
    told: bool = False

    def place(self, rule: Rule) -> str:
        """The canonical place of a field."""
        return f"{self.where}.{rule.target[0]}" if self.where else rule.target[0]

    def origin(self, rule: Rule) -> str:
        """The raw place of a field, of its first alternative where it has several."""
        for path in rule.each or rule.sources:
            return path.text if path.is_absolute else join(self.source, path.text)
        return self.source

    def refuse(self, rule: Rule, bad: Unreadable) -> None:
        """Note a value that cannot be read. The value itself is never told."""
        self.faults.append(unreadable_fault(self.place(rule), self.origin(rule), bad))

    def miss(self, rule: Rule) -> None:
        """Note that a required field is absent."""
        place = self.place(rule)
        message = Text(f"缺少必填项 {place}", f"{place} is required and absent")
        fault = Fault(RecordInvalid.code, place, message, self.origin(rule), "required")
        self.faults.append(fault)


def read_record(record: RecordRules, node: Tree, reading: Reading) -> Record:
    """One record; what is wrong with it goes to ``reading``."""
    out: Record = {}
    for rule in record.rules:
        value = _take(rule, node, reading)
        if value is ABSENT:
            if rule.required:
                reading.miss(rule)
            continue
        if not rule.is_borrowed:
            reading.told = True
        if type(value) is not Unreadable:
            out[rule.target[0]] = value  # type: ignore[assignment]  # no longer absent
        elif rule.hold:
            held = out.setdefault(UNREADABLE, {})
            held[rule.target[0]] = value.original  # type: ignore[index,call-overload]  # ours
        else:
            reading.refuse(rule, value)
    return out


def _take(rule: Rule, node: Tree, reading: Reading) -> Taken:
    if rule.take is None:
        if rule.inner is None:
            return rule.constant
        return _nested(rule, rule.inner, node, reading)
    if rule.join is not None:
        return joined(rule, node, reading.top)
    if rule.key and type(node) is dict:
        raw = node.get(rule.key)
    else:
        raw = first_of(rule.sources, node, reading.top)
    return ABSENT if raw is None else rule.take(raw)


def first_of(paths: Sequence[Path], node: Tree, top: Tree) -> Tree:
    """The first of the alternatives that tells something."""
    found: Tree = None
    for path in paths:
        found = find(path, node, top)
        if not is_blank(found):
            return found
    return found


def elements(rule: Rule, node: Tree, top: Tree) -> Iterator[tuple[str, Tree]]:
    """The elements a rule speaks of, each with its place.

    Of ``each`` all, one path after the other; of ``from`` those of the first
    alternative that tells something.
    """
    for path in rule.each or rule.sources:
        told = False
        for place, element in find_all(path, node, top):
            if not is_blank(element):
                told = True
                yield place, element
        if told and not rule.each:
            return


def _nested(rule: Rule, inner: RecordRules, node: Tree, reading: Reading) -> Taken:
    found: list[Tree] = []
    base = reading.place(rule)
    told = elements(rule, node, reading.top)
    if rule.split is not None:
        told = _parts(rule, rule.split, told, reading)
    for index, (place, element) in enumerate(told):
        at = f"{base}[{index}]" if rule.is_many else base
        below = Reading(reading.top, at, join(reading.source, place))
        body = read_record(inner, element, below)
        if below.told:
            found.append(body)
            reading.faults.extend(below.faults)
    if rule.is_many:
        return found or ABSENT
    if len(found) > 1:
        return Unreadable("", _SEVERAL)
    return found[0] if found else ABSENT


def _parts(
    rule: Rule,
    marks: re.Pattern[str],
    told: Iterable[tuple[str, Tree]],
    reading: Reading,
) -> Iterator[tuple[str, Tree]]:
    for place, element in told:
        if isinstance(element, dict | list):
            reading.told = True
            reading.refuse(rule, Unreadable("", _NO_TEXT))
        else:
            for part in parts(as_text(element), marks, rule.wholes):
                yield place, part


def joined(rule: Rule, node: Tree, top: Tree) -> Taken:
    """Every element taken and put into one text, each text once."""
    assert rule.take is not None  # noqa: S101 - the loader made it so
    told: dict[str, None] = {}
    for _, element in elements(rule, node, top):
        raw = first_of(rule.sources, element, top) if rule.sources else element
        value = rule.take(raw)
        if isinstance(value, Unreadable):
            return value
        if value is not ABSENT:
            told[as_text(value)] = None
    return (rule.join or "").join(told) if told else ABSENT
