"""Raw records as they were captured, page by page, for those who read them again."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
import zstandard

from hub.contract.messages import RawRecord
from hub.store.database import Connection
from hub.store.raw import Kept
from hub.store.tables import raw_record


async def newest(
    connection: Connection, endpoints: Sequence[str], kinds: Sequence[str], last: int
) -> list[int]:
    """The ids of the last so many raw records of these endpoints, oldest first."""
    rows = await connection.execute(
        _of(endpoints, kinds).order_by(raw_record.c.id.desc()).limit(last)
    )
    return sorted(row.id for row in rows)


async def since(
    connection: Connection,
    endpoints: Sequence[str],
    kinds: Sequence[str],
    after: int,
    many: int,
) -> list[int]:
    """The ids of the next raw records behind ``after``, oldest first."""
    rows = await connection.execute(
        _of(endpoints, kinds)
        .where(raw_record.c.id > after)
        .order_by(raw_record.c.id)
        .limit(many)
    )
    return [row.id for row in rows]


def _of(endpoints: Sequence[str], kinds: Sequence[str]) -> sa.Select[tuple[int]]:
    return sa.select(raw_record.c.id).where(
        raw_record.c.endpoint.in_(list(endpoints)), raw_record.c.kind.in_(list(kinds))
    )


async def load(connection: Connection, ids: Sequence[int]) -> list[Kept]:
    """These raw records with their bytes, by id."""
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
