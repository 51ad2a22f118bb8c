"""Rule: mapping and fixtures speak of the same fields.

Every raw path that the mapping reads stands in some fixture, every raw field of a
fixture is mapped or ignored, and every fixture maps without a fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.check.finding import Finding, found
from hub.check.fixtures import Pair
from hub.check.lines import Lines
from hub.check.subject import Subject
from hub.contract.messages import Tree
from hub.errors import HubError
from hub.mapping.faults import hint
from hub.mapping.load import SystemMapping
from hub.mapping.places import places


def look(subject: Subject) -> Iterator[Finding]:
    """Paths nobody saw, fields nobody speaks of, fixtures that do not map."""
    mapping = subject.mapping
    if mapping is None:
        return
    seen: dict[str, set[str]] = {}
    for pair, tree in subject.trees:
        _walk(tree, "", seen.setdefault(pair.kind, set()))
    if seen:
        yield from _unseen(subject, mapping, seen)
    told: set[tuple[str, str]] = set()
    for pair, tree in subject.trees:
        yield from _unspoken(subject, mapping, pair, tree, told)


def _unseen(
    subject: Subject, mapping: SystemMapping, seen: dict[str, set[str]]
) -> Iterator[Finding]:
    path = subject.house.mappings / f"{subject.system}.yaml"
    lines = Lines.of(path)
    told: set[str] = set()
    for kind, known in seen.items():
        record = mapping.parsed.records.get(kind)
        for place in places(record) if record else ():
            for raw in place.paths:
                if raw and raw not in known and raw not in told:
                    told.add(raw)
                    near = hint(raw, known)
                    where = subject.house.told(path, lines.dotted(place.rule.place))
                    zh = f"{place.where} 的路径 {raw} 在样例中没有出现{near.zh}"
                    en = f"{place.where}: {raw} stands in no fixture{near.en}"
                    yield found("PATH_UNSEEN", where, zh, en)


def _unspoken(
    subject: Subject,
    mapping: SystemMapping,
    pair: Pair,
    tree: Tree,
    told: set[tuple[str, str]],
) -> Iterator[Finding]:
    try:
        mapped = mapping.read(pair.kind, tree)
    except HubError as error:
        where = subject.house.told(pair.raw)
        yield Finding("FIXTURE_UNMAPPED", where, error.message)
        return
    for fault in mapped.faults:
        where = _where(subject, pair, fault.source)
        zh = f"{fault.where}：{fault.message.zh}"
        en = f"{fault.where}: {fault.message.en}"
        yield found("FIXTURE_UNMAPPED", where, zh, en)
    for place in mapped.remainder:
        if (pair.kind, place) not in told:
            told.add((pair.kind, place))
            where = _where(subject, pair, place.replace("[]", "[0]"))
            zh, en = f"无人处理 {place}", f"nobody speaks of {place}"
            yield found("FIELD_UNSPOKEN", where, zh, en)


def _where(subject: Subject, pair: Pair, place: str) -> str:
    """The fixture, and the line of the place where the adapter can tell it."""
    line = 0
    if subject.adapter is not None and place:
        try:
            line = subject.adapter.locate(pair.record(), place).line
        except Exception:  # noqa: BLE001 - an author's locate may raise anything
            line = 0
    return subject.house.told(pair.raw, line)


def _walk(node: Tree, path: str, seen: set[str]) -> None:
    """Every path of a tree, lists not marked."""
    if isinstance(node, dict):
        for name, child in node.items():
            below = f"{path}/{name}" if path else name
            seen.add(below)
            _walk(child, below, seen)
    elif isinstance(node, list):
        for element in node:
            _walk(element, path, seen)
