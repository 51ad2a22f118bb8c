"""The way of one value: from the answer down to the agency's bytes, and up again.

Nothing of it is kept apart: the facet names its raw record, the mapping its rules,
and reading the bytes once more by these rules tells every step. So what is told is
what happens, and a rule that gives another value now is seen at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from hub.contract.adapter import Adapter
from hub.contract.messages import RawRecord, Tree
from hub.contract.place import at
from hub.engine import policy
from hub.engine.descend import Descent, Step, descend, steps
from hub.engine.hub import Hub
from hub.errors import NotFound, RecordError
from hub.mapping.load import SystemMapping
from hub.mapping.trace import Origin, told
from hub.mapping.value import as_text
from hub.records.caller import Caller
from hub.records.lineage import Lineage, LineageStep, RawPlace
from hub.store import events, raw, reads_cases, reads_lineage
from hub.store.database import Connection
from hub.store.reads_lineage import Made


async def lineage(
    hub: Hub, caller: Caller, case_id: int, path: str, endpoint: str = ""
) -> Lineage | None:
    """Where a value of a case comes from; ``None``: nobody tells it, or none to see.

    ``path`` as in ``persons[0].birthDate``; ``endpoint``: what this endpoint tells,
    also where it lost. Raises ``RequestInvalid`` for a path that no case has.
    """
    sight = policy.allow(caller, "lineage")
    way = steps(path)
    async with hub.database.read() as connection:
        if not await reads_cases.by_ids(connection, sight, [case_id]):
            return None
        found = await descend(connection, case_id, way, endpoint)
        if found is None:
            return None
        shows = _shows_raw(hub, caller, found.facet.endpoint)
        ask = Ask(case_id, path, way, is_other=bool(endpoint), shows_raw=shows)
        return await _told(connection, hub, ask, found)


async def place_of(
    hub: Hub, caller: Caller, kind: str, key: int
) -> tuple[int, str] | None:
    """The case of a person, charge, measure or document, and the path to it there."""
    sight = policy.allow(caller, "lineage")
    async with hub.database.read() as connection:
        return await reads_lineage.place_of(connection, sight, kind, key)


async def explain(
    hub: Hub, case_id: int, path: str, who: str, endpoint: str = ""
) -> Lineage | None:
    """The same at the operator's keyboard, raw values included.

    The event ``raw.seen`` names case, path and who looked, and is committed before
    anything is shown.
    """
    way = steps(path)
    async with hub.database.begin() as connection:
        body = {"case": case_id, "path": path, "by": who}
        await events.announce(connection, "raw.seen", body=body)
    async with hub.database.read() as connection:
        found = await descend(connection, case_id, way, endpoint)
        if found is None:
            return None
        ask = Ask(case_id, path, way, is_other=bool(endpoint), shows_raw=True)
        return await _told(connection, hub, ask, found)


def _shows_raw(hub: Hub, caller: Caller, endpoint: str) -> bool:
    """An agency sees the raw words of its own system, and of no other's."""
    known = hub.registry.endpoints.get(endpoint)
    return known is not None and caller.agency in (known.agency, *known.serves)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: a path of a case, and whether raw words may be shown."""

    case_id: int
    path: str
    way: Sequence[Step]
    is_other: bool
    shows_raw: bool

    def field(self, found: Descent) -> str:
        """The path without indexes; of a number the field that tells it."""
        names = [name for name, _ in self.way]
        return found.place if names[0] == "numbers" else ".".join(names)


async def _told(connection: Connection, hub: Hub, ask: Ask, found: Descent) -> Lineage:
    made = await reads_lineage.made(connection, found.facet.id)
    kept = await raw.load(connection, made.raw_id) if made else None
    if made is None or kept is None:
        raise NotFound(where="raw_record")
    mapping = hub.mapping_of(made.endpoint)
    adapter = hub.registry.open(made.endpoint)
    value, is_held = _leaf(made, found.place)
    origin, tree = _origin(adapter, mapping, kept.record, found.place)
    places: tuple[RawPlace, ...] = ()
    if origin is not None:
        places = tuple(_places(adapter, kept.record, tree, origin, ask.shows_raw))
    walked = tuple(
        LineageStep(one.name, one.value if ask.shows_raw else None, one.note)
        for one in (origin.steps if origin else ())
    )
    return Lineage(
        case_id=ask.case_id,
        path=ask.path,
        field=ask.field(found),
        is_other=ask.is_other,
        told_at=found.place,
        value=value,
        outcome="unreadable" if is_held else "value",
        endpoint=made.endpoint,
        system=made.system,
        facet=made.id,
        raw_id=made.raw_id,
        raw_digest=bytes(made.raw_digest),
        raw_size=made.raw_size,
        raw_media=made.raw_media,
        fetched_at=made.fetched_at,
        mapped_at=made.mapped_at,
        places=places,
        steps=walked,
        rule=origin.rule if origin else "",
        mapping=f"mappings/{made.system}.yaml",
        mapping_revision=made.mapping_revision,
        rules=made.rules,
        table=origin.table if origin else "",
        table_revision=origin.table_revision if origin else "",
        adapter_version=made.adapter_version,
        is_current=made.rules == mapping.rules,
        is_reproduced=_is_reproduced(mapping, tree, origin, value),
        shows_raw=ask.shows_raw,
    )


def _leaf(made: Made, place: str) -> tuple[Tree, bool]:
    """The value at a place of a facet, and whether it is only the original text."""
    return next(
        ((value, is_held) for at, value, is_held in told(made.body) if at == place),
        (None, False),
    )


def _origin(
    adapter: Adapter, mapping: SystemMapping, record: RawRecord, place: str
) -> tuple[Origin | None, Tree]:
    """The origin of the value at a place of the facet, by the rules of now."""
    try:
        tree = adapter.read(record)
    except RecordError:
        return None, None
    for one in mapping.trace(record.kind, tree):
        if one.where == place:
            return one, tree
    return None, tree


def _places(
    adapter: Adapter, record: RawRecord, tree: Tree, origin: Origin, shows_raw: bool
) -> Iterator[RawPlace]:
    for place in origin.places:
        spot = adapter.locate(record, place)
        told = _fragment(at(tree, place)) if shows_raw else None
        yield RawPlace(place, spot.part, spot.form, spot.path, spot.line, told)


def _fragment(found: Tree) -> str | None:
    if isinstance(found, dict | list):
        return orjson.dumps(found).decode()
    return None if found is None else as_text(found)


def _is_reproduced(
    mapping: SystemMapping, tree: Tree, origin: Origin | None, value: Tree
) -> bool:
    """Does the named rule give this value for what stands at the named places?"""
    if origin is None:
        return False
    try:
        return mapping.reapply(tree, origin) == value
    except LookupError:
        return False
