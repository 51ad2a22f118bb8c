"""Which values of a canonical record became others: place, path, before and after.

Pure. Persons are matched by who they are and documents by what they are, not by
where they stand in their list; charges and measures by their place, as they are
kept. So a person who comes first now is no change of everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import cast

from hub.contract.messages import Record, Tree
from hub.records.shape import SHAPES, scalars

_INDEX = re.compile(r"\[[^\]]*\]")
_NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that became another; ``None`` where there is none."""

    place: str
    before: Tree
    after: Tree

    @property
    def path(self) -> str:
        """The place without the indexes of lists, as the read log tells fields."""
        return path_of(self.place)


def path_of(place: str) -> str:
    """``persons[0].measures[1].kind`` as ``persons.measures.kind``."""
    return _INDEX.sub("", place)


def differences(before: Record, after: Record) -> list[Difference]:
    """Every value of the shape of a case that is another one in ``after``."""
    return list(_record("case", "", before, after))


def _record(
    kind: str, prefix: str, before: Record, after: Record
) -> Iterator[Difference]:
    for name in scalars(kind):
        if before.get(name) != after.get(name):
            yield Difference(f"{prefix}{name}", before.get(name), after.get(name))
    for name, shape in SHAPES[kind].items():
        form, _, inner = shape.partition(":")
        if form == "one":
            below = f"{prefix}{name}."
            yield from _record(inner, below, _one(before, name), _one(after, name))
        elif form == "many":
            yield from _many(inner, f"{prefix}{name}", before, after, name)


def _many(
    kind: str, place: str, before: Record, after: Record, name: str
) -> Iterator[Difference]:
    for index, old, new in _pairs(_items(before, name), _items(after, name), kind):
        yield from _record(kind, f"{place}[{index}].", old, new)


def _pairs(
    before: Sequence[Record], after: Sequence[Record], kind: str
) -> Iterator[tuple[int, Record, Record]]:
    """(index, old, new); the index is that of now, where there is one."""
    known = _MARKS.get(kind)
    left = dict(enumerate(before))
    rest: list[tuple[int, Record]] = []
    for index, new in enumerate(after):
        old = next((at for at, one in left.items() if known and known(one, new)), None)
        if old is None:
            rest.append((index, new))
        else:
            yield index, left.pop(old), new
    # who was matched by nothing is taken in order: a mended identity is one change
    for (at, old_record), (index, new) in zip_longest(
        left.items(), rest, fillvalue=(_NOWHERE, {})
    ):
        yield (at if index == _NOWHERE else index), old_record, new


def _same_person(one: Record, other: Record) -> bool:
    for name in ("match_key", "id_number"):
        if one.get(name) and other.get(name):
            return one[name] == other[name]
    return bool(one.get("name")) and one.get("name") == other.get("name")


def _same_document(one: Record, other: Record) -> bool:
    return (one.get("type"), one.get("number") or one.get("name")) == (
        other.get("type"),
        other.get("number") or other.get("name"),
    )


_MARKS: dict[str, Callable[[Record, Record], bool]] = {
    "person": _same_person,
    "document": _same_document,
}


def values(record: Record, path: str) -> list[Tree]:
    """Every value that stands at a path (``persons.measures.kind``), in order."""
    found: list[Tree] = [record]
    for name in path.split("."):
        below: list[Tree] = []
        for one in found:
            inner = one.get(name) if isinstance(one, dict) else None
            below += inner if isinstance(inner, list) else [inner]
        found = [one for one in below if one is not None]
    return found


def _one(record: Record, name: str) -> Record:
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _items(record: Record, name: str) -> list[Record]:
    found = record.get(name)
    return [cast("Record", one) for one in found] if isinstance(found, list) else []
