"""Code tables and the crosswalks from each system's own codes to them.

``tables/<table>/<revision>.tsv`` is a standard's codes at one revision;
``tables/<table>/crosswalk/<system>.tsv`` says what a system's own codes mean.
Raw codes compare after stripping surrounding whitespace, and only that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hub.errors import CodeTableMissing
from hub.mapping.code_tables.read import (
    RELATIONS,
    link_findings,
    read_crosswalk,
    read_names,
    read_table,
)
from hub.mapping.code_tables.sheet import (
    ROOT,
    Files,
    Finding,
    Sheet,
    day_text,
    gather,
    period_findings,
    revision_order,
    sheet,
    sources,
)
from hub.mapping.code_tables.table import ANY, Crosswalk, Name, Row, Table, Walk
from hub.mapping.faults import hint, raise_faults

__all__ = [
    "ANY",
    "RELATIONS",
    "Crosswalk",
    "Name",
    "Row",
    "Table",
    "Tables",
    "Walk",
]


@dataclass(frozen=True, slots=True)
class Tables:
    """All code tables and crosswalks of a deployment, read once at start.

    ``findings`` are the faults of tables for which a start is refused.
    """

    _tables: Mapping[str, Mapping[str, Table]]
    _crosswalks: Mapping[tuple[str, str], Crosswalk]
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @classmethod
    def load(cls, folder: Path) -> Tables:
        """Read ``mappings/tables``. Raises ``MappingInvalid`` with every fault.

        Faults of a crosswalk wait for ``Mappings.load``, which knows whether the
        system it belongs to is used.
        """
        found = cls.of(gather(folder))
        raise_faults([one.fault for one in found.findings])
        return found

    @classmethod
    def of(cls, files: Files) -> Tables:
        """The tables in these files, good or bad: ``findings`` tells which."""
        found: list[Finding] = []
        sheets = {tuple(place.split("/")): place for place in sorted(files)}
        read = {key: sheet(place, files[place]) for key, place in sheets.items()}
        tables = _tables(read, _since(files, found), found)
        return cls(tables, _crosswalks(read, tables), tuple(found))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tables, sorted."""
        return tuple(sorted(self._tables))

    def has(self, name: str) -> bool:
        """Is there such a table?"""
        return name in self._tables

    def revisions(self, name: str) -> tuple[str, ...]:
        """The revisions of a table, the oldest first; none for an unknown table."""
        return tuple(self._tables.get(name, {}))

    def table(self, name: str, revision: str = "") -> Table:
        """A table, at its newest revision if none is named.

        Raises ``CodeTableMissing``.
        """
        revisions = self._tables.get(name, {})
        found = revisions.get(revision or _newest(revisions))
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


def _newest(revisions: Mapping[str, Table]) -> str:
    return max(revisions, key=revision_order, default="")


_Read = Mapping[tuple[str, ...], Sheet]


def _since(files: Files, found: list[Finding]) -> dict[tuple[str, str], str]:
    """From which day each revision counts, where ``sources.tsv`` tells it."""
    told = {}
    for number, row in sources(files):
        since = row.get("valid_from", "")
        found.extend(period_findings(f"{ROOT}/sources.tsv:{number}", since, ""))
        told[row.get("table", ""), row.get("revision", "")] = since
    return told


def _tables(
    read: _Read, since: Mapping[tuple[str, str], str], found: list[Finding]
) -> dict[str, dict[str, Table]]:
    """Every table with its revisions, the oldest first."""
    sheets: dict[str, dict[str, Sheet]] = {}
    for key, one in read.items():
        match key:
            case (_, name, file):
                sheets.setdefault(name, {})[file.removesuffix(".tsv")] = one
    tables: dict[str, dict[str, Table]] = {}
    for name, revisions in sheets.items():
        older: tuple[Table, ...] = ()
        for revision in sorted(revisions, key=revision_order):
            table = read_table(revisions[revision], name, revision, found)
            begun = since.get((name, revision)) or day_text(revision)
            table = replace(table, since=begun, older=older)
            tables.setdefault(name, {})[revision] = table
            older = (table, *older)
    _link(sheets, tables, found)
    _name(read, tables, found)
    return tables


def _link(
    sheets: Mapping[str, Mapping[str, Sheet]],
    tables: Mapping[str, Mapping[str, Table]],
    found: list[Finding],
) -> None:
    for name, revisions in tables.items():
        for revision, table in revisions.items():
            found.extend(link_findings(sheets[name][revision], table, tables))


def _name(
    read: _Read, tables: Mapping[str, dict[str, Table]], found: list[Finding]
) -> None:
    """The names that codes had before; they belong to the newest revision."""
    for key, one in read.items():
        match key:
            case (_, name, "history", "names.tsv"):
                revisions = tables.get(name, {})
                newest = _newest(revisions)
                named = read_names(one, revisions.get(newest), found)
                if named is not None:
                    revisions[newest] = named


def _crosswalks(
    read: _Read, tables: Mapping[str, Mapping[str, Table]]
) -> dict[tuple[str, str], Crosswalk]:
    found = {}
    for key, one in read.items():
        match key:
            case (_, name, "crosswalk", file):
                revisions = tables.get(name, {})
                newest = revisions.get(_newest(revisions))
                system = file.removesuffix(".tsv")
                found[system, name] = read_crosswalk(one, name, system, newest, tables)
    return found
