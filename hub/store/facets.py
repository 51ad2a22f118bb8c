"""Facets: what each raw record says about its case; append-only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

import sqlalchemy as sa

from hub.contract.messages import Record
from hub.store import copying
from hub.store.copying import array
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
    """A facet to be kept, with the versions of everything that made it.

    ``id`` is one of ``reserve``'s.
    """

    id: int
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

    @property
    def facet(self) -> Facet:
        """What it will be once it is kept."""
        return Facet(
            self.id,
            self.endpoint,
            self.system,
            self.source_key,
            self.case_id,
            self.body,
            self.fetched_at,
            self.raw_id,
        )


_TOLD = ", ".join(f"facet.{name}" for name in Facet.__slots__)

# Joins with unnest, not ``= any``: that one reads a young table from end to end.
_CURRENT = sa.text(
    f"select {_TOLD} from unnest(cast(:keys as text[])) as told (key)"  # noqa: S608
    " join facet on facet.endpoint = :endpoint and facet.source_key = told.key"
    " and facet.is_current"
)
_OF_CASES = sa.text(
    f"select {_TOLD} from unnest(cast(:cases as bigint[])) as told (id)"  # noqa: S608
    " join facet on facet.case_id = told.id and facet.is_current"
    " order by facet.raw_id, facet.id"
)
_RETIRE = sa.text(
    "update facet set is_current = false from unnest(cast(:keys as text[]))"
    " as told (key) where facet.endpoint = :endpoint"
    " and facet.source_key = told.key and facet.is_current"
)


async def current(
    connection: Connection, endpoint: str, keys: Sequence[str]
) -> dict[str, Facet]:
    """The current facets of these source keys."""
    if not keys:
        return {}
    told = {"endpoint": endpoint, "keys": array(keys)}
    rows = await connection.execute(_CURRENT, told)
    return {row.source_key: Facet(*row) for row in rows}


async def of_cases(
    connection: Connection, case_ids: Sequence[int]
) -> dict[int, list[Facet]]:
    """All current facets of these cases, oldest bytes first."""
    if not case_ids:
        return {}
    rows = await connection.execute(_OF_CASES, {"cases": array(case_ids)})
    found: dict[int, list[Facet]] = {case_id: [] for case_id in case_ids}
    for row in rows:
        found[row.case_id].append(Facet(*row))
    return found


async def reserve(connection: Connection, count: int) -> list[int]:
    """Ids for so many facets, above those of all that are there."""
    return await copying.reserve(connection, facet, count)


async def keep(
    connection: Connection, facets: Sequence[NewFacet], replaced: Collection[str]
) -> None:
    """Add facets; ``replaced`` are the keys that may have a current one already."""
    if replaced:
        told = {"endpoint": facets[0].endpoint, "keys": array(replaced)}
        await connection.execute(_RETIRE, told)
    rows = [_values(one) for one in facets]
    await copying.copy_in(connection, facet, NewFacet.__slots__, rows)


_values = attrgetter(*NewFacet.__slots__)


def numbers_of(
    body: Mapping[str, object], schemes: Mapping[str, str]
) -> dict[str, str]:
    """The case numbers a facet tells: scheme -> value."""
    return {
        scheme: str(body[field]) for field, scheme in schemes.items() if body.get(field)
    }
