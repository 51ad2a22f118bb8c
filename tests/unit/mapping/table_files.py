"""Files of code tables from a few lines, cells parted by ``|``."""

from __future__ import annotations

from hub.mapping.code_tables.sheet import Files

SOURCES = "table|revision|standard|source|licence|valid_from"
HEAD = "code|name_zh|name_en|parent|valid_from|valid_to|replaced_by"


def text(lines: str) -> bytes:
    """Lines with tabs for bars."""
    return ("\n".join(lines.split("\n")).replace("|", "\t") + "\n").encode()


def table(**revisions: str) -> dict[str, bytes]:
    """The table ``colour`` with revisions ``r2001=...`` and their sources."""
    found = {}
    sources = [SOURCES]
    for name, rows in revisions.items():
        revision = name.removeprefix("r")
        found[f"tables/colour/{revision}.tsv"] = text(f"{HEAD}\n{rows}")
        sources.append(f"colour|{revision}|hub|made up for tests|none|")
    found["tables/sources.tsv"] = text("\n".join(sources))
    return found


def lines_of(told: Files, place: str) -> list[list[str]]:
    """The cells of a file."""
    return [line.split("\t") for line in told[place].decode().splitlines()]
