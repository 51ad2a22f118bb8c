"""What field names mean: learnt from the mappings there are, and a list of words."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hub.records.shape import SHAPES

_WORDS = Path(__file__).with_name("words.tsv")
_PREFIX = re.compile(r"^[a-z]_")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name may mean, and who says so. ``convert`` as that mapping has it."""

    kind: str
    field: str
    told_by: str
    convert: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Meanings by plain name (``larq``, ``案号``)."""

    _names: dict[str, list[Meaning]] = field(default_factory=dict)

    @classmethod
    def load(cls, mappings: Path) -> Knowledge:
        """Learn from every mapping in a folder, then from the list of words."""
        found = cls()
        for path in sorted(mappings.glob("*.yaml")):
            body = yaml.safe_load(path.read_text("utf-8")) or {}
            for name, meaning in _learnt(body, path.stem):
                found._add(name, meaning)
        with _WORDS.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                for name in row["names"].split():
                    found._add(name, Meaning(row["kind"], row["field"], ""))
        return found

    def meanings(self, name: str, kind: str) -> tuple[Meaning, ...]:
        """What a name may mean in a record of this kind, the best known first."""
        plain = plain_name(name)
        told = self._names.get(plain) or self._names.get(_PREFIX.sub("", plain), [])
        return tuple(one for one in told if one.kind == kind)

    def _add(self, name: str, meaning: Meaning) -> None:
        held = self._names.setdefault(plain_name(name), [])
        if (meaning.kind, meaning.field) not in {(m.kind, m.field) for m in held}:
            held.append(meaning)


def plain_name(name: str) -> str:
    """A name without the case, signs and prefixes in which systems differ."""
    low = name.lower().lstrip("@")
    head = "" if not _PREFIX.match(low) else low[:2]
    return head + re.sub(r"[\s_.\-]", "", low[len(head) :])


def _learnt(body: dict[str, Any], system: str) -> Iterator[tuple[str, Meaning]]:
    for record, rules in (body.get("records") or {}).items():
        kind = rules.get("kind", record)
        for target, told in (rules.get("fields") or {}).items():
            for rule in told if isinstance(told, list) else [told]:
                if kind in SHAPES and isinstance(rule, dict):
                    yield from _of_rule(kind, target, rule, system)


def _of_rule(
    kind: str, target: str, rule: dict[str, Any], system: str
) -> Iterator[tuple[str, Meaning]]:
    convert = rule.get("convert") or ()
    chain = (convert,) if isinstance(convert, str) else tuple(convert)
    paths = rule.get("from") or rule.get("each") or ()
    for path in [paths] if isinstance(paths, str) else paths:
        for name in {path, path.rpartition("/")[2], path.partition("/")[0]}:
            if name not in ("", "."):
                yield name, Meaning(kind, target, system, chain)
