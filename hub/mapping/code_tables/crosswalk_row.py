"""Put one row that a person confirmed into a crosswalk file, where it belongs.

The file is written whole beside itself and moved into place, so that nobody ever
reads half of it. The row comes after the last row of its code: the first ``equal``
row of a code is the one that is written to the agency, and stays it.
"""

from __future__ import annotations

from pathlib import Path

from hub.errors import RequestInvalid
from hub.mapping.code_tables import write
from hub.mapping.code_tables.read import CROSSWALK
from hub.mapping.code_tables.tables import ANY, RELATIONS, Tables, Walk

HEADER = "\t".join(CROSSWALK)


def place(folder: Path, table: str, system: str) -> Path:
    """The crosswalk file of a system in a folder of mappings."""
    return folder / "tables" / table / "crosswalk" / f"{system}.tsv"


def check(tables: Tables, system: str, table: str, row: Walk) -> None:
    """Raises ``RequestInvalid`` for a row that may not be written, and says why."""
    found = tables.table(table)
    if row.relation not in RELATIONS:
        raise _invalid(
            f"关系应为 {'、'.join(RELATIONS)} 之一",
            f"The relation is one of {', '.join(RELATIONS)}",
            "relation",
        )
    if (row.relation == "none") is not (row.code == ""):
        raise _invalid(
            "关系为 none 时不写代码，否则必须写",
            "A row without meaning (none) has no code, any other has one",
            "code",
        )
    if row.code and found.row(row.code) is None:
        raise _invalid(
            f"代码表 {table} 中没有代码 {row.code}",
            f"The table {table} has no code {row.code}",
            "code",
        )
    if tables.crosswalk(system, table) is None and system != ANY:
        raise _invalid(
            f"系统 {system} 直接使用代码表 {table} 的标准代码；"
            "新建对照表会使标准代码失效，请改写入 any.tsv",
            f"{system} uses the standard's own codes of {table}; a crosswalk of its "
            "own would put an end to them, write the row into any.tsv",
            "table",
        )
    there = tables.crosswalk(system, table)
    if there is not None and row.raw in there.meanings:
        raise _invalid(
            "对照表中已有该值；请重放等待的记录",
            "The crosswalk has this value already; replay what waits",
            "raw",
        )
    if any(mark in part for part in (row.raw, row.note) for mark in "\t\r\n"):
        raise _invalid("值中不能有制表符或换行", "A cell holds no tab or line", "raw")


def line(row: Walk) -> str:
    """The row as it stands in the file."""
    return "\t".join((row.raw, row.code, row.relation, row.note))


def put(path: Path, row: Walk) -> None:
    """Write the row into the file. Raises ``OSError`` where that cannot be done."""
    body = path.read_bytes()
    text = body.decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines() or [HEADER]
    lines.insert(_at(lines, row.code), line(row))
    mark = b"\xef\xbb\xbf" if body.startswith(b"\xef\xbb\xbf") else b""
    write.replace(path, mark + (end.join(lines) + end).encode())


def _at(lines: list[str], code: str) -> int:
    """Behind the last row of the code; else in order where the file is in order."""
    codes = [[*told.split("\t"), ""][1] for told in lines]
    same = [number for number, told in enumerate(codes) if number and told == code]
    if same:
        return same[-1] + 1
    rows = codes[1:]
    if rows == sorted(rows):
        return 1 + sum(told < code for told in rows)
    return len(lines)


def _invalid(zh: str, en: str, where: str) -> RequestInvalid:
    return RequestInvalid(zh, en, where=where)
