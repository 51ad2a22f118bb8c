"""Answers from the dictionary: codes, code tables and agencies. No case data."""

from __future__ import annotations

from hub.engine import policy
from hub.engine.hub import Hub
from hub.errors import CodeTableMissing
from hub.mapping.tables import Row, Table
from hub.records.agency import Agency, Code
from hub.records.caller import Caller
from hub.records.codes import CodeRow, CodeTable
from hub.records.page import Ask, Cursor, Found

_AGENCY = "agency"


def code(hub: Hub, table: str, value: str | None) -> Code | None:
    """A code with its names; without names where no table has it."""
    if value is None:
        return None
    row = hub.tables.table(table).row(value) if hub.tables.has(table) else None
    return Code(value, row.name_zh, row.name_en) if row else Code(value, None, None)


def agency(hub: Hub, value: str) -> Agency:
    """An agency by its code; without names where the table lacks it."""
    if value == policy.OPERATOR:
        names = ("枢纽运维", "operator of the hub")
        return Agency(value, *names, policy.OPERATOR_TYPE, None)
    row = hub.tables.table(_AGENCY).row(value) if hub.tables.has(_AGENCY) else None
    return _agency(row) if row else Agency(value, None, None, None, None)


def agency_type(hub: Hub, value: str) -> str | None:
    """The type of an agency that may hold a token; ``None`` for any other."""
    kind = agency(hub, value).type
    return kind if kind in policy.ROLES else None


def agencies(hub: Hub, caller: Caller, kind: str | None = None) -> tuple[Agency, ...]:
    """Every agency of the deployment, or those of one type."""
    policy.allow(caller, "agencies")
    rows = hub.tables.table(_AGENCY).rows
    found = (_agency(row) for row in rows)
    return tuple(one for one in found if kind is None or one.type == kind)


def code_tables(hub: Hub, caller: Caller) -> tuple[CodeTable, ...]:
    """Every code table at its newest revision."""
    policy.allow(caller, "code_tables")
    return tuple(_table(hub.tables.table(name)) for name in hub.tables.names)


def code_table(
    hub: Hub, caller: Caller, name: str, revision: str | None = None
) -> CodeTable | None:
    """One code table at one revision, the newest if none is named."""
    policy.allow(caller, "code_table")
    try:
        return _table(hub.tables.table(name, revision or ""))
    except CodeTableMissing:
        return None


def page_of_codes(
    table: CodeTable, wanted: Ask, codes: frozenset[str]
) -> Found[CodeRow]:
    """One page of a table's rows in the order of the standard."""
    rows = [row for row in table.rows if not codes or row.code in codes]
    start = 0
    if wanted.after is not None:
        keys = [row.code for row in rows]
        key = wanted.after.key
        start = keys.index(key) + 1 if key in keys else len(rows)
    found = tuple(rows[start : start + wanted.first])
    has_next = start + wanted.first < len(rows)
    return Found(found, has_next, lambda row: Cursor(wanted.order, None, row.code))


def _table(table: Table) -> CodeTable:
    rows = tuple(
        CodeRow(row.code, row.name_zh, row.name_en, dict(row.columns))
        for row in table.rows
    )
    return CodeTable(table.name, table.revision, table.digest, rows)


def _agency(row: Row) -> Agency:
    kind = row.value("type") or row.value("parent") or None
    return Agency(
        row.code, row.name_zh, row.name_en, kind, row.value("division") or None
    )
