"""A copy of one adapter's places, to be spoilt."""

from __future__ import annotations

import shutil
from pathlib import Path

from hub.check.house import House
from hub.check.run import check

ROOT = Path(__file__).parents[3]
SYSTEM = "police_case"


def copied(folder: Path, system: str = SYSTEM) -> House:
    """The three places of a system and the code tables, below another root."""
    skip = shutil.ignore_patterns("__pycache__")
    for part in (f"adapters/{system}", f"tests/adapters/{system}", "mappings/tables"):
        shutil.copytree(ROOT / part, folder / part, ignore=skip)
    shutil.copy(ROOT / f"mappings/{system}.yaml", folder / "mappings")
    return House(folder)


def codes(house: House, system: str = SYSTEM) -> list[tuple[str, str]]:
    """Code and place of every finding."""
    return [(one.code, one.where) for one in check(house, system)]


def edit(path: Path, old: str, new: str) -> int:
    """Replace a text that stands once; the line it stood on."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1
