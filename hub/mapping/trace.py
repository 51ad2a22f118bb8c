"""The way of every value: from which raw places, by which rule, over which steps.

The interpreter tells a witness what each rule gave; from the rule and its record the
steps are walked once more, one by one. Slow and complete: for people who ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hub.contract.messages import Record, Tree
from hub.mapping.converters.converter import Converter
from hub.mapping.path import Path, find, join
from hub.mapping.read import Reading, Seen, elements, first_of, read_record
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.value import ABSENT, Unreadable, as_text, is_blank
from hub.records.shape import UNREADABLE


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a value's way: ``name`` is ``from``, ``merge``, ``split``, a
    converter or a table; ``value`` what it gave, ``note`` what it met.
    """

    name: str
    value: Tree
    note: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one canonical value comes from.

    ``where`` is its canonical place (``persons[0].charges[1].crime``), ``places`` the
    raw ones (``AJ/RYLB/RY[0]/ZM``; none for a constant), ``rule`` the rule's place in
    the mapping file. ``outcome`` is ``value``, ``unreadable`` (the original is held)
    or ``refused`` (a fault); ``value`` the canonical value or the original text.
    ``cut``: the rule that took a text apart, and which part of it this is.
    """

    where: str
    places: tuple[str, ...]
    rule: str
    outcome: str
    value: Tree
    steps: tuple[Step, ...]
    table: str = ""
    table_revision: str = ""
    cut: tuple[str, int] = ("", -1)


def trace(
    record: RecordRules, node: Tree, top: Tree, source: str
) -> tuple[Origin, ...]:
    """The origin of every leaf that reading this record gives, in its order."""
    witness: list[Seen] = []
    read_record(record, node, Reading(top, source=source, witness=witness))
    return tuple(_origin(seen, top) for seen in witness)


def _origin(seen: Seen, top: Tree) -> Origin:
    rule, value = seen.rule, seen.value
    outcome, told = "value", value
    if isinstance(value, Unreadable):
        outcome = "unreadable" if rule.hold or rule.passes else "refused"
        told = value.original
    lookup = rule.lookup
    return Origin(
        seen.where,
        places(rule, seen.node, top, seen.source),
        rule.place,
        outcome,
        told,  # type: ignore[arg-type]  # an absent value is never seen
        tuple(_steps(rule, seen.node, top)),
        lookup.table if lookup else "",
        lookup.revision if lookup else "",
        seen.cut,
    )


def places(rule: Rule, node: Tree, top: Tree, source: str) -> tuple[str, ...]:
    """The raw places that a scalar rule takes its value from."""

    def absolute(path: Path, place: str) -> str:
        return place if path.is_absolute else join(source, place)

    if rule.join is not None and not rule.is_merge:
        return tuple(_of_elements(rule, node, top, source))
    if rule.is_merge:
        told = [one for one in rule.sources if not is_blank(find(one, node, top))]
        return tuple(absolute(path, path.text) for path in told)
    chosen = _first(rule.sources, node, top)
    return (absolute(chosen, chosen.text),) if chosen is not None else ()


def _of_elements(rule: Rule, node: Tree, top: Tree, source: str) -> Iterator[str]:
    is_absolute = all(path.is_absolute for path in rule.each)
    for place, element in elements(rule, node, top):
        base = place if is_absolute else join(source, place)
        chosen = _first(rule.sources, element, top)
        if chosen is None or chosen.is_absolute:
            yield chosen.text if chosen is not None else base
        else:
            yield join(base, chosen.text)


def _first(paths: tuple[Path, ...], node: Tree, top: Tree) -> Path | None:
    for path in paths:
        if not is_blank(find(path, node, top)):
            return path
    return paths[-1] if paths else None


def _steps(rule: Rule, node: Tree, top: Tree) -> Iterator[Step]:
    if rule.when is not None:
        yield Step("when", rule.when.text)
    if rule.take is None:
        yield Step("constant", rule.constant)
        return
    for raw in _raws(rule, node, top):
        yield Step("merge" if rule.is_merge else "from", raw)
        yield from taken(rule, raw)


def _raws(rule: Rule, node: Tree, top: Tree) -> Iterator[Tree]:
    """The raw values that ``take`` is given."""
    if rule.is_merge:
        found = [find(path, node, top) for path in rule.sources]
        told = [as_text(one).strip() for one in found if not is_blank(one)]
        yield (rule.join or "").join(told)
    elif rule.join is not None:
        for _, element in elements(rule, node, top):
            yield first_of(rule.sources, element, top) if rule.sources else element
    else:
        yield first_of(rule.sources, node, top)


def taken(rule: Rule, raw: Tree) -> Iterator[Step]:
    """The steps from one raw value on: each converter, then the table."""
    value: Tree = raw[0] if isinstance(raw, list) and len(raw) == 1 else raw
    if isinstance(value, dict | list):
        yield Step("from", None, "unreadable")
        return
    for converter in rule.converters:
        step = _converted(converter, value)
        yield step
        if step.note:
            return
        value = step.value
    if rule.lookup is not None:
        code = rule.lookup.meanings.get(as_text(value).strip())
        revision = rule.lookup.revision
        note = (
            f"revision {revision}" if code else "absent" if code == "" else "unreadable"
        )
        yield Step(f"table {rule.lookup.table}", code or None, note)


def _converted(converter: Converter, value: Tree) -> Step:
    assert converter.read is not None  # noqa: S101 - the loader made it so
    found = converter.read(value)  # type: ignore[arg-type]  # a scalar by now
    if found is ABSENT:
        return Step(converter.name, None, "absent")
    if isinstance(found, Unreadable):
        more = f": {found.reason.zh} / {found.reason.en}" if found.reason else ""
        return Step(converter.name, None, f"unreadable{more}")
    return Step(converter.name, found)


def leaves(body: Record) -> Iterator[tuple[str, Tree]]:
    """Every canonical leaf of a body with its place; unreadable ones too."""
    for place, value, _ in told(body):
        yield place, value


def told(body: Record, where: str = "") -> Iterator[tuple[str, Tree, bool]]:
    """The same, and whether the leaf is the original text of an unreadable value."""
    for name, value in body.items():
        if name == UNREADABLE and isinstance(value, dict):
            for field, original in value.items():
                if field not in body:
                    yield f"{where}.{field}".lstrip("."), original, True
            continue
        place = f"{where}.{name}".lstrip(".")
        if isinstance(value, dict):
            yield from told(value, place)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    yield from told(item, f"{place}[{index}]")
        else:
            yield place, value, False
