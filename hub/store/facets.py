"""Facets: what each raw record says about its case; append-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hub.contract.messages import Record
from hub.store.database import Connection
from hub.store.tables import facet


@dataclass(frozen=True, slots=True)
class Facet:
    """The current facet of one source key. ``body`` has the canonical shape.

    Of two facets the one with the newer ``raw_id`` is newer: a record that is read
    again becomes a new facet and stays as old as its bytes are.
    """

    id: int
    endpoint: str
    system: str
    source_key: str
    case_id: int
    body: Record
    fetched_at: datetime
    raw_id: int = 0


@dataclass(frozen=True, slots=True)
class NewFacet:
    """A facet to be kept, with the versions of everything that made it."""

    endpoint: str
    system: str
    source_key: str
    case_id: int
    raw_id: int
    body: Record
    rules: str
    mapping_revision: int
    adapter_version: str
    fetched_at: datetime


_COLUMNS = [facet.c[name] for name in Facet.__slots__]


async def current(
    connection: Connection, endpoint: str, keys: Sequence[str]
) -> dict[str, Facet]:
    """The current facets of these source keys."""
    rows = await connection.execute(
        sa.select(*_COLUMNS)
        .where(facet.c.is_current, facet.c.endpoint == endpoint)
        .where(facet.c.source_key.in_(list(keys)))
    )
    return {row.source_key: Facet(*row) for row in rows}


async def of_cases(
    connection: Connection, case_ids: Sequence[int]
) -> dict[int, list[Facet]]:
    """All current facets of these cases, oldest bytes first."""
    rows = await connection.execute(
        sa.select(*_COLUMNS)
        .where(facet.c.is_current, facet.c.case_id.in_(list(case_ids)))
        .order_by(facet.c.raw_id, facet.c.id)
    )
    found: dict[int, list[Facet]] = {case_id: [] for case_id in case_ids}
    for row in rows:
        found[row.case_id].append(Facet(*row))
    return found


async def keep(connection: Connection, facets: Sequence[NewFacet]) -> dict[str, int]:
    """Add facets; each takes the place of the current one of its key.

    Returns source key -> facet id.
    """
    if not facets:
        return {}
    endpoint = facets[0].endpoint
    await connection.execute(
        sa.update(facet)
        .where(facet.c.endpoint == endpoint, facet.c.is_current)
        .where(facet.c.source_key.in_([one.source_key for one in facets]))
        .values(is_current=False)
    )
    rows = [{name: getattr(one, name) for name in NewFacet.__slots__} for one in facets]
    made = await connection.execute(
        sa.insert(facet).returning(facet.c.source_key, facet.c.id), rows
    )
    return {row.source_key: row.id for row in made}


def numbers_of(
    body: Mapping[str, object], schemes: Mapping[str, str]
) -> dict[str, str]:
    """The case numbers a facet tells: scheme -> value."""
    return {
        scheme: str(body[field]) for field, scheme in schemes.items() if body.get(field)
    }
