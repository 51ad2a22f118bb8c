"""Bringing in what a system's own codes mean: rows laid over its crosswalk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.mapping.code_tables.check import check
from hub.mapping.code_tables.diff import crosswalk_diff
from hub.mapping.code_tables.foreign import Foreign, read_foreign
from hub.mapping.code_tables.order import Plan
from hub.mapping.code_tables.read import CROSSWALK
from hub.mapping.code_tables.sheet import ROOT, Files
from hub.mapping.code_tables.table import Walk
from hub.mapping.code_tables.tables import Tables
from hub.mapping.code_tables.write import SOURCES_PLACE, rows_text, sources_text


@dataclass(frozen=True, slots=True)
class WalkOrder:
    """Whose crosswalk, to which table. ``columns``: our column -> the list's own.

    ``replace``: rows that the list leaves out are removed; else they stay.
    """

    table: str
    system: str
    source: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    standard: str = ""
    licence: str = ""
    replace: bool = False

    @property
    def place(self) -> str:
        """The file it becomes."""
        return f"{ROOT}/{self.table}/crosswalk/{self.system}.tsv"


def plan_crosswalk(files: Files, order: WalkOrder, told: bytes, place: str) -> Plan:
    """What an import of these rows would do. Nothing is written.

    A row without a relation is ``equal``. A raw value that the crosswalk has already
    keeps its place in it.
    """
    tables = Tables.of(files)
    found = read_foreign(told, place, CROSSWALK, order.columns, ("raw", "code"))
    if found.findings:
        return Plan(None, {}, found.findings, left=found.left)
    known = tables.crosswalk(order.system, order.table)
    if known is not None and known.faults:
        faulty = [one for one in check(files, order.table) if one.stops]
        return Plan(None, {}, tuple(faulty), left=found.left)
    before = known.rows if known else ()
    after = _laid_over(before, found, order)
    lines = ([row.raw, row.code, row.relation, row.note] for row in after)
    written = {order.place: rows_text(CROSSWALK, lines)}
    if order.source:
        written[SOURCES_PLACE] = sources_text(files, _source(order))
    findings = check({**files, **written}, order.table)
    labels = (order.system if known else "", order.system)
    diff = crosswalk_diff(before, after, labels)
    return Plan(diff, written, findings, left=found.left)


def _laid_over(
    before: tuple[Walk, ...], found: Foreign, order: WalkOrder
) -> tuple[Walk, ...]:
    new = {row["raw"]: _walk(row) for _, row in found.rows}
    if order.replace:
        return tuple(new.values())
    rows = {row.raw: row for row in before}
    return tuple((rows | new).values())


def _walk(row: Mapping[str, str]) -> Walk:
    told = (row.get("relation") or "equal", row.get("note", ""))
    return Walk(row["raw"], row["code"], *told)


def _source(order: WalkOrder) -> dict[str, str]:
    return {
        "table": order.table,
        "revision": f"crosswalk/{order.system}",
        "standard": order.standard or order.system,
        "source": order.source,
        "licence": order.licence or "-",
    }
