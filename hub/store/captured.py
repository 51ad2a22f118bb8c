"""Raw records as they were captured, page by page, for those who read them again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import zstandard

from hub.contract.messages import RawRecord
from hub.store.database import Connection
from hub.store.facets import Facet
from hub.store.raw import Kept
from hub.store.tables import case_record, facet, raw_record


@dataclass(frozen=True, slots=True)
class CapturedFacet:
    """A current facet, the rules it was made by, and the raw record it is from.

    ``kept`` is there where its bytes were asked for.
    """

    facet: Facet
    rules: str
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class CapturedCase:
    """A case and everything that is told of it now."""

    hub_number: str
    facets: tuple[CapturedFacet, ...]


async def newest(
    connection: Connection,
    endpoints: Collection[str],
    kinds: Collection[str],
    last: int,
    *,
    up_to: int | None = None,
    after: int = 0,
) -> list[int]:
    """The ids of the last so many raw records of these endpoints, oldest first.

    ``up_to`` is the newest id that counts, ``after`` one that is too old.
    """
    column = raw_record.c.id
    statement = (
        sa.select(column)
        .where(raw_record.c.endpoint.in_(sorted(endpoints)), column > after)
        .where(raw_record.c.kind.in_(sorted(kinds)))
    )
    if up_to is not None:
        statement = statement.where(column <= up_to)
    rows = await connection.execute(statement.order_by(column.desc()).limit(last))
    return sorted(row.id for row in rows)


async def load(connection: Connection, ids: Sequence[int]) -> list[Kept]:
    """These raw records with their bytes, in the order of their ids."""
    rows = await connection.execute(
        sa.select(raw_record)
        .where(raw_record.c.id.in_(list(ids)))
        .order_by(raw_record.c.id)
    )
    return [_kept(row) for row in rows]


def _kept(row: sa.Row[tuple[object, ...]]) -> Kept:
    body = zstandard.decompress(row.packed, max_output_size=row.size or 1)
    record = RawRecord(row.kind, row.key, body, row.media, row.modified)
    return Kept(row.id, row.endpoint, record, row.fetched_at, row.adapter_version)


async def newest_cases(
    connection: Connection, endpoints: Collection[str], last: int
) -> list[int]:
    """The ids of the newest cases that these endpoints tell of now, oldest first."""
    rows = await connection.execute(
        sa.select(facet.c.case_id)
        .where(facet.c.is_current, facet.c.endpoint.in_(sorted(endpoints)))
        .group_by(facet.c.case_id)
        .order_by(facet.c.case_id.desc())
        .limit(last)
    )
    return sorted(row.case_id for row in rows)


async def load_cases(
    connection: Connection, ids: Sequence[int], with_bytes: Collection[str]
) -> list[CapturedCase]:
    """These cases with all their current facets, and the raw bytes of those that
    came from the endpoints named.
    """
    columns = [facet.c[name] for name in Facet.__slots__]
    rows = await connection.execute(
        sa.select(case_record.c.hub_number, facet.c.rules, facet.c.raw_id, *columns)
        .join(case_record, case_record.c.id == facet.c.case_id)
        .where(facet.c.is_current, facet.c.case_id.in_(list(ids)))
        .order_by(facet.c.case_id, facet.c.id)
    )
    told = rows.all()
    wanted = [row.raw_id for row in told if row.endpoint in with_bytes]
    kept = {one.id: one for one in await load(connection, wanted)}
    found: dict[str, list[CapturedFacet]] = {}
    for row in told:
        values = {name: getattr(row, name) for name in Facet.__slots__}
        one = CapturedFacet(Facet(**values), row.rules, kept.get(row.raw_id))
        found.setdefault(row.hub_number, []).append(one)
    return [CapturedCase(number, tuple(mine)) for number, mine in found.items()]
