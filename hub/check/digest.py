"""What a result rests on: a digest of all files that make up a system's adapter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def digest(system: str, root: Path = ROOT) -> str:
    """SHA-256 in hex over adapter, mapping, crosswalks and evidence of one system."""
    mappings = root / "mappings"
    return _over(
        root,
        (
            root / "adapters" / system,
            mappings / f"{system}.yaml",
            mappings / system,
            mappings / "overlays" / system,
            *(mappings / "tables").glob(f"*/crosswalk/{system}.tsv"),
            root / "tests" / "adapters" / system,
        ),
    )


def digest_of_the_hub(root: Path = ROOT) -> str:
    """The same over the engine and all below it."""
    return _over(root, (root / "hub",))


def _over(root: Path, places: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in sorted({one for place in places for one in _files(place)}):
        found.update(path.relative_to(root).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    for path in place.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path
