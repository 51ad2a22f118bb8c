"""Raw records: bytes as they arrived, kept before anyone interprets them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

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
    found = (
        await connection.execute(sa.select(raw_record).where(raw_record.c.id == raw_id))
    ).one_or_none()
    if found is None:
        return None
    body = zstandard.decompress(found.packed, max_output_size=found.size or 1)
    record = RawRecord(found.kind, found.key, body, found.media, found.modified)
    return Kept(
        found.id, found.endpoint, record, found.fetched_at, found.adapter_version
    )
