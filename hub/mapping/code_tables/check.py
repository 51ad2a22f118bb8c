"""Everything that is wrong with the code tables, also what stops no start.

What the loader refuses is told by the loader's own rules; the rest are warnings: the
hub starts with them, and somebody will sooner or later be misled by them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations

from hub.errors import Fault
from hub.mapping.code_tables.check_sources import source_findings, strays
from hub.mapping.code_tables.sheet import ROOT, Files, Finding, is_odd, sheet, warning
from hub.mapping.code_tables.table import ANY, Name, Row, Table
from hub.mapping.code_tables.tables import Tables
from hub.mapping.faults import hint

_SHOWN = 5
_END = "9999"


def check(
    files: Files, only: str = "", systems: Collection[str] = ()
) -> tuple[Finding, ...]:
    """All findings, in the order of places; those of one table where one is named.

    ``systems`` are the systems that have a mapping; empty: do not ask.
    """
    tables = Tables.of(files)
    found = [*tables.findings]
    for walk in tables.crosswalks:
        found.extend(_of_fault(fault) for fault in walk.faults)
    for name in tables.names:
        for revision in tables.revisions(name):
            found.extend(_revision(files, tables.table(name, revision)))
        found.extend(_history(files, tables.table(name)))
    found.extend(_crosswalks(files, tables, systems))
    found.extend(strays(files))
    if only:
        found = [one for one in found if one.where.startswith(f"{ROOT}/{only}/")]
    found.extend(source_findings(files, tables, only))
    return tuple(sorted(found, key=_order))


def _order(one: Finding) -> tuple[str, int]:
    place, _, number = one.where.rpartition(":")
    return (place, int(number)) if number.isdigit() else (one.where, 0)


def _of_fault(fault: Fault) -> Finding:
    return Finding(fault.where, fault.message)


def _revision(files: Files, table: Table) -> Iterator[Finding]:
    place = f"{ROOT}/{table.name}/{table.revision}.tsv"
    read = sheet(place, files[place])
    nameless = []
    for number, cells in read.lines:
        row = table.own(cells[0])
        if row is not None:
            yield from _of_row(read.at(number), row, table)
            nameless += [] if row.name_en else [number]
    if nameless:
        yield warning(
            read.at(nameless[0]),
            f"{len(nameless)} 行没有 name_en，此行起；请补上英文名称",
            f"{len(nameless)} rows from here on have no name_en; tell it",
        )
    lost = [
        row.code
        for one in table.older[:1]
        for row in one.rows
        if table.own(row.code) is None and not row.is_withdrawn
    ]
    if lost:
        told = "、".join(lost[:_SHOWN])
        older = table.older[0].revision
        yield warning(
            place,
            f"版本 {older} 的 {len(lost)} 个代码在此版本中消失（{told}…）；"
            "请保留这些行并写上 valid_to",
            f"{len(lost)} codes of the revision {older} are gone ({told}...); "
            "keep their rows and tell valid_to",
        )


def _of_row(where: str, row: Row, table: Table) -> Iterator[Finding]:
    plain = unicodedata.normalize("NFKC", row.code)
    strange = [one for one in row.code if _is_foreign(one)]
    if plain != row.code or strange:
        near = hint(plain, table.codes)
        yield warning(
            where,
            f"代码含有形近字符（全角、西里尔或希腊字母）{near.zh}；请改用半角",
            f"the code holds look-alike characters (full width, Cyrillic or Greek)"
            f"{near.en}; type it in plain letters",
        )
    for column, told in (("name_zh", row.name_zh), ("name_en", row.name_en)):
        if is_odd(told) or (column == "name_zh" and not told):
            yield warning(
                where,
                f"{column} 为空，或有空白或看不见的字符；请补上或重新输入",
                f"{column} is empty or holds odd white space; tell it or type it anew",
            )
    yield from _between(where, row, table)


def _is_foreign(one: str) -> bool:
    return one.isalpha() and unicodedata.name(one, "").startswith(("CYRILLIC", "GREEK"))


def _between(where: str, row: Row, table: Table) -> Iterator[Finding]:
    """Does an older revision claim the code for longer than this one lets it?"""
    for older in table.older[:1]:
        before = older.own(row.code)
        end = before.value("valid_to") if before else ""
        if end and table.since and not row.value("valid_from"):
            first = (table.since + "-01-01"[len(table.since) - 4 :])[: len(end)]
            if end >= first:
                yield warning(
                    where,
                    f"与版本 {older.revision} 中该代码的有效期重叠（至 {end}）；"
                    "请更正 valid_to，或在 sources.tsv 写明 valid_from",
                    f"overlaps its validity in the revision {older.revision} (to {end})"
                    "; mend valid_to, or tell valid_from in sources.tsv",
                )


def _history(files: Files, table: Table) -> Iterator[Finding]:
    place = f"{ROOT}/{table.name}/history/names.tsv"
    if place not in files:
        return
    read = sheet(place, files[place])
    lines: dict[str, list[int]] = {}
    for number, cells in read.lines:
        lines.setdefault(cells[0], []).append(number)
    for code, names in table.names.items():
        told = list(zip(lines[code], names, strict=False))
        for (_, one), (number, other) in combinations(told, 2):
            if _overlap(one, other):
                yield warning(
                    read.at(number),
                    f"代码 {code} 的两个名称有效期重叠；请让前一个先结束",
                    f"two names of {code} overlap; let the first end before",
                )
        row = table.row(code)
        now = [(n, one) for n, one in told if not one.valid_to]
        if now and row and now[-1][1].name_zh != row.name_zh:
            yield warning(
                read.at(now[-1][0]),
                f"代码 {code} 现行名称与代码表不同；请写上 valid_to 并补一行现名",
                f"the name that {code} has now is another one in the table; tell "
                "valid_to and add a row with the present name",
            )


def _overlap(one: Name, other: Name) -> bool:
    starts, ends = (one.valid_from, other.valid_from), (one.valid_to, other.valid_to)
    first, second = (0, 1) if starts[0] <= starts[1] else (1, 0)
    end = ends[first] or _END
    start = starts[second]
    wide = min(len(start), len(end))
    return start[:wide] <= end[:wide]


def _crosswalks(
    files: Files, tables: Tables, systems: Collection[str]
) -> Iterator[Finding]:
    for walk in tables.crosswalks:
        place = f"{ROOT}/{walk.table}/crosswalk/{walk.system}.tsv"
        if systems and walk.system not in (*systems, ANY):
            near = hint(walk.system, systems)
            yield warning(
                place,
                f"没有系统 {walk.system} 的映射{near.zh}；请更正文件名或删去",
                f"no system {walk.system} has a mapping{near.en}; rename or remove it",
            )
        if tables.has(walk.table):
            lines = {
                cells[0].strip(): number
                for number, cells in sheet(place, files[place]).lines
            }
            yield from _walked(place, walk.meanings, lines, tables.table(walk.table))


def _is_its_name(raw: str, row: Row) -> bool:
    """Old data may call a withdrawn thing by its name; that misleads nobody."""
    return raw in row.name_zh or row.name_zh in raw


def _walked(
    place: str, meanings: Mapping[str, str], lines: Mapping[str, int], table: Table
) -> Iterator[Finding]:
    folded: dict[str, str] = {}
    for raw, code in meanings.items():
        where = f"{place}:{lines[raw]}"
        row = table.row(code)
        if row is not None and row.is_withdrawn and not _is_its_name(raw, row):
            after = "、".join(one.code for one in table.successors(code)) or "-"
            yield warning(
                where,
                f"代码 {code} 已停用（后继：{after}）；新数据请对到现行代码",
                f"the code {code} is withdrawn (successors: {after}); let new data "
                "mean a code in force",
            )
        plain = unicodedata.normalize("NFKC", raw).casefold()
        if is_odd(raw) or meanings.get(folded.setdefault(plain, raw), code) != code:
            yield warning(
                where,
                "原值含有看不见的字符，或与另一个含义不同的原值只差全角或大小写；"
                "请核对",
                "the raw value holds invisible characters or differs from another one "
                "with another meaning only by width or case; look at both",
            )
