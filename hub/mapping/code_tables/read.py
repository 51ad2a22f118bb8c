"""Reading the files of code tables and crosswalks, with every fault they have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from hub.errors import CodeTableMissing, Fault, Text
from hub.mapping.code_tables.sheet import Finding, Sheet, fault, is_odd, period_findings
from hub.mapping.code_tables.table import NAMED, Crosswalk, Name, Row, Table, Walk
from hub.mapping.faults import hint

CROSSWALK = ("raw", "code", "relation", "note")
HISTORY = (*NAMED, "valid_from", "valid_to")

#: how a raw code stands to the standard's, after the FHIR concept map: the same;
#: narrower, wider or only related in meaning (read, never written); ``none`` says
#: that nothing was told
RELATIONS = ("equal", "narrower", "wider", "related", "none")

#: tables whose parents stand in another table; what has no place there names the second
PARENTS = {"node": ("stage", "GENERIC")}


def read_table(sheet: Sheet, name: str, revision: str, found: list[Finding]) -> Table:
    """A revision of a code table; what is wrong with it goes to ``found``."""
    found.extend(_head(sheet, NAMED, tuple(sheet.header[: len(NAMED)])))
    rows: dict[str, Row] = {}
    for number, cells in sheet.lines:
        if not len(NAMED) <= len(cells) <= max(len(sheet.header), len(NAMED)):
            found.append(_cells(sheet, number))
            continue
        found.extend(_code_findings(sheet.at(number), cells, rows))
        named = dict(
            zip(sheet.header, [*cells, *[""] * len(sheet.header)], strict=False)
        )
        extra = {key: named[key] for key in sheet.header[len(NAMED) :]}
        row = Row(cells[0], cells[1], cells[2], extra)
        told = (row.value("valid_from"), row.value("valid_to"))
        found.extend(period_findings(sheet.at(number), *told))
        rows.setdefault(row.code, row)
    all_rows = tuple(rows.values())
    return Table(name, revision, all_rows, sheet.digest, sheet.header, rows)


def link_findings(
    sheet: Sheet, table: Table, tables: Mapping[str, Mapping[str, Table]]
) -> Iterator[Finding]:
    """Do parents and successors stand where they should?"""
    name, *above = PARENTS.get(table.name, (table.name,))
    among = [table] if name == table.name else tables.get(name, {}).values()
    parents = {*above, *(code for one in among for code in one.codes)}
    codes = set(table.codes)
    columns = [column for column in ("parent", "replaced_by") if column in sheet.header]
    for number, cells in sheet.lines:
        row = table.own(cells[0])
        for column in columns if row else ():
            known = parents if column == "parent" else codes
            yield from _dangling(sheet.at(number), row, column, known, name)


def _dangling(
    where: str, row: Row | None, column: str, known: set[str], table: str
) -> Iterator[Finding]:
    for code in (row.value(column) if row else "").split(";"):
        if not code:
            continue
        if row is not None and code == row.code:
            yield fault(
                where,
                f"{column} 指向代码自身；请更正或清空",
                f"{column} names the code itself; mend or empty it",
            )
        elif code not in known:
            near = hint(code, known)
            yield fault(
                where,
                f"{column} 指向的 {code} 不在代码表 {table} 中{near.zh}；"
                "请补上该行或更正",
                f"{column} names {code}, which does not stand in the table {table}"
                f"{near.en}; add its row or mend it",
            )


def read_names(
    sheet: Sheet, newest: Table | None, found: list[Finding]
) -> Table | None:
    """The newest revision with the names that its codes had before."""
    if newest is None:
        found.append(
            fault(
                f"{sheet.place}:1",
                "没有这个代码表；请先放入一个版本，或删去此文件",
                "there is no such table; put a revision there or remove this file",
            )
        )
        return None
    problems = list(_head(sheet, HISTORY, sheet.header))
    found.extend(problems)
    if problems:
        return newest
    names: dict[str, tuple[Name, ...]] = {}
    for number, cells in sheet.lines:
        if len(cells) > len(HISTORY):
            found.append(_cells(sheet, number))
            continue
        code, *told = [*cells, "", ""][: len(HISTORY)]
        if newest.row(code) is None:
            near = hint(code, newest.codes)
            found.append(
                fault(
                    sheet.at(number),
                    f"没有代码 {code}{near.zh}；请更正或删去该行",
                    f"no such code: {code}{near.en}; mend it or take the row out",
                )
            )
        found.extend(period_findings(sheet.at(number), told[2], told[3]))
        names[code] = (*names.get(code, ()), Name(*told))
    digest = hashlib.sha256(f"{newest.digest}{sheet.digest}".encode()).hexdigest()
    return replace(newest, names=names, digest=digest)


def read_crosswalk(
    sheet: Sheet,
    name: str,
    system: str,
    table: Table | None,
    known: Mapping[str, object],
) -> Crosswalk:
    """A crosswalk with what is wrong with it; a faulty row means nothing."""
    if table is None:
        near = hint(name, known)
        message = Text(
            f"没有代码表 {name}{near.zh}；请先放入代码表，或更正文件夹名",
            f"no code table {name}{near.en}; put the table there or mend the folder",
        )
        missing = Fault(CodeTableMissing.code, sheet.place, message)
        return Crosswalk(system, name, {}, {}, "", (missing,))
    found = list(_head(sheet, CROSSWALK, sheet.header))
    meanings: dict[str, str] = {}
    spellings: dict[str, str] = {}
    rows: list[Walk] = []
    for number, cells in sheet.lines:
        raw, code, relation, note, *_ = [*(cell.strip() for cell in cells), "", "", ""]
        problem = _row_problem(raw, code, relation, meanings, table)
        if problem:
            found.append(Finding(sheet.at(number), problem))
            continue
        meanings[raw] = code
        rows.append(Walk(raw, code, relation, note))
        if relation == "equal":
            spellings.setdefault(code, raw)
    faults = tuple(one.fault for one in found)
    told = (meanings, spellings, sheet.digest, faults, tuple(rows))
    return Crosswalk(system, name, *told)


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
        return Text(
            "原值为空或重复；一个原值只留一行",
            "the raw value is empty or repeated; keep one row for a raw value",
        )
    if relation == "none":
        return (
            Text(
                "none 行不得有代码；请清空代码，或改为其他关系",
                "a none row has no code; empty it or tell another relation",
            )
            if code
            else None
        )
    if table.row(code) is None:
        near = hint(code, table.codes)
        return Text(
            f"代码 {code} 不在代码表中{near.zh}；请更正代码或补入代码表",
            f"the code {code} does not stand in the table{near.en}; "
            "mend it or add it to the table",
        )
    return None


def _head(
    sheet: Sheet, wanted: tuple[str, ...], told: tuple[str, ...]
) -> Iterator[Finding]:
    if sheet.problem is not None:
        yield sheet.problem
    elif told != wanted:
        begin = "、".join(wanted)
        yield fault(
            f"{sheet.place}:1",
            f"表头应为 {begin}（以制表符分隔）",
            f"the header must be {', '.join(wanted)}, with tabs between",
        )
    twice = {one for one in sheet.header if sheet.header.count(one) > 1}
    if twice:
        yield fault(
            f"{sheet.place}:1",
            f"表头有重复的列：{'、'.join(sorted(twice))}；请改名或删去",
            f"the header repeats {', '.join(sorted(twice))}; rename or remove it",
        )


def _cells(sheet: Sheet, number: int) -> Finding:
    return fault(
        sheet.at(number),
        f"列数不符：应为 {len(sheet.header)} 列；请检查制表符",
        f"wrong count of cells, the header has {len(sheet.header)}; look at the tabs",
    )


def _code_findings(
    where: str, cells: tuple[str, ...], rows: Mapping[str, Row]
) -> Iterator[Finding]:
    code = cells[0]
    if not code or code in rows:
        yield fault(
            where,
            "代码为空或重复；补上代码，或只留一行",
            "code empty or repeated; tell it, or keep one of both rows",
        )
    elif is_odd(code):
        yield fault(
            where,
            "代码前后有空白，或含有看不见的字符；请重新输入",
            "the code has white space around it or invisible characters; type it anew",
        )
