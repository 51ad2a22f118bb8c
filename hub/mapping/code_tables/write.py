"""Writing the files of code tables: whole files, each put in its place at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from hub.mapping.code_tables.read import HISTORY
from hub.mapping.code_tables.sheet import ROOT, Files, Sheet, sheet
from hub.mapping.code_tables.table import NAMED, Table

SOURCES = ("table", "revision", "standard", "source", "licence", "valid_from")
SOURCES_PLACE = f"{ROOT}/sources.tsv"
_MONTHS = 12


def put(folder: Path, files: Files) -> tuple[Path, ...]:
    """Write files by place under ``mappings``; a reader sees the old or the new one.

    ``folder`` is ``mappings/tables``. Gives the paths written.
    """
    written = []
    for place, told in files.items():
        path = folder / Path(place).relative_to(ROOT)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, told)
        written.append(path)
    return tuple(written)


def replace(path: Path, told: bytes) -> None:
    """Write a file whole beside itself and move it into place; its rights stay."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as out:
        out.write(told)
        out.flush()
        os.fsync(out.fileno())
    if path.exists():
        beside.chmod(path.stat().st_mode & 0o777)
    beside.replace(path)


def rows_text(header: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A TSV file; empty cells at the end of a row are not written.

    The first three always are: a code and its names.
    """
    lines = ["\t".join(header)]
    for row in rows:
        first, rest = row[: len(NAMED)], row[len(NAMED) :]
        lines.append("\t".join(first) + "\t".join(["", *rest]).rstrip("\t"))
    return ("\n".join(lines) + "\n").encode()


def sources_text(files: Files, mine: Mapping[str, str], before: str = "") -> bytes:
    """``sources.tsv`` with one row more.

    The standard and the licence are those of the revision ``before`` where ``mine``
    leaves them empty. A row for the same revision is replaced.
    """
    known = sheet(SOURCES_PLACE, files.get(SOURCES_PLACE, b"")).lines
    rows = [_wide(cells, SOURCES) for _, cells in known]
    key = [mine["table"], mine["revision"]]
    was = next((row for row in rows if row[:2] == [key[0], before]), [""] * 6)
    row = [mine.get(one, "") for one in SOURCES]
    row[2], row[4] = row[2] or was[2], row[4] or was[4]
    others = [one for one in rows if one[:2] != key]
    at = sum(1 for one in others if one[:2] <= key)
    return rows_text(SOURCES, [*others[:at], row, *others[at:]])


def history_text(read: Sheet, base: Table, table: Table, begins: str) -> bytes:
    """The names of before; a name that ends with a new revision is ended.

    Raises nothing: a code without a history gets none, its older revision tells.
    """
    found = []
    for row in (_wide(cells, HISTORY) for _, cells in read.lines):
        now, was = table.own(row[0]), base.own(row[0])
        is_over = now and was and now.name_zh != was.name_zh and not row[4]
        if now is None or not is_over or row[1] == now.name_zh:
            found.append(row)
            continue
        found.append([*row[:4], day_before(begins)])
        found.append([now.code, now.name_zh, now.name_en, begins, ""])
    return rows_text(HISTORY, found)


def day_before(told: str) -> str:
    """The year, month or day before, told as precisely."""
    parts = [int(one) for one in told.split("-")]
    match parts:
        case [year]:
            return f"{year - 1:04d}"
        case [year, month]:
            year, month = (year, month - 1) if month > 1 else (year - 1, _MONTHS)
            return f"{year:04d}-{month:02d}"
    return (date.fromisoformat(told) - timedelta(days=1)).isoformat()


def _wide(cells: Iterable[str], header: tuple[str, ...]) -> list[str]:
    return [*cells, *[""] * len(header)][: len(header)]
