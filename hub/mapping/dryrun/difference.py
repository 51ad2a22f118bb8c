"""What two readings of one raw record differ in, told field by field.

The comparison is of meaning: elements of a list are matched by what they say, so
that one more person does not make every person behind it look changed; a value, a
value that was held as unreadable, one that was refused and none at all are
different things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hub.contract.messages import Record, Tree
from hub.errors import Fault
from hub.mapping.check import inner_kind
from hub.mapping.dryrun.align import pairs
from hub.mapping.read import Mapped
from hub.records.shape import SHAPES, UNREADABLE

VALUE, HELD, PASSED = "value", "unreadable", "passed"
REFUSED, ABSENT, RECORD = "refused", "absent", "record"

_INDEX = re.compile(r"\[\d+\]")
#: the state of a list whose elements are the same ones in another order
_ORDER, _MOVED = "in order", "moved"


@dataclass(frozen=True, slots=True)
class State:
    """How a field stands: ``outcome`` and the value, the original text or the code
    of the fault. ``unreadable``: the original text is held beside the record,
    ``passed``: it is the value too. ``record``: a whole element of a list, whose
    value is not told.
    """

    outcome: str
    value: Tree = None


NOTHING = State(ABSENT)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record that the two readings tell differently.

    ``where`` is its place (``persons[0].sex``), ``field`` the same without
    indexes (``persons[].sex``).
    """

    where: str
    field: str
    before: State
    after: State

    @classmethod
    def at(cls, where: str, before: State, after: State) -> Change:
        """A change at a place with indexes."""
        return cls(where, plain(where), before, after)


@dataclass(slots=True)
class Side:
    """One of the two readings: its faults by place, and which were told already."""

    faults: dict[str, str]
    told: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> Side:
        """The codes of the faults, several at one place put together."""
        codes: dict[str, set[str]] = {}
        for one in faults:
            codes.setdefault(one.where, set()).add(one.code)
        return cls({place: "+".join(sorted(all_)) for place, all_ in codes.items()})

    def refusal(self, place: str) -> State | None:
        """The fault at a place, which is told by that."""
        code = self.faults.get(place)
        if code is None:
            return None
        self.told.add(place)
        return State(REFUSED, code)

    def scalar(self, body: Record, place: str, name: str) -> State:
        """How a plain field stands."""
        refused = self.refusal(place)
        if refused is not None:
            return refused
        held = body.get(UNREADABLE)
        if isinstance(held, dict) and name in held:
            return _held(held[name], body.get(name))
        return State(VALUE, body[name]) if name in body else NOTHING

    def whole(self, body: Record, place: str, name: str) -> State:
        """How a nested record or a list of them stands as such."""
        refused = self.refusal(place)
        if refused is not None:
            return refused
        return State(RECORD) if body.get(name) else NOTHING


Sides = tuple[Side, Side]


def difference(before: Mapped, after: Mapped, kind: str = "case") -> list[Change]:
    """Every field that differs, in the order of the shape; empty: the same meaning."""
    sides = Side.of(before.faults), Side.of(after.faults)
    if before.body == after.body and sides[0].faults == sides[1].faults:
        return []
    found = list(_records(kind, (before.body, after.body), ("", ""), sides))
    return [*found, *untold(sides)]


def untold(sides: Sides) -> Iterator[Change]:
    """Faults at places that no field stands for: of elements that came or went."""
    left = [
        {place: code for place, code in side.faults.items() if place not in side.told}
        for side in sides
    ]
    for place in sorted({*left[0], *left[1]}):
        codes = left[0].get(place), left[1].get(place)
        if codes[0] != codes[1]:
            states = [State(REFUSED, code) if code else NOTHING for code in codes]
            yield Change.at(place, *states)


def _records(
    kind: str, bodies: tuple[Record, Record], places: tuple[str, str], sides: Sides
) -> Iterator[Change]:
    for name, shape in SHAPES[kind].items():
        at = _below(places[0], name), _below(places[1], name)
        inner = inner_kind(shape)
        if not inner:
            states = [sides[i].scalar(bodies[i], at[i], name) for i in (0, 1)]
            if states[0] != states[1]:
                yield Change.at(at[1], *states)
        elif shape.startswith("many:"):
            yield from _many(inner, bodies, name, at, sides)
        else:
            yield from _one(inner, bodies, name, at, sides)


def _one(
    kind: str,
    bodies: tuple[Record, Record],
    name: str,
    at: tuple[str, str],
    sides: Sides,
) -> Iterator[Change]:
    states = [sides[i].whole(bodies[i], at[i], name) for i in (0, 1)]
    if states[0] != states[1]:
        yield Change.at(at[1], *states)
    old, new = bodies[0].get(name), bodies[1].get(name)
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _records(kind, (old, new), at, sides)


def _many(
    kind: str,
    bodies: tuple[Record, Record],
    name: str,
    at: tuple[str, str],
    sides: Sides,
) -> Iterator[Change]:
    states = [sides[i].whole(bodies[i], at[i], name) for i in (0, 1)]
    if states[0] != states[1] and REFUSED in {one.outcome for one in states}:
        yield Change.at(at[1], *states)
    lists = _list(bodies[0].get(name)), _list(bodies[1].get(name))
    matched = pairs(*lists)
    for old, new in matched:
        if old is None:
            yield Change.at(f"{at[1]}[{new}]", NOTHING, State(RECORD))
        elif new is None:
            yield Change.at(f"{at[0]}[{old}]", State(RECORD), NOTHING)
        else:
            places = f"{at[0]}[{old}]", f"{at[1]}[{new}]"
            yield from _records(kind, (lists[0][old], lists[1][new]), places, sides)
    if is_moved(matched):
        field = f"{plain(at[1])}[]"
        yield Change(at[1], field, State(RECORD, _ORDER), State(RECORD, _MOVED))


def is_moved(matched: Sequence[tuple[int | None, int | None]]) -> bool:
    """Do the elements that stayed stand in another order now?"""
    kept = [new for old, new in matched if old is not None and new is not None]
    return kept != sorted(kept)


def _held(told: Tree, value: Tree) -> State:
    if value is None:
        return State(HELD, told)
    return State(PASSED, told if told == value else [told, value])


def _list(found: Tree) -> list[Record]:
    if not isinstance(found, list):
        return []
    return [one for one in found if isinstance(one, dict)]


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def plain(where: str) -> str:
    """A place without its indexes: ``persons[0].sex`` as ``persons[].sex``."""
    return _INDEX.sub("[]", where)
