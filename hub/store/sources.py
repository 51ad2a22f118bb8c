"""What is known of each source record, and how far each endpoint was pulled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from hub.contract.messages import RawRecord, Watermark
from hub.store import bulk
from hub.store.database import Connection
from hub.store.raw import digest, row_of
from hub.store.tables import raw_record, source_record, watermark


@dataclass(frozen=True, slots=True)
class Source:
    """The newest raw record of one source key that was worked through."""

    key: str
    digest: bytes
    rules: str
    raw_id: int
    state: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A raw record that is on disk: its id, and whether it was there before."""

    raw_id: int
    record: RawRecord
    digest: bytes
    fetched_at: datetime


async def known(
    connection: Connection, endpoint: str, kind: str, keys: Sequence[str]
) -> dict[str, Source]:
    """What is known of these keys, in one statement."""
    wanted = sa.select(
        source_record.c.key,
        source_record.c.digest,
        source_record.c.rules,
        source_record.c.raw_id,
        source_record.c.state,
    ).where(
        source_record.c.endpoint == endpoint,
        source_record.c.kind == kind,
        source_record.c.key.in_(list(keys)),
    )
    rows = await connection.execute(wanted)
    return {row.key: Source(*row) for row in rows}


async def store(
    connection: Connection,
    endpoint: str,
    records: Sequence[RawRecord],
    adapter_version: str,
    run_id: int,
) -> list[Stored]:
    """Put raw records on disk, each unless its newest copy has the same bytes."""
    newest = await _newest(connection, endpoint, records)
    fresh = [
        record
        for record in records
        if newest.get((record.kind, record.key), (b"",))[0] != digest(record.body)
    ]
    if fresh:
        rows = [row_of(endpoint, record, adapter_version, run_id) for record in fresh]
        made = await connection.execute(
            sa.insert(raw_record).returning(
                raw_record.c.id,
                raw_record.c.kind,
                raw_record.c.key,
                raw_record.c.digest,
                raw_record.c.fetched_at,
                sort_by_parameter_order=True,
            ),
            rows,
        )
        for row in made:
            newest[row.kind, row.key] = (row.digest, row.id, row.fetched_at)
    return [_stored(record, newest[record.kind, record.key]) for record in records]


def _stored(record: RawRecord, row: tuple[bytes, int, datetime]) -> Stored:
    return Stored(row[1], record, bytes(row[0]), row[2])


async def _newest(
    connection: Connection, endpoint: str, records: Sequence[RawRecord]
) -> dict[tuple[str, str], tuple[bytes, int, datetime]]:
    rows = await connection.execute(
        sa.select(
            raw_record.c.kind,
            raw_record.c.key,
            raw_record.c.digest,
            raw_record.c.id,
            raw_record.c.fetched_at,
        )
        .ext(distinct_on(raw_record.c.kind, raw_record.c.key))
        .where(raw_record.c.endpoint == endpoint)
        .where(raw_record.c.kind.in_({record.kind for record in records}))
        .where(raw_record.c.key.in_([record.key for record in records]))
        .order_by(raw_record.c.kind, raw_record.c.key, raw_record.c.id.desc())
    )
    return {(row[0], row[1]): (bytes(row[2]), row[3], row[4]) for row in rows}


async def settle(
    connection: Connection,
    endpoint: str,
    kind: str,
    rules: str,
    states: Sequence[tuple[Stored, str]],
) -> None:
    """Write down what became of these records: ``mapped`` or ``set_aside``."""
    if not states:
        return
    rows = [
        {
            "endpoint": endpoint,
            "kind": kind,
            "key": stored.record.key,
            "digest": stored.digest,
            "rules": rules,
            "raw_id": stored.raw_id,
            "state": state,
        }
        for stored, state in states
    ]
    await bulk.upsert(connection, source_record, ("endpoint", "kind", "key"), rows)


async def watermark_of(connection: Connection, endpoint: str) -> Watermark:
    """How far the endpoint was pulled; empty at first."""
    found = await connection.execute(
        sa.select(watermark.c.value).where(watermark.c.endpoint == endpoint)
    )
    return Watermark(found.scalar_one_or_none() or {})


async def move_watermark(
    connection: Connection, endpoint: str, before: Watermark, after: Watermark
) -> bool:
    """Move it, unless another run moved it meanwhile; says whether it moved."""
    value: Mapping[str, object] = dict(after.value)
    statement = insert(watermark).values(endpoint=endpoint, value=value)
    moved = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["endpoint"],
            set_={"value": value, "moved_at": sa.func.now()},
            where=watermark.c.value
            == sa.cast(dict(before.value), watermark.c.value.type),
        ).returning(watermark.c.endpoint)
    )
    return moved.scalar_one_or_none() is not None
