"""The walk out: a canonical record becomes a parcel in the receiver's words."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.contract.messages import Record, Tree
from hub.errors import Fault, RecordInvalid, Text, TransferNotAcceptable
from hub.mapping.path import Path, find, find_all, join
from hub.mapping.read import joined, unreadable_fault
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.value import ABSENT, Absent, Unreadable, is_blank


@dataclass(frozen=True, slots=True)
class Written:
    """A parcel's body, and what of the record the receiver cannot be told."""

    body: Record
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Writing:
    """One writing under way: the whole record and the faults so far."""

    top: Tree
    faults: list[Fault] = field(default_factory=list)


def write_parcel(rules: RecordRules, record: Record) -> Written:
    """Write a canonical record for one node; tells every fault at once."""
    writing = Writing(record)
    for need in rules.needs:
        writing.faults.extend(_unmet(need, record))
    body = _write(rules, record, writing, "", "")
    return Written(body, tuple(writing.faults))


def _unmet(need: Path, record: Record) -> list[Fault]:
    found = list(find_all(need, record, record)) or [(need.text, None)]
    return [
        Fault(
            TransferNotAcceptable.code,
            place.replace("/", "."),
            Text(
                f"移送须有 {place.replace('/', '.')}，案件中缺少",
                f"The transfer needs {place.replace('/', '.')}, the case lacks it",
            ),
            rule="needs",
        )
        for place, value in found
        if is_blank(value)
    ]


def _write(
    rules: RecordRules, node: Tree, writing: Writing, where: str, source: str
) -> Record:
    out: Record = {}
    for rule in rules.rules:
        place = join(source, rule.name)
        at = _where(rule, where)
        value = _value(rule, node, writing, at, place)
        if value is ABSENT:
            if rule.required:
                writing.faults.append(_required(at, place))
        elif isinstance(value, Unreadable):
            if not rule.hold:
                writing.faults.append(unreadable_fault(at, place, value))
        else:
            _put(out, rule.target, value)
    return out


def _value(
    rule: Rule, node: Tree, writing: Writing, where: str, place: str
) -> Tree | Absent | Unreadable:
    if rule.inner is not None:
        return _nested(rule, node, writing, where, place)
    if rule.take is None:
        return rule.constant
    if rule.join is not None:
        return joined(rule, node, writing.top)
    for path in rule.sources:
        found = find(path, node, writing.top)
        if not is_blank(found):
            return rule.take(found)
    return ABSENT


def _nested(
    rule: Rule, node: Tree, writing: Writing, where: str, place: str
) -> Tree | Absent:
    assert rule.inner is not None  # noqa: S101 - the caller asked
    found: list[Tree] = []
    for path in rule.each or rule.sources:
        for spot, element in find_all(path, node, writing.top):
            if is_blank(element):
                continue
            inside = _inside(where, path.text, spot)
            at = f"{place}[{len(found)}]" if rule.is_many else place
            inner = _write(rule.inner, element, writing, inside, at)
            if inner:
                found.append(inner)
    if rule.is_many:
        return found or ABSENT
    return found[0] if found else ABSENT


def _inside(where: str, path: str, spot: str) -> str:
    """``persons`` found at ``persons[1]`` becomes the place of that element."""
    dotted = spot.replace("/", ".")
    base = where.removesuffix(path.replace("/", ".")).rstrip(".")
    return dotted if not base else base if dotted == "." else f"{base}.{dotted}"


def _where(rule: Rule, where: str) -> str:
    path = next(iter(rule.each or rule.sources), None)
    if path is None or not path.steps:
        return where
    dotted = path.text.replace("/", ".")
    return dotted if path.is_absolute or not where else f"{where}.{dotted}"


def _required(where: str, place: str) -> Fault:
    message = Text(
        f"接收方要求 {where}，案件中缺少",
        f"The receiver asks for {where}, it is absent",
    )
    return Fault(RecordInvalid.code, where, message, place, "required")


def _put(out: Record, target: tuple[str, ...], value: Tree) -> None:
    for step in target[:-1]:
        inner = out.setdefault(step, {})
        assert isinstance(inner, dict)  # noqa: S101 - the loader refuses clashes
        out = inner
    out[target[-1]] = value
