"""Fixture pairs on disk: raw records as they arrive, and what each must become.

A pair is ``<kind>-<case>.raw.<ext>`` and ``<kind>-<case>.canonical.json``. What
``read`` needs beyond the bytes stands in ``raw.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hub.contract.messages import RawRecord

NOTES = "raw.json"
#: media type by the ending of the raw file, where ``raw.json`` says nothing
MEDIA = {
    "xml": "text/xml",
    "json": "application/json",
    "zip": "application/zip",
    "csv": "text/csv",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One raw record of an adapter's fixtures and where its expectation stands."""

    system: str
    raw: Path
    kind: str
    key: str
    media: str

    @property
    def name(self) -> str:
        """The pair's name: ``case-full``."""
        return self.raw.name.partition(".raw.")[0]

    @property
    def expectation(self) -> Path:
        """The file that says what the raw record must become."""
        return self.raw.with_name(f"{self.name}.canonical.json")

    def record(self) -> RawRecord:
        """The raw record as a pull would have brought it."""
        return RawRecord(self.kind, self.key, self.raw.read_bytes(), self.media)


def notes(folder: Path) -> dict[str, dict[str, str]]:
    """What ``raw.json`` tells, by file name; raises ``ValueError`` for no JSON."""
    path = folder / NOTES
    if not path.exists():
        return {}
    told: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return told


def pairs_in(folder: Path, system: str) -> tuple[Pair, ...]:
    """The fixture pairs of a folder, by name."""
    told = notes(folder)
    return tuple(
        _pair(system, raw, told.get(raw.name, {}))
        for raw in sorted(folder.glob("*.raw.*"))
    )


def _pair(system: str, raw: Path, note: Mapping[str, str]) -> Pair:
    name, _, ending = raw.name.partition(".raw.")
    media = note.get("media", MEDIA.get(ending, "application/octet-stream"))
    return Pair(system, raw, name.partition("-")[0], note.get("key", name), media)
