"""The walk in: a tree in a system's own words becomes the body of a facet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hub.contract.messages import Record, Tree
from hub.errors import Fault, RecordInvalid, Text
from hub.mapping.path import find, find_all, join
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.value import ABSENT, Absent, Unreadable, as_text, is_blank
from hub.records.shape import UNREADABLE


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
    """One reading under way: the whole tree and the faults so far."""

    top: Tree
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, where: str, source: str, bad: Unreadable) -> None:
        """Note a value that cannot be read. The value itself is never told."""
        self.faults.append(unreadable_fault(where, source, bad))


def unreadable_fault(where: str, source: str, bad: Unreadable) -> Fault:
    """The fault of an unreadable value, in both languages, without the value."""
    rule = bad.rule or "text"
    if bad.code != RecordInvalid.code:
        message = Text(
            f"{where} 的值在代码表 {rule} 中没有对应",
            f"The value of {where} has no counterpart in the code table {rule}",
        )
    else:
        more = bad.reason or Text("", "")
        message = Text(
            f"{where} 的值无法按 {rule} 处理" + (f"：{more.zh}" if more.zh else ""),
            f"The value of {where} does not fit {rule}"
            + (f": {more.en}" if more.en else ""),
        )
    return Fault(bad.code, where, message, source, rule)


def read_record(
    record: RecordRules, node: Tree, reading: Reading, where: str, source: str
) -> Record | Absent:
    """One record; absent where nothing but constants would stand in it."""
    out: Record = {}
    constants = 0
    for rule in record.rules:
        target = rule.target[0]
        if rule.take is not None and rule.join is None:
            raw = (
                node.get(rule.key)
                if rule.key and type(node) is dict
                else _first(rule, node, reading.top)
            )
            if raw is None:
                value: Tree | Absent | Unreadable = ABSENT
            else:
                value = rule.take(raw)
        elif rule.inner is not None:
            value = _nested(rule, node, reading, where, source)
        elif rule.join is not None:
            value = _joined(rule, node, reading)
        else:
            value = rule.constant
            constants += 1
        if value is ABSENT:
            if rule.required:
                _missing(rule, reading, where, source)
        elif type(value) is Unreadable:
            if rule.hold:
                held = out.setdefault(UNREADABLE, {})
                held[target] = value.original  # type: ignore[index,call-overload]  # ours
            else:
                reading.refuse(_at(where, target), _source(rule, source), value)
        else:
            out[target] = value  # type: ignore[assignment]  # neither absent nor bad
    return out if len(out) > constants else ABSENT


def _first(rule: Rule, node: Tree, top: Tree) -> Tree:
    """The first of the alternatives that tells something."""
    found: Tree = None
    for path in rule.sources:
        found = find(path, node, top)
        if not is_blank(found):
            return found
    return found


def _elements(rule: Rule, node: Tree, top: Tree) -> Iterator[tuple[str, Tree]]:
    """The elements a rule speaks of, each with its place in the raw record."""
    if rule.split is not None:
        text = as_text(_first(rule, node, top))
        for part in rule.split.split(text):
            if not is_blank(part):
                yield rule.sources[0].text, part.strip()
        return
    for path in rule.each or rule.sources:
        for place, element in find_all(path, node, top):
            if not is_blank(element):
                yield place, element


def _nested(
    rule: Rule, node: Tree, reading: Reading, where: str, source: str
) -> Tree | Absent:
    assert rule.inner is not None  # noqa: S101 - the caller asked
    base = _at(where, rule.target[0])
    found: list[Tree] = []
    for index, (place, element) in enumerate(_elements(rule, node, reading.top)):
        at = f"{base}[{index}]" if rule.is_many else base
        inner = read_record(rule.inner, element, reading, at, join(source, place))
        if inner is not ABSENT:
            found.append(inner)
    if rule.is_many:
        return found or ABSENT
    if len(found) > 1:
        several = Text("应为一条，实为多条", "one is asked for, there are several")
        reading.refuse(base, _source(rule, source), Unreadable("", several))
    return found[0] if found else ABSENT


def _joined(rule: Rule, node: Tree, reading: Reading) -> Tree | Absent | Unreadable:
    return joined(rule, node, reading.top)


def joined(rule: Rule, node: Tree, top: Tree) -> Tree | Absent | Unreadable:
    """Every element taken and put into one text, each text once."""
    assert rule.take is not None  # noqa: S101 - the loader made it so
    parts: dict[str, None] = {}
    for _, element in _elements(rule, node, top):
        for path in rule.sources:
            element = find(path, element, top)
        value = rule.take(element)
        if isinstance(value, Unreadable):
            return value
        if value is not ABSENT:
            parts[as_text(value)] = None
    return (rule.join or "").join(parts) if parts else ABSENT


def _missing(rule: Rule, reading: Reading, where: str, source: str) -> None:
    place = _at(where, rule.target[0])
    message = Text(f"缺少必填项 {place}", f"{place} is required and absent")
    reading.faults.append(
        Fault(RecordInvalid.code, place, message, _source(rule, source), "required")
    )


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _source(rule: Rule, source: str) -> str:
    path = next(iter(rule.each or rule.sources), None)
    if path is None:
        return source
    return path.text if path.is_absolute else join(source, path.text)
