"""What is known of each source record, and how far each endpoint was pulled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.contract.messages import RawRecord, Watermark
from hub.store import bulk, copying
from hub.store.copying import array
from hub.store.database import Connection
from hub.store.raw import digest, keep, row_of
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


@dataclass(frozen=True, slots=True)
class Taken:
    """A page on disk: what has to be worked through, and how many were idle."""

    stored: list[Stored]
    idle: int


#: bytes, packed, from which a row is written by itself
_LARGE = 1_000_000

#: the kind of raw records that a newer one of their key had overtaken on its way here
OVERTAKEN = "overtaken"

_KNOWN = sa.text(
    "select s.key, s.digest, s.rules, s.raw_id, s.state"
    " from unnest(cast(:keys as text[])) as told (key) join source_record as s"
    " on s.endpoint = :endpoint and s.kind = :kind and s.key = told.key"
)

# A join with unnest, not ``= any``: that one reads a young table from end to end.
_BUSY = sa.text(
    "select told.kind, told.key, r.digest, r.id, r.fetched_at, now()"
    " from unnest(cast(:kinds as text[]), cast(:keys as text[]),"
    " cast(:digests as bytea[])) as told (kind, key, digest)"
    " left join source_record as s on s.endpoint = :endpoint"
    " and s.kind = told.kind and s.key = told.key"
    " left join lateral (select id, digest, fetched_at from raw_record"
    " where endpoint = :endpoint and kind = told.kind and key = told.key"
    " order by id desc limit 1) as r on true"
    " where s.digest is distinct from told.digest or s.rules <> :rules"
    " or s.raw_id is distinct from r.id"
)

#: (digest, raw id, fetched at) of the newest raw record of a kind and key
_Newest = dict[tuple[str, str], tuple[bytes, int, datetime]]


async def known(
    connection: Connection, endpoint: str, kind: str, keys: Sequence[str]
) -> dict[str, Source]:
    """What is known of these keys, in one statement."""
    told = {"endpoint": endpoint, "kind": kind, "keys": array(keys)}
    rows = await connection.execute(_KNOWN, told)
    return {row.key: Source(*row) for row in rows}


async def store(
    connection: Connection,
    endpoint: str,
    records: Sequence[RawRecord],
    *,
    rules: str,
    adapter_version: str,
    run_id: int,
) -> Taken:
    """Put raw records on disk, each unless its newest copy has the same bytes.

    Idle is a record whose newest copy was worked through by these very rules: its
    digest says so, and nobody takes it apart again.
    """
    told = [(record, digest(record.body)) for record in records]
    newest, now = await _busy(connection, endpoint, told, rules)
    busy = [one for one in told if (one[0].kind, one[0].key) in newest]
    ids = iter(await copying.reserve(connection, raw_record, len(busy)))
    stored: list[Stored] = []
    fresh: list[Stored] = []
    for record, mark in busy:
        place = record.kind, record.key
        if newest[place][0] != mark:
            newest[place] = mark, next(ids), now
            fresh.append(Stored(newest[place][1], record, mark, now))
        stored.append(Stored(newest[place][1], record, mark, newest[place][2]))
    rows = [
        {"id": one.raw_id}
        | row_of(endpoint, one.record, adapter_version, run_id, one.digest)
        for one in fresh
    ]
    await _write(connection, rows)
    return Taken(stored, len(records) - len(stored))


async def _write(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    """Small rows by COPY; large ones alone: COPY held each byte seven times."""
    small = [row for row in rows if len(cast("bytes", row["packed"])) <= _LARGE]
    large = [row for row in rows if len(cast("bytes", row["packed"])) > _LARGE]
    await copying.copy_rows(connection, raw_record, small)
    for row in large:
        await connection.execute(sa.insert(raw_record).values(row))


async def keep_overtaken(
    connection: Connection,
    endpoint: str,
    records: Sequence[RawRecord],
    *,
    adapter_version: str,
    run_id: int,
) -> int:
    """Put records that came too late on disk, apart from those that count.

    Their kind is ``overtaken``, so they are never the newest bytes of their key and
    nothing reads them by itself. Returns how many there were.
    """
    for record in records:
        late = replace(record, kind=OVERTAKEN)
        await keep(connection, endpoint, late, adapter_version, run_id)
    return len(records)


async def _busy(
    connection: Connection,
    endpoint: str,
    told: Sequence[tuple[RawRecord, bytes]],
    rules: str,
) -> tuple[_Newest, datetime]:
    """What is not idle, with what was there before, and the transaction's time."""
    found = await connection.execute(
        _BUSY,
        {
            "endpoint": endpoint,
            "rules": rules,
            "kinds": array(record.kind for record, _ in told),
            "keys": array(record.key for record, _ in told),
            "digests": array(mark for _, mark in told),
        },
    )
    rows = found.all()
    newest = {(row[0], row[1]): (bytes(row[2] or b""), row[3], row[4]) for row in rows}
    return newest, rows[0][5] if rows else datetime.now(UTC)


async def settle(
    connection: Connection,
    endpoint: str,
    kind: str,
    states: Sequence[tuple[Stored, str]],
    *,
    rules: str,
    known: Collection[str],
) -> None:
    """Write down what became of these records: ``mapped`` or ``set_aside``.

    ``known`` are the keys that were written down before.
    """
    rows = [
        (endpoint, kind, one.record.key, one.digest, rules, one.raw_id, state)
        for one, state in states
    ]
    new = [row for row in rows if row[2] not in known]
    old = [dict(zip(_COLUMNS, row, strict=True)) for row in rows if row[2] in known]
    await copying.copy_in(connection, source_record, _COLUMNS, new)
    await bulk.upsert(connection, source_record, ("endpoint", "kind", "key"), old)


_COLUMNS = ("endpoint", "kind", "key", "digest", "rules", "raw_id", "state")


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
