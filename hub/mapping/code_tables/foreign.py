"""A list of codes as somebody else wrote it: CSV or TSV, UTF-8 or GB18030."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.mapping.code_tables.sheet import Finding, fault


@dataclass(frozen=True, slots=True)
class Foreign:
    """Its rows in our columns, by line number, and what is wrong with it.

    ``columns`` are ours that it tells; ``left`` are its own that went nowhere.
    """

    rows: tuple[tuple[int, Mapping[str, str]], ...]
    columns: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_foreign(
    told: bytes,
    place: str,
    known: Iterable[str],
    named: Mapping[str, str],
    needed: Iterable[str],
) -> Foreign:
    """Read a list. ``named`` says which of its columns is ours: ours -> theirs.

    A column that bears one of our ``known`` names needs no saying. ``needed`` are
    ours that it must tell.
    """
    text = _text(told)
    if text is None:
        wrong = fault(
            place,
            "文件既不是 UTF-8 也不是 GB18030；请另存为 UTF-8",
            "the file is neither UTF-8 nor GB18030; save it as UTF-8",
        )
        return Foreign((), findings=(wrong,))
    lines = _lines(text)
    if not lines:
        return Foreign((), findings=(fault(place, "文件为空", "the file is empty"),))
    header = [one.strip() for one in lines[0][1]]
    ours = {one: one for one in known if one in header} | dict(named)
    problems = _columns(f"{place}:1", header, ours, needed)
    if problems:
        return Foreign((), findings=tuple(problems))
    return _rows(place, lines, header, ours)


def _text(told: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return told.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """The rows with the line on which each begins; blank lines are none."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found, begin = [], 1
    for cells in reader:
        if any(one.strip() for one in cells):
            found.append((begin, cells))
        begin = reader.line_num + 1
    return found


def _columns(
    where: str, header: list[str], ours: Mapping[str, str], needed: Iterable[str]
) -> list[Finding]:
    told = "、".join(header)
    found = []
    for one, theirs in ours.items():
        if header.count(theirs) != 1:
            found.append(
                fault(
                    where,
                    f"列 {theirs}（作为 {one}）应恰好出现一次；文件的列：{told}",
                    f"the column {theirs} (for {one}) must stand once; "
                    f"there are {told}",
                )
            )
    return [*found, *(_absent(where, one, told) for one in needed if one not in ours)]


def _absent(where: str, column: str, told: str) -> Finding:
    return fault(
        where,
        f"没有列 {column}；用 --column {column}=列名 指出，文件的列：{told}",
        f"no column {column}; name it with --column {column}=NAME, there are {told}",
    )


def _rows(
    place: str,
    lines: list[tuple[int, list[str]]],
    header: list[str],
    ours: Mapping[str, str],
) -> Foreign:
    at = {one: header.index(theirs) for one, theirs in ours.items()}
    key = "raw" if "raw" in at else "code"
    rows, findings, seen = [], [], dict[str, int]()
    for number, cells in lines[1:]:
        if len(cells) > len(header):
            findings.append(_too_many(f"{place}:{number}", len(header)))
            continue
        padded = [*cells, *[""] * len(header)]
        row = {one: padded[index].strip() for one, index in at.items()}
        if not row[key]:
            empty = ("值为空；请补上或删去该行", "is empty; tell it or remove the row")
            findings.append(
                fault(f"{place}:{number}", f"{key} {empty[0]}", f"{key} {empty[1]}")
            )
            continue
        if row[key] in seen:
            first = seen[row[key]]
            findings.append(
                fault(
                    f"{place}:{number}",
                    f"与第 {first} 行重复；请只留一行",
                    f"repeats line {first}; keep one of both",
                )
            )
            continue
        seen[row[key]] = number
        rows.append((number, row))
    left = tuple(one for one in header if one and one not in ours.values())
    return Foreign(tuple(rows), tuple(ours), left, tuple(findings))


def _too_many(where: str, wanted: int) -> Finding:
    return fault(
        where,
        f"列数不符：表头有 {wanted} 列；请检查分隔符",
        f"wrong count of cells, the header has {wanted}; look at the delimiters",
    )
