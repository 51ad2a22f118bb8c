"""Is every table's source told, and is every file read by somebody?"""

from __future__ import annotations

from collections.abc import Iterator

from hub.mapping.code_tables.sheet import ROOT, Files, Finding, sources, warning
from hub.mapping.code_tables.tables import Tables


def strays(files: Files) -> Iterator[Finding]:
    """Files that stand where nobody looks for them."""
    for place in files:
        match place.split("/"):
            case [_, "sources.tsv"] | [_, _, _] | [_, _, "crosswalk", _]:
                continue
            case [_, _, "history", "names.tsv"]:
                continue
        yield warning(
            place,
            "没有人读取此文件；请移到正确的位置，或删去",
            "nobody reads this file; move it to its place or remove it",
        )


def source_findings(files: Files, tables: Tables, only: str) -> Iterator[Finding]:
    """What ``sources.tsv`` leaves out, tells twice or tells of nothing."""
    place = f"{ROOT}/sources.tsv"
    told: dict[tuple[str, str], int] = {}
    for number, row in sources(files):
        key = (row.get("table", ""), row.get("revision", ""))
        if only and key[0] != only:
            continue
        where = f"{place}:{number}"
        if not all(row.get(one) for one in ("standard", "source", "licence")):
            yield warning(
                where,
                "来源不完整；请填写 standard、source、licence",
                "the source is not told whole; tell standard, source and licence",
            )
        if key in told or f"{ROOT}/{key[0]}/{key[1]}.tsv" not in files:
            yield warning(
                where,
                f"{key[0]}/{key[1]}：重复，或没有该文件；请删去或更正",
                f"{key[0]}/{key[1]}: told twice, or there is no such file; remove it",
            )
        told[key] = number
    for name in [only] if only else tables.names:
        for revision in tables.revisions(name):
            if (name, revision) not in told:
                yield warning(
                    place,
                    f"没有 {name}/{revision} 的来源；请加一行",
                    f"does not say where {name}/{revision} is from; add its row",
                )
