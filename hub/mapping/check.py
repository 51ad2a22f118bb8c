"""What the parser of mapping files asks of every part, and how it complains."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hub.errors import CodeTableMissing, Fault, MappingInvalid, Text
from hub.mapping.code_tables.tables import ANY, Crosswalk, Table, Tables
from hub.mapping.condition import Condition, Wrong, condition
from hub.mapping.converters.converter import Converter
from hub.mapping.faults import hint
from hub.mapping.lookup import Lookup
from hub.mapping.path import Path, parse
from hub.records.shape import SHAPES


@dataclass(slots=True)
class Check:
    """One file being checked: what it may name, and the faults so far.

    ``added`` are crosswalk rows of an overlay: table -> raw -> code.
    """

    file: str
    system: str
    tables: Tables
    converters: Mapping[str, Converter]
    faults: list[Fault] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    added: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def fault(self, place: str, zh: str, en: str) -> None:
        """Note a fault at a place of the file."""
        where = f"{self.file}: {place}" if place else self.file
        self.faults.append(Fault(MappingInvalid.code, where, Text(zh, en)))

    def unknown(self, place: str, word: object, known: Iterable[str], of: Text) -> None:
        """Note a word that stands nowhere, with the nearest that does."""
        near = hint(str(word), known)
        self.fault(place, f"没有{of.zh} {word}{near.zh}", f"no {of.en} {word}{near.en}")

    def dict(self, place: str, value: object) -> dict[str, Any]:
        """A mapping with text keys; empty, with a fault, where it is none."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fault(place, "应为键值结构", "a mapping of keys is asked for")
            return {}
        for key in value:
            if not isinstance(key, str):
                self.fault(
                    place,
                    f"键 {key} 应加引号写作文字",
                    f"the key {key} must be text, quote it",
                )
        return {key: inner for key, inner in value.items() if isinstance(key, str)}

    def keys(
        self, place: str, value: Mapping[str, Any], known: Collection[str]
    ) -> None:
        """Every key must be one of the language."""
        for key in value:
            if key not in known:
                self.unknown(
                    f"{place}.{key}".lstrip("."), key, known, Text("关键字", "key")
                )

    def paths(self, place: str, value: object) -> tuple[Path, ...]:
        """A path or a list of paths."""
        if value is None:
            return ()
        found: list[Path] = []
        for text in value if isinstance(value, list) else [value]:
            path = parse(text)
            if isinstance(path, Text):
                self.fault(place, path.zh, path.en)
            else:
                found.append(path)
        return tuple(found)

    def convert(self, place: str, value: object) -> tuple[Converter, ...]:
        """The converters that a rule names."""
        names = value if isinstance(value, list) else [] if value is None else [value]
        found = []
        for name in names:
            converter = self.converters.get(str(name))
            if converter is None:
                self.unknown(place, name, self.converters, Text("转换器", "converter"))
                continue
            for table in converter.tables:
                self._table(place, table)
            found.append(converter)
        return tuple(found)

    def lookup(self, place: str, table: object, by: object) -> Lookup | None:
        """The code table a rule names, as this system spells it."""
        if table is None:
            if by is not None:
                self.fault(place, "by 须与 table 同用", "by asks for table")
            return None
        if not self._table(place, str(table)):
            return None
        found = self.tables.table(str(table))
        if by is not None:
            if by not in found.columns:
                self.unknown(place, by, found.columns, Text("列", "column"))
                return None
            meanings = found.by(str(by))
            spelled = {row.code: row.value(str(by)) for row in found.rows}
            told = {code: raw for code, raw in spelled.items() if raw}
            return Lookup(found.name, meanings, told, found.revision)
        walk = self.tables.crosswalk(self.system, found.name)
        common = self.tables.crosswalk(ANY, found.name)
        anyway = common.meanings if common else {}
        if walk is not None:
            own = self._of_walk(found, walk)
            return replace(own, meanings={**anyway, **own.meanings})
        codes = {code: code for code in found.codes}
        return Lookup(found.name, {**anyway, **codes}, codes, found.revision)

    def condition(self, place: str, value: object) -> Condition | None:
        """A ``when:``; ``None``, with a fault noted, where it is none."""
        if value is None:
            return None
        found = condition(value)
        if isinstance(found, Wrong):
            at, message = found.column, found.message
            self.fault(place, f"第 {at} 列：{message.zh}", f"column {at}: {message.en}")
            return None
        return found

    def _of_walk(self, table: Table, walk: Crosswalk) -> Lookup:
        """A system's crosswalk, with the rows that an overlay adds or changes."""
        added = self.added.get(table.name, {})
        if not added:
            return Lookup(table.name, walk.meanings, walk.spellings, table.revision)
        spelled = {code: raw for raw, code in added.items()}
        return Lookup(
            table.name,
            {**walk.meanings, **added},
            {**walk.spellings, **spelled},
            table.revision,
        )

    def _table(self, place: str, name: str) -> bool:
        if self.tables.has(name):
            self.used.add(name)
            return True
        near = hint(name, self.tables.names)
        message = Text(f"没有代码表 {name}{near.zh}", f"no code table {name}{near.en}")
        where = f"{self.file}: {place}"
        self.faults.append(Fault(CodeTableMissing.code, where, message))
        return False


def fields_of(kind: str) -> Mapping[str, str]:
    """The fields of a kind; what is written may also tell the hub's own number."""
    shapes = SHAPES[kind]
    return {**shapes, "hub_number": "text"} if kind == "case" else shapes


def inner_kind(shape: str) -> str:
    """``person`` of ``many:person``; empty for a plain value."""
    many, _, kind = shape.partition(":")
    return kind if many in ("one", "many") else ""


def resolve(kind: str, path: Path) -> tuple[str, bool] | Text:
    """The shape at a canonical path, and whether lists lie on the way to it."""
    shape, through_many = f"one:{'case' if path.is_absolute else kind}", False
    for step in path.steps:
        kind = inner_kind(shape)
        through_many |= shape.startswith("many:")
        shapes = fields_of(kind) if kind else {}
        if step not in shapes:
            near = hint(step, shapes)
            return Text(
                f"没有规范字段 {path.text}{near.zh}",
                f"no canonical field {path.text}{near.en}",
            )
        shape = shapes[step]
    return shape, through_many
