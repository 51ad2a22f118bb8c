"""From a value of a case down to the facet that tells it, and its place there.

The projection put several facets together; this walks the same way back. What is
asked for is a canonical path of the case (``persons[0].charges[1].crime``); what comes
back is a facet and the path inside that one facet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from hub.contract.messages import Record
from hub.engine.persons import Member, cluster
from hub.engine.project import document_key
from hub.errors import RequestInvalid, Text
from hub.mapping.faults import hint
from hub.records.shape import NUMBER_SCHEMES, SHAPES, UNREADABLE
from hub.store import facets, reads_lineage
from hub.store.database import Connection
from hub.store.facets import Facet
from hub.store.reads_lineage import Child, Tellers

_STEP = re.compile(r"([a-z][a-z0-9_]*)(?:\[(\d{1,4})\])?")
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")

Step = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Teller:
    """A facet that tells of a record, where it does so, and what it says of it."""

    facet: Facet
    place: str
    body: Record

    def tells(self, name: str) -> bool:
        """Does it tell this field, be it readable or not?"""
        held = self.body.get(UNREADABLE)
        return name in self.body or (isinstance(held, dict) and name in held)


@dataclass(frozen=True, slots=True)
class Descent:
    """The facet that tells a value, and the value's path in it."""

    facet: Facet
    place: str


def steps(path: str) -> list[Step]:
    """A canonical path taken apart, in the schema's spelling or in Python's.

    Raises ``RequestInvalid`` for a path that no case has.
    """
    text = _CAMEL.sub(lambda found: f"_{found[1].lower()}", path.strip())
    found = [_STEP.fullmatch(step) for step in text.split(".")]
    if not text or len(text) > 200 or not all(found):
        raise _no_path(path, ())
    told: list[Step] = [
        (one[1], int(one[2]) if one[2] else None) for one in found if one
    ]
    _check(path, told)
    return told


def _check(path: str, told: Sequence[Step]) -> None:
    kind = "case"
    for at, (name, index) in enumerate(told):
        if (kind, name, at) == ("case", "numbers", 0):
            if index is None or told[1:] not in ([("value", None)], []):
                raise _no_path(path, ("numbers[0].value",))
            return
        shape = SHAPES[kind].get(name)
        if shape is None or shape.startswith("many:") != (index is not None):
            raise _no_path(path, _known(kind))
        is_leaf = not shape.startswith(("many:", "one:"))
        if is_leaf != (at == len(told) - 1):
            raise _no_path(path, _known(shape.partition(":")[2] or kind))
        kind = shape.partition(":")[2] if not is_leaf else kind


def _known(kind: str) -> tuple[str, ...]:
    return tuple(SHAPES[kind]) if kind in SHAPES else ()


def _no_path(path: str, known: Iterable[str]) -> RequestInvalid:
    names = tuple(known)
    near = hint(path.rpartition(".")[2], names)
    here = Text(f"；此处可为：{'、'.join(names)}", f"; here: {', '.join(names)}")
    more = near if near.zh else here if names else near
    return RequestInvalid(
        f"案件没有这样的字段路径{more.zh}",
        f"A case has no field at this path{more.en}",
        where="path",
    )


async def descend(
    connection: Connection, case_id: int, told: Sequence[Step], endpoint: str = ""
) -> Descent | None:
    """Who tells the value at a path; ``None`` where nobody does.

    ``endpoint``: what this endpoint tells, also where it lost to another.
    """
    current = (await facets.of_cases(connection, [case_id]))[case_id]
    live = [one for one in current if not one.body.get("is_withdrawn")] or current
    (name, index), steps_below = told[0], told[1:]
    if name == "numbers" or name in NUMBER_SCHEMES:
        return await _number(connection, case_id, told[0], live)
    if index is None:
        tellers = await reads_lineage.case_tellers(connection, case_id)
        own = [Teller(one, "", one.body) for one in live]
        return _chosen(own, name, tellers, endpoint)
    if name == "items":
        found = [
            Teller(one, f"items[{index}]", items[index])
            for one in live
            if index < len(items := _items(one.body.get("items")))
        ]
        return _newest(found, steps_below[0][0], endpoint)
    if name == "documents":
        children = await reads_lineage.documents(connection, case_id)
        return _document(live, children, index, steps_below[0][0], endpoint)
    children = await reads_lineage.persons(connection, case_id)
    return _person(live, children, index, steps_below, endpoint)


async def _number(
    connection: Connection, case_id: int, step: Step, live: Sequence[Facet]
) -> Descent | None:
    name, index = step
    known = await reads_lineage.numbers(connection, case_id)
    schemes = {scheme: field for field, scheme in NUMBER_SCHEMES.items()}
    if index is not None:
        if index >= len(known) or known[index][0] not in schemes:
            return None  # the hub's own number is told by nobody
        name = schemes[known[index][0]]
        wanted = {known[index][1]}
    else:
        wanted = {value for scheme, value, _ in known if schemes.get(scheme) == name}
    for facet in reversed(live):
        if facet.body.get(name) in wanted:
            return Descent(facet, name)
    return None


def _chosen(
    tellers: Iterable[Teller], name: str, known: Tellers, endpoint: str
) -> Descent | None:
    """The teller of a field: the one that won, or the newest of an endpoint."""
    told = [one for one in tellers if one.tells(name)]
    if endpoint:
        mine = [one for one in told if one.facet.endpoint == endpoint]
    else:
        mine = [one for one in told if one.facet.id == known.get(name)]
    if not mine:
        return None
    last = max(mine, key=lambda one: (one.facet.raw_id, one.facet.id))
    return Descent(last.facet, f"{last.place}.{name}".lstrip("."))


def _newest(tellers: Iterable[Teller], name: str, endpoint: str) -> Descent | None:
    """The newest teller of what stands in no projection: nobody won or lost there."""
    told = [one for one in tellers if one.tells(name)]
    if endpoint:
        told = [one for one in told if one.facet.endpoint == endpoint]
    if not told:
        return None
    last = max(told, key=lambda one: (one.facet.raw_id, one.facet.id))
    return Descent(last.facet, f"{last.place}.{name}")


def _document(
    live: Sequence[Facet],
    children: Sequence[Child],
    index: int,
    name: str,
    endpoint: str,
) -> Descent | None:
    if index >= len(children):
        return None
    child = children[index]
    tellers = [
        Teller(facet, f"documents[{at}]", item)
        for facet in live
        for at, item in enumerate(_items(facet.body.get("documents")))
        if document_key(item) == child.match_key
    ]
    return _chosen(tellers, name, child.tellers, endpoint)


def _person(
    live: Sequence[Facet],
    children: Sequence[Child],
    index: int,
    below: Sequence[Step],
    endpoint: str,
) -> Descent | None:
    if index >= len(children):
        return None
    child = children[index]
    members = _members(live, child.match_key)
    (name, at), rest = below[0], below[1:]
    if not rest:
        return _chosen(members, name, child.tellers, endpoint) or _stage(
            members, name, child.tellers, endpoint
        )
    if at is None and name != "sentence":
        return _newest(_nested(members, name), rest[0][0], endpoint)
    if at is None:
        return _chosen(_nested(members, name), rest[0][0], child.sentence, endpoint)
    owner = _chosen(members, name, child.tellers, endpoint)
    if owner is None:
        return None
    item = Descent(owner.facet, f"{owner.place}[{at}].{rest[0][0]}")
    return item if _is_told(members, owner, at, rest[0][0]) else None


def _members(live: Sequence[Facet], match_key: str) -> list[Teller]:
    """What each facet says of the person with this mark."""
    found: list[Member] = []
    for group in cluster([(one, one.body) for one in live]):
        if group[0].match_key == match_key:
            found = group
    return [Teller(one.facet, f"persons[{_index(one)}]", one.body) for one in found]


def _index(member: Member) -> int:
    told = _items(member.facet.body.get("persons"))
    return next(at for at, item in enumerate(told) if item is member.body)


def _nested(members: Iterable[Teller], name: str) -> list[Teller]:
    return [
        Teller(one.facet, f"{one.place}.{name}", cast("Record", one.body[name]))
        for one in members
        if isinstance(one.body.get(name), dict)
    ]


def _stage(
    members: Iterable[Teller], name: str, known: Tellers, endpoint: str
) -> Descent | None:
    """A system that tells one stage for the whole case tells it for each person."""
    if name != "stage":
        return None
    whole = [Teller(one.facet, "", one.facet.body) for one in members]
    return _chosen(whole, name, known, endpoint)


def _is_told(members: Iterable[Teller], owner: Descent, at: int, name: str) -> bool:
    """Does the list that won have such an element, and that such a field?"""
    mine = next(one for one in members if one.facet is owner.facet)
    items = _items(mine.body.get(owner.place.rpartition(".")[2]))
    return at < len(items) and Teller(owner.facet, "", items[at]).tells(name)


def _items(value: object) -> list[Record]:
    return [cast("Record", one) for one in value] if isinstance(value, list) else []
