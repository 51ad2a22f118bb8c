"""Code tables and the crosswalks from each system's own codes to them.

``tables/<table>/<revision>.tsv`` is a standard's codes at one revision;
``tables/<table>/crosswalk/<system>.tsv`` says what a system's own codes mean.
Raw codes compare after stripping surrounding whitespace, and only that.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from hub.errors import CodeTableMissing, Fault, MappingInvalid, Text
from hub.mapping.faults import hint, raise_faults

NAMED = ("code", "name_zh", "name_en")
CROSSWALK = ("raw", "code", "relation", "note")

#: how a raw code stands to the standard's, after the FHIR concept map: the same;
#: narrower, wider or only related in meaning (read, never written); ``none`` says
#: that nothing was told
RELATIONS = ("equal", "narrower", "wider", "related", "none")

#: the crosswalk of spellings that every system may use
ANY = "any"


@dataclass(frozen=True, slots=True)
class Row:
    """One code of a table; ``columns`` holds whatever else the table tells."""

    code: str
    name_zh: str
    name_en: str
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def replaced_by(self) -> tuple[str, ...]:
        """The codes that took its place; several where it was split."""
        told = self.columns.get("replaced_by", "")
        return tuple(one for one in told.split(";") if one)

    @property
    def is_withdrawn(self) -> bool:
        """Did its table take it back?"""
        return bool(self.columns.get("valid_to") or self.replaced_by)

    def is_valid(self, day: date) -> bool:
        """Was it in force on a day? Bounds are days, or months told whole."""
        told = self.columns
        start, end = told.get("valid_from", ""), told.get("valid_to", "")
        return _period(start, end, day)

    def value(self, column: str) -> str:
        """What stands in this column; empty for a column the table lacks."""
        if column in NAMED:
            return str(getattr(self, column))
        return self.columns.get(column, "")


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a code had for a while (``history/names.tsv``)."""

    name_zh: str
    name_en: str
    valid_from: str
    valid_to: str


def _period(start: str, end: str, day: date) -> bool:
    """Is a day inside? Bounds may be months or empty; an end counts wholly."""
    told = day.isoformat()
    return (not start or told[: len(start)] >= start) and (
        not end or told[: len(end)] <= end
    )


@dataclass(frozen=True, slots=True)
class Walk:
    """One row of a crosswalk."""

    raw: str
    code: str
    relation: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A code table (代码表) at one revision. ``digest`` is of the file's bytes."""

    name: str
    revision: str
    rows: tuple[Row, ...]
    digest: str
    columns: tuple[str, ...] = NAMED
    _by_code: Mapping[str, Row] = field(default_factory=dict, repr=False)
    names: Mapping[str, tuple[Name, ...]] = field(default_factory=dict, repr=False)

    def row(self, code: str) -> Row | None:
        """The row of a code."""
        return self._by_code.get(code)

    def name_on(self, code: str, day: date) -> tuple[str, str] | None:
        """The Chinese and English name of a code on a day; ``None`` without row.

        Where no name of its history fits, the name of the newest edition.
        """
        for one in self.names.get(code, ()):
            if _period(one.valid_from, one.valid_to, day):
                return one.name_zh, one.name_en
        row = self.row(code)
        return (row.name_zh, row.name_en) if row else None

    def successors(self, code: str) -> tuple[Row, ...]:
        """The rows in force now that a code became, through all its steps."""
        found: dict[str, Row] = {}
        todo, seen = [code], {code}
        while todo:
            row = self.row(todo.pop(0))
            for after in row.replaced_by if row else ():
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
                    next_ = self.row(after)
                    if next_ is not None and not next_.replaced_by:
                        found[after] = next_
        return tuple(found.values())

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
    rows: tuple[Walk, ...] = ()


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
        for path in sorted(folder.glob("*/history/names.tsv")):
            _read_names(path, tables.get(path.parts[-3], {}), faults)
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


def _read_names(path: Path, revisions: dict[str, Table], faults: list[Fault]) -> None:
    """The names that codes had before; they belong to the newest revision."""
    place = f"tables/{path.parts[-3]}/history/{path.name}"
    header, *lines = _lines(path) or [[]]
    newest = max(revisions, default="")
    if tuple(header) != (*NAMED, "valid_from", "valid_to") or not newest:
        faults.append(_fault(f"{place}:1", "表头或代码表不符", "wrong header or table"))
        return
    names: dict[str, tuple[Name, ...]] = {}
    for number, cells in enumerate(lines, 2):
        code, *told = [*cells, "", ""][:5]
        if revisions[newest].row(code) is None:
            faults.append(_fault(f"{place}:{number}", "没有这个代码", "no such code"))
        names[code] = (*names.get(code, ()), Name(*told))
    digest = hashlib.sha256(f"{revisions[newest].digest}{_digest(path)}".encode())
    told_table = replace(revisions[newest], names=names, digest=digest.hexdigest())
    revisions[newest] = told_table


def _read_crosswalk(path: Path, tables: Mapping[str, Mapping[str, Table]]) -> Crosswalk:
    name, system = path.parts[-3], path.stem
    place = f"tables/{name}/crosswalk/{path.name}"
    faults: list[Fault] = []
    meanings: dict[str, str] = {}
    spellings: dict[str, str] = {}
    rows: list[Walk] = []
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
        told = [*(cell.strip() for cell in cells), "", "", ""]
        raw, code, relation, note, *_ = told
        problem = _row_problem(raw, code, relation, meanings, table)
        if problem:
            faults.append(_fault(f"{place}:{number}", problem.zh, problem.en))
            continue
        meanings[raw] = code
        rows.append(Walk(raw, code, relation, note))
        if relation == "equal":
            spellings.setdefault(code, raw)
    found = (meanings, spellings, _digest(path), tuple(faults), tuple(rows))
    return Crosswalk(system, name, *found)


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
    if relation == "none":
        return Text("none 行不得有代码", "a none row has no code") if code else None
    if table.row(code) is None:
        return Text(
            f"代码 {code} 不在代码表中", f"the code {code} does not stand in the table"
        )
    return None


def _fault(where: str, zh: str, en: str) -> Fault:
    return Fault(MappingInvalid.code, where, Text(zh, en))
