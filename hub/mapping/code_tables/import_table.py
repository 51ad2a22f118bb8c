"""Bringing in the next revision of a code table: planned first, written on demand.

No code is ever lost: what the new list leaves out is kept as withdrawn, or the plan
is refused and names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hub.mapping.code_tables.check import check
from hub.mapping.code_tables.diff import diff
from hub.mapping.code_tables.foreign import Foreign, read_foreign
from hub.mapping.code_tables.order import Order, Plan, order_findings
from hub.mapping.code_tables.sheet import (
    ROOT,
    Files,
    Finding,
    day_text,
    fault,
    revision_order,
    sheet,
)
from hub.mapping.code_tables.table import NAMED, Row, Table
from hub.mapping.code_tables.tables import Tables
from hub.mapping.code_tables.write import (
    SOURCES_PLACE,
    history_text,
    rows_text,
    sources_text,
)

VALIDITY = ("valid_from", "valid_to", "replaced_by")
_SHOWN = 20


def plan(files: Files, order: Order, told: bytes, place: str) -> Plan:
    """What an import of this list would do. Nothing is written."""
    tables = Tables.of(files)
    base = _base(tables, order)
    known = (*(base.columns if base else NAMED), *VALIDITY, "parent")
    foreign = read_foreign(told, place, known, order.columns, ("code", "name_zh"))
    wrong = [*order_findings(tables, base, order), *foreign.findings]
    if wrong:
        return Plan(None, {}, tuple(wrong), left=foreign.left)
    news = _provisional(order, foreign)
    gone = [row.code for row in base.rows if news.own(row.code) is None] if base else []
    table = _table(order, base, foreign, news, gone)
    written = _files(files, tables, base, order, table)
    after = {**files, **written}
    findings = [*_missing(order, base, gone), *check(after, order.table)]
    heirs = _heirs(base, news, gone)
    old = base or Table(order.table, "", (), "")
    told_diff = diff(old, table)
    return Plan(told_diff, written, tuple(findings), heirs, foreign.left)


def beside(tables: Tables, order: Order, told: bytes, place: str) -> Plan:
    """A list held against the newest revision, or the one that the order names.

    What the list leaves out is told as removed. Nothing can be written of it.
    Raises ``CodeTableMissing``.
    """
    base = tables.table(order.table, order.revision)
    known = (*base.columns, *VALIDITY, "parent")
    foreign = read_foreign(told, place, known, order.columns, ("code", "name_zh"))
    if foreign.findings:
        return Plan(None, {}, foreign.findings, left=foreign.left)
    news = _provisional(order, foreign)
    gone = [
        row.code for row in base.rows if row.is_withdrawn and not news.own(row.code)
    ]
    whole = _table(order, base, foreign, news, gone)
    return Plan(diff(base, replace(whole, revision=place)), {}, (), left=foreign.left)


def _base(tables: Tables, order: Order) -> Table | None:
    """The revision that it follows, or the one that it replaces."""
    known = tables.revisions(order.table)
    if order.replace and order.revision in known:
        return tables.table(order.table, order.revision)
    mine = revision_order(order.revision)
    older = [one for one in known if revision_order(one) < mine]
    return tables.table(order.table, older[-1]) if older else None


def _provisional(order: Order, foreign: Foreign) -> Table:
    """The list alone as a table: enough to see which codes mean another thing."""
    rows = {}
    for _, told in foreign.rows:
        columns = {key: value for key, value in told.items() if key not in NAMED}
        named = (told["code"], told["name_zh"], told.get("name_en", ""))
        rows[told["code"]] = Row(*named, columns)
    return Table(order.table, order.revision, tuple(rows.values()), "", NAMED, rows)


def _table(
    order: Order, base: Table | None, foreign: Foreign, news: Table, gone: list[str]
) -> Table:
    """The list with what the revision before knew besides, and the codes it left."""
    reused = {one.code for one in diff(base, news).of("reused")} if base else set()
    reused -= order.renamed
    rows: dict[str, Row] = {}
    for _, told in foreign.rows:
        was = base.own(told["code"]) if base else None
        kept = None if told["code"] in reused else was
        rows[told["code"]] = _row(order, told, kept, is_first=base is None)
    for code in gone:
        was = base.own(code) if base else None
        if was is not None:
            ended = was.is_withdrawn or not order.withdraw
            end = {} if ended else {"valid_to": order.withdraw}
            named = (code, was.name_zh, was.name_en)
            rows[code] = Row(*named, {**was.columns, **end})
    codes = [told["code"] for _, told in foreign.rows]
    if codes == sorted(codes):
        rows = dict(sorted(rows.items()))
    header = dict.fromkeys([*NAMED, *(base.columns if base else ()), *foreign.columns])
    for row in rows.values():
        header |= dict.fromkeys(key for key, value in row.columns.items() if value)
    all_rows = tuple(rows.values())
    return Table(order.table, order.revision, all_rows, "", tuple(header), rows)


def _row(
    order: Order, told: Mapping[str, str], was: Row | None, *, is_first: bool
) -> Row:
    """A row of the list; what it does not tell is as it was."""
    columns = dict(was.columns) if was else {}
    if was is not None and was.is_withdrawn and "valid_to" not in told:
        columns |= {"valid_to": "", "replaced_by": "", "valid_from": order.begins}
    if was is None and not is_first:
        columns["valid_from"] = order.begins
    columns |= {key: value for key, value in told.items() if key not in NAMED}
    is_same = was is not None and was.name_zh == told["name_zh"]
    name_en = told.get("name_en") or (was.name_en if was and is_same else "")
    return Row(told["code"], told["name_zh"], name_en, columns)


def _missing(order: Order, base: Table | None, gone: list[str]) -> list[Finding]:
    lost = [
        code
        for code in gone
        if base and (row := base.own(code)) and not row.is_withdrawn
    ]
    if not lost or order.withdraw or base is None:
        return []
    named = [f"{code} {row.name_zh}" for code in lost if (row := base.own(code))]
    shown = "、".join(named[:_SHOWN])
    return [
        fault(
            order.place,
            f"新版缺少 {len(lost)} 个现行代码：{shown}；请补入这些行（可带 valid_to、"
            "replaced_by），或用 --withdraw 日期 停用",
            f"the list leaves out {len(lost)} codes in force: {shown}; put their rows "
            "in (with valid_to, replaced_by), or withdraw them with --withdraw DATE",
        )
    ]


def _heirs(base: Table | None, news: Table, gone: list[str]) -> dict[str, str]:
    named: dict[str, list[str]] = {}
    for row in news.rows:
        if base is None or base.own(row.code) is None:
            named.setdefault(row.name_zh, []).append(row.code)
    found = {}
    for code in gone:
        was = base.own(code) if base else None
        after = named.get(was.name_zh, []) if was and not was.is_withdrawn else []
        if len(after) == 1:
            found[code] = after[0]
    return found


def _files(
    files: Files, tables: Tables, base: Table | None, order: Order, table: Table
) -> dict[str, bytes]:
    before = base.revision if base else ""
    since = order.since if order.since != day_text(order.revision) else ""
    mine = {
        "table": order.table,
        "revision": order.revision,
        "standard": order.standard,
        "source": order.source,
        "licence": order.licence,
        "valid_from": since,
    }
    lines = ([row.value(one) for one in table.columns] for row in table.rows)
    written = {
        SOURCES_PLACE: sources_text(files, mine, before),
        order.place: rows_text(table.columns, lines),
    }
    history = f"{ROOT}/{order.table}/history/names.tsv"
    newest = max(map(revision_order, tables.revisions(order.table)), default=(0, ""))
    is_newest = newest <= revision_order(order.revision)
    if base is not None and is_newest and history in files:
        read = sheet(history, files[history])
        written[history] = history_text(read, base, table, order.begins)
    return written
