"""Events: what happened to a case, in the order it was committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
import sqlalchemy as sa

from hub.store import copying
from hub.store.database import Connection
from hub.store.tables import event

CHANNEL = "hub_event"
Link = psycopg.AsyncConnection


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far a reader has come: everything at or below ``(xid, id)`` was seen."""

    xid: int
    id: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``body`` holds ids, codes and states only."""

    id: int
    xid: int
    kind: str
    case_id: int | None
    transfer_id: UUID | None
    body: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be announced of a case. ``body``: ids, codes and paths only."""

    kind: str
    case_id: int | None
    body: Mapping[str, object]


async def announce_all(connection: Connection, found: Sequence[Happening]) -> None:
    """Write several events at once and wake whoever listens."""
    if not found:
        return
    rows = [(one.kind, one.case_id, one.body) for one in found]
    await copying.copy_in(connection, event, ("kind", "case_id", "body"), rows)
    await notify(connection)


async def announce(
    connection: Connection,
    kind: str,
    *,
    case_id: int | None = None,
    transfer_id: UUID | None = None,
    body: Mapping[str, object] | None = None,
) -> None:
    """Write an event and wake whoever listens; both happen at commit."""
    values = {
        "kind": kind,
        "case_id": case_id,
        "transfer_id": transfer_id,
        "body": dict(body or {}),
    }
    await connection.execute(sa.insert(event).values(values))
    await notify(connection)


async def notify(connection: Connection) -> None:
    """Wake the listeners at commit; they read the table, the message says nothing."""
    await connection.execute(sa.text(f"select pg_notify('{CHANNEL}', '')"))


async def horizon(connection: Connection) -> Horizon:
    """The place from which a new reader starts: now."""
    row = (
        await connection.execute(
            sa.select(event.c.xid, event.c.id)
            .where(event.c.xid < _settled())
            .order_by(event.c.xid.desc(), event.c.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return Horizon(row.xid, row.id) if row else Horizon(0, 0)


async def after(
    connection: Connection, seen: Horizon, limit: int = 200
) -> Sequence[Event]:
    """What came after the horizon and is settled.

    Going by id alone loses rows whose transaction commits late; a row is settled
    once no older transaction is still open.
    """
    rows = await connection.execute(
        sa.select(event)
        .where(sa.tuple_(event.c.xid, event.c.id) > sa.tuple_(seen.xid, seen.id))
        .where(event.c.xid < _settled())
        .order_by(event.c.xid, event.c.id)
        .limit(limit)
    )
    return [
        Event(row.id, row.xid, row.kind, row.case_id, row.transfer_id, row.body, row.at)
        for row in rows
    ]


async def woken(link: Link, seconds: float) -> None:
    """Wait for the next NOTIFY, at most this long; it may also be lost."""
    async for _ in link.notifies(timeout=seconds, stop_after=1):
        return


def _settled() -> sa.TextClause:
    return sa.text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
