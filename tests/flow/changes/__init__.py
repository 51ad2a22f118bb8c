"""Prepared changes of the product's mappings, as edits of the files in force.

Edits and not whole files: they stay small and fail loudly once a file has moved on.
"""

from __future__ import annotations

from pathlib import Path

import yaml

HERE = Path(__file__).parent


def prepared(name: str, folder: Path, into: Path) -> str:
    """Write the changed file to ``into``; what ``hub map diff --with`` is given."""
    change = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
    place = change["file"]
    text = (folder / place).read_text("utf-8")
    for old, new in change["edits"]:
        assert text.count(old) == 1, f"{name}: {place} has moved on: {old!r}"
        text = text.replace(old, new)
    path = into / name / place
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return f"{place}={path}"
