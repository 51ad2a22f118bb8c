"""Code tables and the crosswalks from each system's own codes to them.

``tables/<table>/<revision>.tsv`` is a standard's codes at one revision;
``tables/<table>/crosswalk/<system>.tsv`` says what a system's own codes mean.
Raw codes compare after stripping surrounding whitespace, and only that.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hub.errors import CodeTableMissing, Fault, MappingInvalid, Text
from hub.mapping.faults import hint, raise_faults

NAMED = ("code", "name_zh", "name_en")
CROSSWALK = ("raw", "code", "relation", "note")

#: how a raw code stands to the standard's: the same; narrower or broader in
#: meaning (read, never written); ``absent`` says that nothing was told
RELATIONS = ("equal", "narrower", "broader", "absent")


@dataclass(frozen=True, slots=True)
class Row:
    """One code of a table; ``columns`` holds whatever else the table tells."""

    code: str
    name_zh: str
    name_en: str
    columns: Mapping[str, str] = field(default_factory=dict)

    def value(self, column: str) -> str:
        """What stands in this column; empty for a column the table lacks."""
        if column in NAMED:
            return str(getattr(self, column))
        return self.columns.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A code table (代码表) at one revision. ``digest`` is of the file's bytes."""

    name: str
    revision: str
    rows: tuple[Row, ...]
    digest: str
    columns: tuple[str, ...] = NAMED
    _by_code: Mapping[str, Row] = field(default_factory=dict, repr=False)

    def row(self, code: str) -> Row | None:
        """The row of a code."""
        return self._by_code.get(code)

    def by(self, column: str) -> Mapping[str, str]:
        """Code by the value of another column, where that value stands once."""
        times = Counter(row.value(column) for row in self.rows)
        return {
            row.value(column): row.code
            for row in self.rows
            if row.value(column) and times[row.value(column)] == 1
        }


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What one system's own codes mean in one table.

    ``meanings`` maps raw to code, or to ``""`` where the raw code says nothing.
    ``spellings`` maps code to the raw code to write.
    """

    system: str
    table: str
    meanings: Mapping[str, str]
    spellings: Mapping[str, str]
    digest: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """All code tables and crosswalks of a deployment, read once at start."""

    _tables: Mapping[str, Mapping[str, Table]]
    _crosswalks: Mapping[tuple[str, str], Crosswalk]

    @classmethod
    def load(cls, folder: Path) -> Tables:
        """Read ``mappings/tables``. Raises ``MappingInvalid`` with every fault.

        Faults of a crosswalk wait for ``Mappings.load``, which knows whether the
        system it belongs to is used.
        """
        faults: list[Fault] = []
        tables: dict[str, dict[str, Table]] = {}
        for path in sorted(folder.glob("*/*.tsv")):
            table = _read_table(path, faults)
            tables.setdefault(table.name, {})[table.revision] = table
        raise_faults(faults)
        crosswalks = {
            (path.stem, path.parts[-3]): _read_crosswalk(path, tables)
            for path in sorted(folder.glob("*/crosswalk/*.tsv"))
        }
        return cls(tables, crosswalks)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tables, sorted."""
        return tuple(sorted(self._tables))

    def has(self, name: str) -> bool:
        """Is there such a table?"""
        return name in self._tables

    def table(self, name: str, revision: str = "") -> Table:
        """A table, at its newest revision if none is named.

        Raises ``CodeTableMissing``.
        """
        revisions = self._tables.get(name, {})
        found = revisions.get(revision or max(revisions, default=""))
        if found is None:
            raise CodeTableMissing(
                f"没有代码表 {name}{hint(name, self._tables).zh}",
                f"There is no code table {name}{hint(name, self._tables).en}",
                where=f"mappings/tables/{name}/{revision}",
            )
        return found

    def crosswalk(self, system: str, table: str) -> Crosswalk | None:
        """A system's crosswalk to a table; ``None`` where it uses the standard."""
        return self._crosswalks.get((system, table))

    @property
    def crosswalks(self) -> tuple[Crosswalk, ...]:
        """Every crosswalk, by system and table."""
        return tuple(self._crosswalks[key] for key in sorted(self._crosswalks))


def _lines(path: Path) -> list[list[str]]:
    text = path.read_text("utf-8-sig")
    return [line.split("\t") for line in text.splitlines() if line.strip()]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_table(path: Path, faults: list[Fault]) -> Table:
    place = f"tables/{path.parent.name}/{path.name}"
    header, *lines = _lines(path) or [[]]
    if tuple(header[:3]) != NAMED:
        faults.append(
            _fault(f"{place}:1", "表头应为", f"the header must begin {NAMED}")
        )
    rows: dict[str, Row] = {}
    for number, cells in enumerate(lines, 2):
        if len(cells) > len(header) or len(cells) < len(NAMED):
            faults.append(
                _fault(f"{place}:{number}", "列数不符", "wrong count of cells")
            )
            continue
        if not cells[0] or cells[0] in rows:
            faults.append(
                _fault(f"{place}:{number}", "代码为空或重复", "code empty or repeated")
            )
        named = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        extra = {key: named[key] for key in header[3:]}
        rows[cells[0]] = Row(cells[0], cells[1], cells[2], extra)
    return Table(
        path.parent.name,
        path.stem,
        tuple(rows.values()),
        _digest(path),
        tuple(header),
        rows,
    )


def _read_crosswalk(path: Path, tables: Mapping[str, Mapping[str, Table]]) -> Crosswalk:
    name, system = path.parts[-3], path.stem
    place = f"tables/{name}/crosswalk/{path.name}"
    faults: list[Fault] = []
    meanings: dict[str, str] = {}
    spellings: dict[str, str] = {}
    header, *lines = _lines(path) or [[]]
    if tuple(header) != CROSSWALK:
        faults.append(
            _fault(f"{place}:1", "表头不符", f"the header must be {CROSSWALK}")
        )
    revisions = tables.get(name, {})
    table = revisions.get(max(revisions, default=""))
    if table is None:
        near = hint(name, tables)
        message = Text(f"没有代码表 {name}{near.zh}", f"no code table {name}{near.en}")
        return Crosswalk(
            system, name, {}, {}, "", (Fault(CodeTableMissing.code, place, message),)
        )
    for number, cells in enumerate(lines, 2):
        raw, code, relation, *_ = [*(cell.strip() for cell in cells), "", "", ""]
        problem = _row_problem(raw, code, relation, meanings, table)
        if problem:
            faults.append(_fault(f"{place}:{number}", problem.zh, problem.en))
            continue
        meanings[raw] = code
        if relation == "equal":
            spellings.setdefault(code, raw)
    return Crosswalk(system, name, meanings, spellings, _digest(path), tuple(faults))


def _row_problem(
    raw: str, code: str, relation: str, seen: Mapping[str, str], table: Table
) -> Text | None:
    if relation not in RELATIONS:
        near = hint(relation, RELATIONS)
        return Text(
            f"关系应为 {'、'.join(RELATIONS)} 之一{near.zh}",
            f"the relation must be one of {', '.join(RELATIONS)}{near.en}",
        )
    if not raw or raw in seen:
        return Text("原值为空或重复", "the raw value is empty or repeated")
    if relation == "absent":
        return (
            Text("absent 行不得有代码", "an absent row has no code") if code else None
        )
    if table.row(code) is None:
        return Text(
            f"代码 {code} 不在代码表中", f"the code {code} does not stand in the table"
        )
    return None


def _fault(where: str, zh: str, en: str) -> Fault:
    return Fault(MappingInvalid.code, where, Text(zh, en))
