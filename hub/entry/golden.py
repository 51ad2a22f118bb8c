"""Fixture pairs of the adapters: what each raw record must become (样例对照).

A pair is ``tests/adapters/<system>/fixtures/<kind>-<case>.raw.<ext>`` and
``<kind>-<case>.canonical.json``. The expectation is written on request only and is
read like code; a missing one is a difference, never made on the fly.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from hub.check.fixtures import Pair, pairs_in
from hub.contract.messages import RawRecord, Tree
from hub.engine.registry import adapter_class, load_manifests
from hub.entry import terminal
from hub.entry.assembly import ADAPTERS, MAPPINGS, ROOT
from hub.errors import FieldUnaccounted, NotFound, RecordInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings

__all__ = ["EVIDENCE", "Bench", "Pair", "differences", "golden", "pairs", "systems"]

EVIDENCE = ROOT / "tests" / "adapters"


class Bench:
    """Reads fixtures through one system's adapter and mapping, without a network."""

    def __init__(self, system: str) -> None:
        """Load one system; raises ``NotFound`` and what loading it raises."""
        manifests = load_manifests(ADAPTERS)
        if system not in manifests:
            known = ", ".join(manifests)
            raise NotFound(
                f"没有适配器 {system}；已有：{known}",
                f"There is no adapter {system}; there are: {known}",
                where="system",
            )
        # reading is pure: an adapter without an endpoint must be able to do it
        kind = adapter_class(manifests[system])
        self._adapter = kind.__new__(kind)
        tables = Tables.load(MAPPINGS / "tables")
        self._mapping = Mappings.load(MAPPINGS, tables, only=(system,)).system(system)

    def read(self, record: RawRecord) -> Tree:
        """What the adapter makes of a raw record; raises ``RecordUnreadable``."""
        return self._adapter.read(record)

    def canonical(self, pair: Pair) -> str:
        """What the raw record becomes today, as the text of an expectation.

        Raises ``RecordUnreadable``, ``RecordInvalid`` for faults of the mapping and
        ``FieldUnaccounted`` for a remainder: a fixture has neither.
        """
        where = f"{pair.system}/{pair.raw.name}"
        mapped = self._mapping.read(pair.kind, self.read(pair.record()))
        if mapped.faults:
            raise RecordInvalid(
                f"样例 {where} 映射出错：{mapped.faults[0].message.zh}",
                f"The fixture {where} does not map: {mapped.faults[0].message.en}",
                where=where,
                faults=mapped.faults,
            )
        if mapped.remainder:
            left = ", ".join(mapped.remainder)
            raise FieldUnaccounted(
                f"样例 {where} 有未处理字段：{left}",
                f"The fixture {where} has fields nobody maps or ignores: {left}",
                where=where,
            )
        return json.dumps(mapped.body, ensure_ascii=False, indent=2) + "\n"


def systems() -> tuple[str, ...]:
    """The systems that have fixtures."""
    return tuple(
        sorted(path.parent.parent.name for path in EVIDENCE.glob("*/fixtures/*.raw.*"))
    )


def pairs(system: str) -> tuple[Pair, ...]:
    """The fixture pairs of a system, by name."""
    return pairs_in(EVIDENCE / system / "fixtures", system)


def differences(system: str | None = None) -> Iterator[tuple[Pair, str]]:
    """Pairs whose expectation is missing or changed, each with the text of today."""
    for one in (system,) if system else dict.fromkeys(systems()):
        bench = Bench(one)
        for pair in pairs(one):
            told = bench.canonical(pair)
            known = pair.expectation
            if not known.exists() or known.read_text("utf-8") != told:
                yield pair, told


def write_golden(system: str | None = None) -> list[Path]:
    """Write the missing and changed expectations of one system or of all."""
    written = []
    for pair, told in differences(system):
        pair.expectation.write_text(told, "utf-8")
        written.append(pair.expectation)
    return written


def golden(*, write: bool) -> int:
    """What ``hub golden`` does: 0 if every expectation agrees or was written."""
    console = terminal.console()
    if write:
        for path in write_golden():
            console.print(f"已写入 / written: {path.relative_to(ROOT)}", markup=False)
        return 0
    found = [pair for pair, _ in differences()]
    for pair in found:
        name = f"{pair.system}/{pair.name}"
        console.print(f"不一致或缺失 / differs or missing: {name}", markup=False)
    if not found:
        console.print("样例全部一致 / every expectation agrees")
    return 1 if found else 0
