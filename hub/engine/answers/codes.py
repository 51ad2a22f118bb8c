"""Answers from the dictionary: codes, code tables and agencies. No case data."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hub.engine import policy
from hub.engine.hub import Hub
from hub.errors import CodeTableMissing, RequestInvalid, Text
from hub.mapping.code_tables.tables import Row, Table
from hub.mapping.code_tables.translate import Translation, spellings, translate
from hub.records.agency import Agency, Code
from hub.records.caller import Caller
from hub.records.codes import CodeCandidate, CodeRow, CodeTable, CodeTranslation
from hub.records.page import Ask, Cursor, Found

_AGENCY = "agency"


def code(hub: Hub, table: str, value: str | None) -> Code | None:
    """A code with its names; without names where no table has it."""
    if value is None:
        return None
    row = hub.tables.table(table).row(value) if hub.tables.has(table) else None
    if row is None:
        return Code(value, None, None, table)
    return Code(value, row.name_zh, row.name_en, table)


def code_on(hub: Hub, one: Code, day: date) -> Code:
    """The same code with the names it had on a day."""
    known = hub.tables.has(one.table)
    names = hub.tables.table(one.table).name_on(one.code, day) if known else None
    return Code(one.code, *names, one.table) if names else one


def is_valid_on(hub: Hub, one: Code, day: date) -> bool:
    """Was the code in force on a day? A code that no table has never was."""
    known = hub.tables.has(one.table)
    return known and hub.tables.table(one.table).is_valid(one.code, day)


def successors(hub: Hub, one: Code) -> tuple[Code, ...]:
    """The codes in force that a withdrawn one became."""
    if not hub.tables.has(one.table):
        return ()
    found = hub.tables.table(one.table).successors(one.code)
    return tuple(Code(r.code, r.name_zh, r.name_en, one.table) for r in found)


def translate_code(
    hub: Hub,
    caller: Caller,
    system: str,
    table: str,
    *,
    raw: str | None,
    code: str | None,
    day: date | None,
) -> CodeTranslation:
    """What a raw code means, or, given ``code``, by which raw codes it is told.

    Raises ``RequestInvalid`` unless exactly one of both is given and table and
    system are known.
    """
    policy.allow(caller, "translate_code")
    if (raw is None) == (code is None):
        raise RequestInvalid(
            "raw 与 code 须且只能给出一个", "Give raw or code, one of them", where="raw"
        )
    if not hub.tables.has(table):
        raise RequestInvalid("没有这个代码表", "No such code table", where="table")
    if system not in hub.mappings.names:
        known = ", ".join(hub.mappings.names)
        raise RequestInvalid(
            f"没有这个系统；可用：{known}",
            f"No such system; known: {known}",
            where="system",
        )
    if raw is not None:
        return _translated(translate(hub.tables, system, table, raw, day))
    return _spelled(hub, system, table, code or "", day)


def _translated(found: Translation) -> CodeTranslation:
    told = tuple(
        CodeCandidate(one.code, one.raw, one.name_zh, one.name_en, one.score, one.why)
        for one in found.candidates
    )
    return CodeTranslation(
        found.code, found.relation, found.reason, found.is_valid, told
    )


def _spelled(
    hub: Hub, system: str, table: str, code: str, day: date | None
) -> CodeTranslation:
    found = hub.tables.table(table)
    row, walks = found.row(code), spellings(hub.tables, system, table, code)
    is_valid = found.is_valid(code, day or datetime.now(UTC).date())
    if not walks:
        reason = Text(
            "该系统没有表示此代码的值", "The system has no value for this code"
        )
        return CodeTranslation(None, "none", reason, is_valid, ())
    names = (row.name_zh, row.name_en) if row else ("", "")
    told = tuple(
        CodeCandidate(
            code, one.raw, *names, float(one.relation == "equal"), one.relation
        )
        for one in walks
    )
    reason = Text("列出全部可表示的值", "Every value by which it is told")
    return CodeTranslation(code, walks[0].relation, reason, is_valid, told)


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
