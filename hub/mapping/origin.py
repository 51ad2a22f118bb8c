"""Where in a mapping file a canonical field comes from, and how it is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.mapping.check import resolve
from hub.mapping.path import Path
from hub.mapping.rules import RecordRules, Rule, SystemRules


@dataclass(frozen=True, slots=True)
class Made:
    """The rule of a field: its place in its file, and what it is made of.

    ``how`` names converters, code table and constant (``convert date, table sex``),
    ``table`` the code table alone.
    """

    place: str
    how: str = ""
    table: str = ""


def made_by(rules: SystemRules, record: str, field: str) -> Made | None:
    """The rule that makes a field without indexes (``persons[].sex``) of a record
    of this file; ``None`` where no rule does.
    """
    here = [rules.records[record]] if record in rules.records else []
    found: Rule | None = None
    for step in steps(field):
        found = _rule(here, step)
        if found is None:
            return None
        here = [one.inner for one in _all(found) if one.inner is not None]
    return _made(found) if found else None


def written_by(rules: SystemRules, node: str, place: str) -> Made | None:
    """The rule that writes a place without indexes (``RY[]/XB``) of a node's parcel;
    ``None`` where no rule does.
    """
    here = [rules.parcels[node]] if node in rules.parcels else []
    left = tuple(place.replace("[]", "").split("/"))
    while True:
        found = next(
            (one for record in here for one in record.rules if _begins(one, left)), None
        )
        if found is None:
            return None
        left = left[len(found.target) :]
        if not left:
            return _made(found)
        here = [found.inner] if found.inner is not None else []


def _begins(rule: Rule, steps: tuple[str, ...]) -> bool:
    return steps[: len(rule.target)] == rule.target


def _made(rule: Rule) -> Made:
    tables = [one.lookup.table for one in _all(rule) if one.lookup]
    return Made(rule.place, _how(rule), tables[0] if tables else "")


def _rule(records: Iterable[RecordRules], name: str) -> Rule | None:
    return next(
        (rule for record in records for rule in record.rules if rule.name == name), None
    )


def _all(rule: Rule) -> tuple[Rule, ...]:
    return rule.choices or (rule,)


def _how(whole: Rule) -> str:
    told: dict[str, None] = {}
    for rule in _all(whole):
        told.update(dict.fromkeys(f"convert {one.name}" for one in rule.converters))
        if rule.lookup:
            told[f"table {rule.lookup.table}"] = None
        if rule.inner:
            told[f"record {rule.inner.name}"] = None
        if rule.take is None and rule.inner is None:
            told["constant"] = None
    return ", ".join(told)


def steps(field: str) -> tuple[str, ...]:
    """The names on the way to a field: ``persons[].sex`` as persons, sex."""
    return tuple(step for step in field.replace("[]", "").split(".") if step)


def shape_of(kind: str, field: str) -> str:
    """The type of a canonical field; empty for a whole element or no field at all."""
    names = steps(field)
    if field.endswith("[]") or not names:
        return ""
    found = resolve(kind, Path("/".join(names), names, is_absolute=False))
    return found[0] if isinstance(found, tuple) else ""


def owner_of(kind: str, field: str) -> tuple[str, str]:
    """The kind of record that a field belongs to, and its own name there."""
    *above, name = steps(field) or ("",)
    if not above:
        return kind, name
    _, _, inner = shape_of(kind, ".".join(above)).partition(":")
    return inner or kind, name
