"""The dictionary's files as sheets: lines of cells with their numbers.

A faulty line is told with its place and what to do; the loader refuses what stops a
start, ``hub tables check`` tells that and the warnings, and both read it here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hub.errors import Fault, MappingInvalid, Text

#: the files of a dictionary by their place under ``mappings``
Files = Mapping[str, bytes]

ROOT = "tables"
_DATE = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?")
_MONTHS, _DAYS = 12, 31


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the tables. ``stops``: the hub does not start with it."""

    where: str
    message: Text
    stops: bool = True

    @property
    def fault(self) -> Fault:
        """The same for an error of the house."""
        return Fault(MappingInvalid.code, self.where, self.message)


def fault(where: str, zh: str, en: str) -> Finding:
    """A finding with which the hub does not start."""
    return Finding(where, Text(zh, en))


def warning(where: str, zh: str, en: str) -> Finding:
    """A finding with which the hub starts."""
    return Finding(where, Text(zh, en), stops=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file. ``lines`` are its rows without header and blank lines."""

    place: str
    header: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]
    digest: str
    problem: Finding | None = None

    def at(self, number: int) -> str:
        """The place of a line, as an editor counts it."""
        return f"{self.place}:{number}"


def gather(folder: Path) -> dict[str, bytes]:
    """Every file of ``mappings/tables`` by place, as in ``tables/sex/2003.tsv``."""
    return {
        f"{ROOT}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*.tsv"))
    }


def sheet(place: str, told: bytes) -> Sheet:
    """A file as a sheet; one that is no UTF-8 has no lines and says so."""
    digest = hashlib.sha256(told).hexdigest()
    try:
        text = told.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = told.count(b"\n", 0, error.start) + 1
        problem = fault(
            f"{place}:{number}",
            "文件不是 UTF-8；请另存为 UTF-8",
            "the file is no UTF-8; save it as UTF-8",
        )
        return Sheet(place, (), (), digest, problem)
    lines = [line.rstrip("\r") for line in text.split("\n")]
    cells = [
        (number, tuple(line.split("\t")))
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    header = cells[0][1] if cells else ()
    return Sheet(place, header, tuple(cells[1:]), digest)


def day_text(told: str) -> str:
    """``2007``, ``200703`` or ``2007-03-01`` with dashes; empty for anything else."""
    match = _DATE.fullmatch(told)
    if match is None:
        return ""
    parts = [part for part in match.groups() if part]
    if len(parts) > 1 and not 1 <= int(parts[1]) <= _MONTHS:
        return ""
    if parts[2:] and not 1 <= int(parts[2]) <= _DAYS:
        return ""
    return "-".join(parts)


def revision_order(revision: str) -> tuple[int, str]:
    """In which order revisions follow: 9 before 10, numbers before dates."""
    dated = day_text(revision)
    if dated:
        return 1, dated
    return (0, revision.zfill(8)) if revision.isdigit() else (2, revision)


def period_findings(where: str, start: str, end: str) -> Iterator[Finding]:
    """Are the bounds of a period days, and does it end after it begins?"""
    for column, told in (("valid_from", start), ("valid_to", end)):
        if told and day_text(told) != told:
            yield fault(
                where,
                f"{column} 不是日期；请写成 2007、2007-03 或 2007-03-01",
                f"{column} is no date; write 2007, 2007-03 or 2007-03-01",
            )
            return
    if start and end and end[: len(start)] < start[: len(end)]:
        yield fault(
            where,
            "有效期在开始之前结束；请更正 valid_from 或 valid_to",
            "the validity ends before it begins; mend valid_from or valid_to",
        )


def is_odd(text: str) -> bool:
    """Does a text hold white space at its ends or characters that nobody sees?"""
    return text != text.strip() or any(
        unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp"} for one in text
    )


def sources(files: Files) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of ``sources.tsv`` with their line numbers."""
    place = f"{ROOT}/sources.tsv"
    if place in files:
        found = sheet(place, files[place])
        for number, cells in found.lines:
            padded = [*cells, *[""] * len(found.header)]
            yield number, dict(zip(found.header, padded, strict=False))
