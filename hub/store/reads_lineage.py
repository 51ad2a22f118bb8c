"""What lineage reads: who told each value of a case, and the facet that told it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.contract.messages import Record
from hub.records.caller import Sight
from hub.store import reads
from hub.store.database import Connection
from hub.store.tables import (
    case_number,
    case_record,
    charge,
    document,
    facet,
    measure,
    person,
    raw_record,
    sentence,
    source_record,
)

#: field -> facet that told it, from the ``sources`` of a projected record
Tellers = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Child:
    """A person or document of a case: its mark in the projection and its tellers.

    ``sentence`` are the tellers of a person's sentence.
    """

    match_key: str
    tellers: Tellers
    sentence: Tellers


@dataclass(frozen=True, slots=True)
class Made:
    """A facet with everything that made it; ``rules`` are those it was read by last."""

    id: int
    endpoint: str
    system: str
    source_key: str
    raw_id: int
    body: Record
    rules: str
    mapping_revision: int
    adapter_version: str
    fetched_at: datetime
    mapped_at: datetime
    raw_kind: str
    raw_digest: bytes
    raw_size: int
    raw_media: str


async def case_tellers(connection: Connection, case_id: int) -> Tellers:
    """Who told the case's own fields."""
    wanted = sa.select(case_record.c.sources).where(case_record.c.id == case_id)
    return _tellers((await connection.execute(wanted)).scalar_one_or_none())


async def persons(connection: Connection, case_id: int) -> list[Child]:
    """The persons of a case in their order, with who told their fields."""
    rows = await connection.execute(
        sa.select(person.c.match_key, person.c.sources, sentence.c.sources)
        .join(sentence, sentence.c.person_id == person.c.id, isouter=True)
        .where(person.c.case_id == case_id)
        .order_by(person.c.position, person.c.id)
    )
    return [Child(key, _tellers(own), _tellers(far)) for key, own, far in rows]


async def documents(connection: Connection, case_id: int) -> list[Child]:
    """The documents of a case in their order, with who told their fields."""
    rows = await connection.execute(
        sa.select(document.c.match_key, document.c.sources)
        .where(document.c.case_id == case_id)
        .order_by(document.c.position, document.c.id)
    )
    return [Child(key, _tellers(own), {}) for key, own in rows]


async def numbers(connection: Connection, case_id: int) -> list[tuple[str, str, str]]:
    """(scheme, value, endpoint) of the case's numbers in the order they are shown."""
    rows = await connection.execute(
        sa.select(case_number.c.scheme, case_number.c.value, case_number.c.endpoint)
        .where(case_number.c.case_id == case_id)
        .order_by(case_number.c.seen_at, case_number.c.scheme, case_number.c.value)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def place_of(
    connection: Connection, sight: Sight, kind: str, key: int
) -> tuple[int, str] | None:
    """(case, path ahead) of a visible child of a case: ``persons[0].charges[1].``."""
    table = _TABLES[kind]
    columns = [table.c.case_id, table.c.position]
    wanted = sa.select(*columns)
    if kind in ("charge", "measure"):
        wanted = wanted.add_columns(person.c.position).join(
            person, person.c.id == table.c.person_id
        )
    wanted = wanted.where(table.c.id == key, reads.visible(sight, table.c.case_id))
    row = (await connection.execute(wanted)).one_or_none()
    if row is None:
        return None
    own = f"{kind}s[{row[1]}]."
    return int(row[0]), f"persons[{row[2]}].{own}" if len(row) > 2 else own


_TABLES: Mapping[str, sa.Table] = {
    "person": person,
    "charge": charge,
    "measure": measure,
    "document": document,
}


def _made() -> sa.Select[Any]:
    """Facets as ``Made``; the rules are those of the source record where it is it."""
    is_it = (
        (source_record.c.endpoint == facet.c.endpoint)
        & (source_record.c.kind == raw_record.c.kind)
        & (source_record.c.key == facet.c.source_key)
        & (source_record.c.raw_id == facet.c.raw_id)
        & (source_record.c.state == "mapped")
    )
    own = [facet.c[name] for name in Made.__slots__ if name in facet.c]
    told = {
        "rules": sa.func.coalesce(source_record.c.rules, facet.c.rules),
        "raw_kind": raw_record.c.kind,
        "raw_digest": raw_record.c.digest,
        "raw_size": raw_record.c.size,
        "raw_media": raw_record.c.media,
    }
    columns = [one for one in own if one.name not in told]
    return (
        sa.select(*columns, *(value.label(name) for name, value in told.items()))
        .join(raw_record, raw_record.c.id == facet.c.raw_id)
        .join(source_record, is_it, isouter=True)
    )


async def made(connection: Connection, facet_id: int) -> Made | None:
    """One facet."""
    found = await connection.execute(_made().where(facet.c.id == facet_id))
    row = found.mappings().one_or_none()
    return Made(**row) if row else None


async def made_after(
    connection: Connection, endpoint: str, after: int, many: int
) -> list[Made]:
    """The next current facets of an endpoint behind one, by id."""
    rows = await connection.execute(
        _made()
        .where(facet.c.endpoint == endpoint, facet.c.is_current, facet.c.id > after)
        .order_by(facet.c.id)
        .limit(many)
    )
    return [Made(**row) for row in rows.mappings()]


def _tellers(sources: Mapping[str, Any] | None) -> Tellers:
    told = (sources or {}).items()
    return {
        name: int(body["facet"])
        for names, body in told
        for name in names.split()
        if body.get("facet")
    }
