"""What a folder of the dictionary holds, as one digest: rules by their content."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

#: the files that make the rules, below the dictionary's folder
PLACES = (
    "*.yaml",
    "overlays/*/*.yaml",
    "tables/sources.tsv",
    "tables/*/*.tsv",
    "tables/*/crosswalk/*.tsv",
    "tables/*/history/*.tsv",
)


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file that makes the rules: its place in the folder, and its path."""
    for pattern in PLACES:
        for path in folder.glob(pattern):
            yield path.relative_to(folder).as_posix(), path


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 in hex of each of these files, by place."""
    found = {}
    for place, path in files(folder):
        with contextlib.suppress(FileNotFoundError):  # taken away while we looked
            found[place] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def dictionary_digest(found: Mapping[str, str]) -> str:
    """One digest of all of them: equal exactly where every file is.

    It covers the files, not the hub's own code: converters have a version of theirs.
    """
    lines = "".join(f"{place} {found[place]}\n" for place in sorted(found))
    return hashlib.sha256(lines.encode()).hexdigest()
