"""Raw records: bytes as they arrived, kept before anyone interprets them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import zstandard

from hub.contract.messages import RawRecord
from hub.store.database import Connection
from hub.store.tables import raw_record

_PACKER = zstandard.ZstdCompressor(level=3)


@dataclass(frozen=True, slots=True)
class Kept:
    """A raw record that is stored, and where it came from."""

    id: int
    endpoint: str
    record: RawRecord
    fetched_at: datetime
    adapter_version: str


def digest(body: bytes) -> bytes:
    """SHA-256 of the bytes."""
    return hashlib.sha256(body).digest()


async def keep(
    connection: Connection,
    endpoint: str,
    record: RawRecord,
    adapter_version: str,
    run_id: int | None = None,
) -> int:
    """Store one raw record; returns its id. Never overwrites anything."""
    row = row_of(endpoint, record, adapter_version, run_id)
    statement = sa.insert(raw_record).values(row).returning(raw_record.c.id)
    return int((await connection.execute(statement)).scalar_one())


def row_of(
    endpoint: str,
    record: RawRecord,
    adapter_version: str,
    run_id: int | None,
    mark: bytes = b"",
) -> dict[str, object]:
    """The table row of a raw record, its bytes packed by zstd.

    ``mark`` is the digest of its bytes where that is known already.
    """
    return {
        "endpoint": endpoint,
        "kind": record.kind,
        "key": record.key,
        "digest": mark or digest(record.body),
        "media": record.media,
        "modified": record.modified,
        "packed": _PACKER.compress(record.body),
        "size": len(record.body),
        "adapter_version": adapter_version,
        "run_id": run_id,
    }


async def load(connection: Connection, raw_id: int) -> Kept | None:
    """One raw record with its bytes, or nothing."""
    found = await load_all(connection, [raw_id])
    return found[0] if found else None


async def load_all(connection: Connection, ids: Sequence[int]) -> list[Kept]:
    """These raw records with their bytes, by id."""
    rows = await connection.execute(
        sa.select(raw_record)
        .where(raw_record.c.id.in_(list(ids)))
        .order_by(raw_record.c.id)
    )
    return [_kept(row) for row in rows]


def _kept(row: sa.Row[Any]) -> Kept:
    body = zstandard.decompress(row.packed, max_output_size=row.size or 1)
    record = RawRecord(row.kind, row.key, body, row.media, row.modified)
    return Kept(row.id, row.endpoint, record, row.fetched_at, row.adapter_version)
