"""The files of an adapter's three places, and what they say as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hub.check.house import House
from hub.errors import RecordUnreadable
from hub.wire.archive import unpack
from hub.wire.decode import decode

_CACHES = frozenset({"__pycache__", ".pytest_cache", ".mypy_cache"})


def files(house: House, system: str) -> Iterator[Path]:
    """Every file of the three places, caches left out, in a stable order."""
    for folder in (house.adapters / system, house.evidence / system):
        yield from below(folder)
    own = house.mappings / f"{system}.yaml"
    if own.exists():
        yield own
    for folder in (house.mappings / system, house.mappings / "overlays" / system):
        yield from below(folder)
    walks = house.mappings / "tables"
    yield from sorted(walks.glob(f"*/crosswalk/{system}.tsv"))


def below(folder: Path) -> Iterator[Path]:
    """Every file below a folder that is no cache."""
    for path in sorted(folder.rglob("*")):
        is_cache = path.suffix == ".pyc" or _CACHES.intersection(path.parts)
        if path.is_file() and not is_cache:
            yield path


def read_text(path: Path) -> str:
    """A file as text; what is no text at all is empty."""
    return _text(path.read_bytes())


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a file: its own, or those of a ZIP's members, by member."""
    body = path.read_bytes()
    if not body.startswith(b"PK"):
        yield "", _text(body)
        return
    try:
        members = unpack(body)
    except RecordUnreadable:
        yield "", _text(body)
        return
    for name, member in members.items():
        yield name, f"{name}\n{_text(member)}"


def _text(body: bytes) -> str:
    try:
        return decode(body)
    except RecordUnreadable:
        return body.decode("latin-1")
