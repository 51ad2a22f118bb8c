"""Which places of a facet changed: paths only, never the values."""

from __future__ import annotations

from collections.abc import Iterator

from hub.contract.messages import Record, Tree


def changed_paths(before: Record, after: Record) -> list[str]:
    """Canonical paths (``persons[0].name``) that were added, changed or dropped."""
    if not before:
        return sorted(name for name, value in after.items() if value is not None)
    return sorted(set(_differing("", before, after)))


def _differing(path: str, before: Tree, after: Tree) -> Iterator[str]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {*before, *after}:
            below = f"{path}.{name}" if path else name
            yield from _differing(below, before.get(name), after.get(name))
    elif (
        isinstance(before, list)
        and isinstance(after, list)
        and len(before) == len(after)
    ):
        for place, pair in enumerate(zip(before, after, strict=True)):
            yield from _differing(f"{path}[{place}]", *pair)
    else:
        yield path
