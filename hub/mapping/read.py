"""The walk in: a tree in a system's own words becomes the body of a facet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hub.contract.messages import Record, Tree
from hub.errors import Fault, RecordInvalid, Text
from hub.mapping.account import Account, Loss
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

    ``account`` tells what became of each leaf, ``losses`` which of those that a rule
    speaks of could not be read, ``remainder`` the raw paths that are neither mapped
    nor ignored.
    """

    body: Record
    faults: tuple[Fault, ...] = ()
    account: Account = field(default_factory=Account)
    losses: tuple[Loss, ...] = ()

    @property
    def remainder(self) -> tuple[str, ...]:
        """The raw paths that nobody speaks of."""
        return tuple(place for place, _ in self.account.kept)


@dataclass(slots=True)
class Reading:
    """One record being read: where it stands, and the faults so far.

    ``where`` is its canonical place, ``source`` its raw one; ``top`` the whole
    tree, for paths that start there. ``told`` becomes true with the first value
    that is the record's own. ``witness``, where there is one, is told of every
    field that a rule gave a value or an unreadable text for. ``cut`` says which
    part of a text the record is, where a rule took one apart.
    """

    top: Tree
    where: str = ""
    source: str = ""
    faults: list[Fault] = field(default_factory=list)
    told: bool = False
    witness: list[Seen] | None = None
    cut: tuple[str, int] = ("", -1)

    def below(self, where: str, source: str, cut: tuple[str, int] | None) -> Reading:
        """A nested record of this one."""
        witness: list[Seen] | None = None if self.witness is None else []
        return Reading(self.top, where, source, witness=witness, cut=cut or self.cut)

    def see(self, rule: Rule, node: Tree, value: Taken) -> None:
        """Remember what a rule gave, where somebody wants to know."""
        if self.witness is not None:
            place = self.place(rule)
            self.witness.append(Seen(rule, node, place, self.source, value, self.cut))

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


@dataclass(frozen=True, slots=True)
class Seen:
    """What one rule gave for one record: ``where`` it stands in the canonical
    record, ``source`` the raw place of the record that it was taken from, ``cut``
    the place of the rule that took a text apart, and which part this is of.
    """

    rule: Rule
    node: Tree
    where: str
    source: str
    value: Taken
    cut: tuple[str, int] = ("", -1)


def read_record(record: RecordRules, node: Tree, reading: Reading) -> Record:
    """One record; what is wrong with it goes to ``reading``."""
    out: Record = {}
    for rule in record.rules:
        read_rule(rule, node, reading, out)
    return out


def read_rule(whole: Rule, node: Tree, reading: Reading, out: Record) -> None:
    """One field; what comes of it goes to ``out``, what is wrong to ``reading``."""
    rule, value = _chosen(whole, node, reading)
    if value is ABSENT:
        if whole.required:
            reading.miss(rule)
        return
    if not rule.is_borrowed:
        reading.told = True
    if rule.inner is None:
        reading.see(rule, node, value)
    if type(value) is not Unreadable:
        out[rule.target[0]] = value  # type: ignore[assignment]  # no longer absent
    elif rule.hold or rule.passes:
        hold(out, rule, value)
    else:
        reading.refuse(rule, value)


def hold(out: Record, rule: Rule, bad: Unreadable) -> None:
    """Keep the original of an unreadable value, as the rule wants it."""
    held = out.setdefault(UNREADABLE, {})
    held[rule.target[0]] = bad.original  # type: ignore[index,call-overload]  # ours
    if rule.passes:
        out[rule.target[0]] = bad.original


def _chosen(rule: Rule, node: Tree, reading: Reading) -> tuple[Rule, Taken]:
    """What a rule gives; of several the first that tells something, and which."""
    for one in rule.choices:
        value = _take(one, node, reading)
        if value is not ABSENT:
            return one, value
    return rule, ABSENT if rule.choices else _take(rule, node, reading)


def _take(rule: Rule, node: Tree, reading: Reading) -> Taken:
    if rule.when is not None and not rule.when.holds(node, reading.top):
        return ABSENT
    if rule.take is None:
        if rule.inner is None:
            return rule.constant
        return _nested(rule, rule.inner, node, reading)
    if rule.is_merge:
        return merged(rule, node, reading.top)
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
    before: tuple[str, int] = ("", -1)
    for place, element in told:
        before = place, before[1] + 1 if place == before[0] else 0
        if inner.when is not None and not inner.when.holds(element, reading.top):
            continue
        at = f"{base}[{len(found)}]" if rule.is_many else base
        cut = (rule.place, before[1]) if rule.split is not None else None
        below = reading.below(at, join(reading.source, place), cut)
        body = read_record(inner, element, below)
        if below.told:
            found.append(body)
            reading.faults.extend(below.faults)
            if reading.witness is not None:
                reading.witness.extend(below.witness or ())
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


def merged(rule: Rule, node: Tree, top: Tree) -> Taken:
    """All sources that tell something as one raw text, taken together."""
    assert rule.take is not None  # noqa: S101 - the loader made it so
    found = [find(path, node, top) for path in rule.sources]
    told = [one for one in found if not is_blank(one)]
    if not told:
        return ABSENT
    if any(isinstance(one, dict | list) for one in told):
        return Unreadable("", _NO_TEXT)
    return rule.take((rule.join or "").join(as_text(one).strip() for one in told))


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
