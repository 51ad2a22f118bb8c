"""Overlays: what one endpoint of a system does otherwise than the others.

``mappings/overlays/<system>/<endpoint>.yaml`` holds only what differs: fields and
ignored paths of records, and crosswalk rows. It is laid over the system's own file
and then checked like one, so an overlay can do nothing that a mapping cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.errors import Text
from hub.mapping.check import Check
from hub.mapping.source import read_yaml

KEYS = ("system", "endpoint", "title", "records", "tables", "note")
_RECORD_KEYS = ("fields", "ignore", "note")


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay file: whose it is and what it says."""

    system: str
    endpoint: str
    path: Path
    body: dict[str, Any]

    @property
    def tables(self) -> Mapping[str, Mapping[str, str]]:
        """The crosswalk rows it adds: table -> raw -> code."""
        told = self.body.get("tables")
        found = told if isinstance(told, dict) else {}
        return {
            str(table): {str(raw): str(code) for raw, code in rows.items()}
            for table, rows in found.items()
            if isinstance(rows, dict)
        }


def overlays(folder: Path, system: str) -> Iterator[Path]:
    """The overlay files of a system, by name of their endpoint."""
    yield from sorted((folder / "overlays" / system).glob("*.yaml"))


def laid_over(base: dict[str, Any], path: Path, check: Check) -> Overlay:
    """A copy of the system's file with the overlay's records laid over it.

    Faults go to ``check``: unknown keys and records, rows of tables that lack them.
    """
    body = read_yaml(path, check.faults)
    check.keys("", body, KEYS)
    if body and (body.get("system"), body.get("endpoint")) != (
        path.parent.name,
        path.stem,
    ):
        told = f"system: {path.parent.name}, endpoint: {path.stem}"
        check.fault("endpoint", f"应为 {told}", f"it must be {told}")
    records = dict(check.dict("records", base.get("records")))
    for name, changes in check.dict("records", body.get("records")).items():
        if name not in records:
            word = Text("记录", "record")
            check.unknown(f"records.{name}", name, records, word)
            continue
        records[name] = _changed(records[name], changes, f"records.{name}", check)
    found = Overlay(path.parent.name, path.stem, path, {**base, "records": records})
    found.body["tables"] = body.get("tables")
    _check_rows(found, check)
    return found


def _changed(base: Any, changes: Any, place: str, check: Check) -> dict[str, Any]:
    told = check.dict(place, changes)
    check.keys(place, told, _RECORD_KEYS)
    found = dict(check.dict(place, base))
    for part in ("fields", "ignore"):
        more = check.dict(f"{place}.{part}", told.get(part))
        if more:
            found[part] = {**(found.get(part) or {}), **more}
    return found


def _check_rows(overlay: Overlay, check: Check) -> None:
    for table, rows in overlay.tables.items():
        place = f"tables.{table}"
        if not check.tables.has(table):
            word = Text("代码表", "code table")
            check.unknown(place, table, check.tables.names, word)
            continue
        for raw, code in rows.items():
            if check.tables.table(table).row(code) is None:
                check.fault(
                    f"{place}.{raw}",
                    f"代码 {code} 不在代码表中",
                    f"the code {code} does not stand in the table",
                )
