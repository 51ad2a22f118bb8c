"""The walk out: a canonical record becomes a parcel in the receiver's words."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.contract.messages import Record, Tree
from hub.errors import Fault, RecordInvalid, Text, TransferNotAcceptable
from hub.mapping.faults import unreadable_fault
from hub.mapping.path import Path, find_all, join
from hub.mapping.read import Taken, elements, first_of, joined, merged
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.value import ABSENT, Unreadable, is_blank


@dataclass(frozen=True, slots=True)
class Written:
    """A parcel's body, and what of the record the receiver cannot be told."""

    body: Record
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Writing:
    """One record being written: where it stands, and the faults so far.

    ``where`` is its canonical place, ``place`` that in the receiver's words.
    """

    top: Tree
    where: str = ""
    place: str = ""
    faults: list[Fault] = field(default_factory=list)

    def canonical(self, rule: Rule) -> str:
        """The canonical place that a rule speaks of."""
        for path in rule.each or rule.sources:
            return dotted("" if path.is_absolute else self.where, path.text)
        return self.where

    def refuse(self, rule: Rule, bad: Unreadable) -> None:
        """Note a value that cannot be told. The value itself is never shown."""
        place = join(self.place, rule.name)
        self.faults.append(unreadable_fault(self.canonical(rule), place, bad))

    def miss(self, rule: Rule) -> None:
        """Note that what the receiver asks for is absent."""
        where = self.canonical(rule)
        message = Text(
            f"接收方要求 {where}，案件中缺少",
            f"The receiver asks for {where}, the case lacks it",
        )
        place = join(self.place, rule.name)
        fault = Fault(RecordInvalid.code, where, message, place, "required")
        self.faults.append(fault)


def write_parcel(rules: RecordRules, record: Record) -> Written:
    """Write a canonical record for one node; tells every fault at once."""
    writing = Writing(record)
    for need in rules.needs:
        writing.faults.extend(_unmet(need, record))
    body = _write(rules, record, writing)
    return Written(body, tuple(writing.faults))


def dotted(*parts: str) -> str:
    """``persons[0]`` and ``sentence/fine`` as ``persons[0].sentence.fine``."""
    return join(*parts).replace("/", ".")


def _unmet(need: Path, record: Record) -> list[Fault]:
    found = list(find_all(need, record, record)) or [(need.text, None)]
    absent = [dotted(place) for place, value in found if is_blank(value)]
    return [
        Fault(
            TransferNotAcceptable.code,
            place,
            Text(
                f"移送须有 {place}，案件中缺少",
                f"The transfer needs {place}, the case lacks it",
            ),
            rule="needs",
        )
        for place in absent
    ]


def _write(rules: RecordRules, node: Tree, writing: Writing) -> Record:
    out: Record = {}
    for rule in rules.rules:
        value = _tell(rule, node, writing)
        if value is ABSENT:
            if rule.required:
                writing.miss(rule)
        elif not isinstance(value, Unreadable):
            _put(out, rule.target, value)
        elif not rule.hold:
            writing.refuse(rule, value)
    return out


def _tell(rule: Rule, node: Tree, writing: Writing) -> Taken:
    if rule.when is not None and not rule.when.holds(node, writing.top):
        return ABSENT
    if rule.inner is not None:
        return _nested(rule, rule.inner, node, writing)
    if rule.take is None:
        return rule.constant
    if rule.is_merge:
        return merged(rule, node, writing.top)
    if rule.join is not None:
        return joined(rule, node, writing.top)
    found = first_of(rule.sources, node, writing.top)
    return ABSENT if is_blank(found) else rule.take(found)


def _nested(rule: Rule, inner: RecordRules, node: Tree, writing: Writing) -> Taken:
    found: list[Tree] = []
    base = join(writing.place, rule.name)
    is_absolute = any(path.is_absolute for path in rule.each or rule.sources)
    for spot, element in elements(rule, node, writing.top):
        below = Writing(
            writing.top,
            dotted("" if is_absolute else writing.where, spot),
            f"{base}[{len(found)}]" if rule.is_many else base,
            writing.faults,
        )
        body = _write(inner, element, below)
        if body:
            found.append(body)
    if rule.is_many:
        return found or ABSENT
    return found[0] if found else ABSENT


def _put(out: Record, target: tuple[str, ...], value: Tree) -> None:
    for step in target[:-1]:
        inner = out.setdefault(step, {})
        assert isinstance(inner, dict)  # noqa: S101 - the loader refuses clashes
        out = inner
    out[target[-1]] = value
