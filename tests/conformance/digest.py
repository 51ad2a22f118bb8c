"""What a result rests on: a digest of all files that make up a system's adapter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def digest(system: str) -> str:
    """Over adapter, mapping, crosswalks and evidence of one system."""
    return _over(
        (
            ROOT / "adapters" / system,
            ROOT / "mappings" / f"{system}.yaml",
            ROOT / "mappings" / system,
            ROOT / "tests" / "adapters" / system,
        )
    )


def digest_of_the_hub() -> str:
    """Over the engine and all below it."""
    return _over((ROOT / "hub",))


def _over(places: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in sorted(one for place in places for one in _files(place)):
        found.update(str(path.relative_to(ROOT)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    for path in place.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path
