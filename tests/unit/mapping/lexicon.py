"""The lexical cases: what each converter answers to each text, as tables.

``lexical/*.tsv``: ``converter``, ``side`` (read or write), ``input`` (JSON),
``outcome`` (value, unreadable, absent), ``expected`` (JSON of the value, or words of
the English reason), ``note`` (the source).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.mapping.value import ABSENT, Unreadable

FOLDER = Path(__file__).parent / "lexical"
OUTCOMES = ("value", "unreadable", "absent")


@dataclass(frozen=True)
class Case:
    """One row."""

    place: str
    converter: str
    side: str
    input: Any
    outcome: str
    expected: str
    note: str


def _rows() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.tsv")):
        lines = path.read_text("utf-8").splitlines()
        for number, line in enumerate(lines[1:], start=2):
            name, side, raw, *rest = line.split("\t")
            yield Case(f"{path.name}:{number}", name, side, json.loads(raw), *rest)


CASES = tuple(_rows())


def outcome(found: object) -> str:
    """Which of the three answers this is."""
    if found is ABSENT:
        return "absent"
    return "unreadable" if isinstance(found, Unreadable) else "value"
