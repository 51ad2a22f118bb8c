"""What systems posted to the hub, whole, before anybody takes it apart."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from hub.contract.messages import RawRecord
from hub.store import raw
from hub.store.database import Connection
from hub.store.tables import raw_record, sync_failure, sync_run

#: the kind of a raw record that is a whole post, and of a failure to take one apart
POST = "post"


@dataclass(frozen=True, slots=True)
class Post:
    """A post that is on disk: the run that works or worked it through, and how far."""

    raw_id: int
    digest: bytes
    run_id: int
    state: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A record that a run set aside, and all its faults as they are stored."""

    kind: str
    key: str
    faults: tuple[dict[str, str], ...]


async def find(connection: Connection, endpoint: str, key: str) -> Post | None:
    """The newest post of an endpoint under this key."""
    found = await connection.execute(
        sa.select(
            raw_record.c.id, raw_record.c.digest, raw_record.c.run_id, sync_run.c.state
        )
        .join(sync_run, sync_run.c.id == raw_record.c.run_id)
        .where(raw_record.c.endpoint == endpoint, raw_record.c.kind == POST)
        .where(raw_record.c.key == key)
        .order_by(raw_record.c.id.desc())
        .limit(1)
    )
    row = found.one_or_none()
    return Post(row.id, bytes(row.digest), row.run_id, row.state) if row else None


async def keep(
    connection: Connection,
    endpoint: str,
    key: str,
    body: bytes,
    media: str,
    *,
    adapter_version: str,
    run_id: int,
) -> int:
    """Put a post on disk; returns its raw id."""
    record = RawRecord(POST, key, body, media)
    return await raw.keep(connection, endpoint, record, adapter_version, run_id)


async def failed_in(connection: Connection, run_id: int) -> tuple[Failed, ...]:
    """What a run set aside and nothing has closed since, in order."""
    rows = await connection.execute(
        sa.select(sync_failure.c.kind, sync_failure.c.source_key, sync_failure.c.faults)
        .where(sync_failure.c.run_id == run_id, sync_failure.c.state == "open")
        .order_by(sync_failure.c.id)
    )
    return tuple(Failed(row.kind, row.source_key, tuple(row.faults)) for row in rows)
