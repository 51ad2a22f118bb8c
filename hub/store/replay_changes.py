"""What a replay changed: source records, values of cases, hand-overs that carried them.

``before`` is read by a connection of its own: what is not committed yet is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from hub.contract.messages import Record, Tree
from hub.store import bulk
from hub.store.database import Connection
from hub.store.tables import case_record, facet, parcel, transfer
from hub.store.tables_replay import replay_change, replay_item, replay_transfer


@dataclass(frozen=True, slots=True)
class NewItem:
    """A source record that came out otherwise than before."""

    endpoint: str
    kind: str
    source_key: str
    raw_id: int
    outcome: str
    facet_before: int | None
    facet_after: int | None
    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewChange:
    """A value that a case shows otherwise from now on."""

    case_id: int
    read_as: Sequence[int]
    place: str
    path: str
    before: Tree
    after: Tree
    rules_before: str
    rules_after: str
    wrong_since: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """A facet of a source key, as it was."""

    id: int
    source_key: str
    body: Record
    rules: str
    mapped_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A hand-over and the words of its parcel."""

    id: UUID
    case_id: int
    node: str
    sender: str
    receiver: str
    endpoint: str
    business_key: str
    submitted_at: datetime
    body: Record


async def keep_items(
    connection: Connection, job_id: int, items: Sequence[NewItem]
) -> None:
    """Write down which source records came out otherwise."""
    rows = [
        {"job_id": job_id}
        | {name: getattr(one, name) for name in NewItem.__slots__ if name != "paths"}
        | {"paths": list(one.paths)}
        for one in items
    ]
    if rows:
        await connection.execute(sa.insert(replay_item), rows)


async def keep_changes(
    connection: Connection, job_id: int, changes: Sequence[NewChange]
) -> list[int]:
    """Write down which values are others now; their ids in the same order."""
    rows = [
        {"job_id": job_id}
        | {name: getattr(one, name) for name in NewChange.__slots__}
        | {"read_as": list(one.read_as)}
        for one in changes
    ]
    made = await connection.execute(
        sa.insert(replay_change).returning(
            replay_change.c.id, sort_by_parameter_order=True
        ),
        rows,
    )
    return [int(row.id) for row in made]


async def keep_transfers(
    connection: Connection, carried: Sequence[tuple[int, UUID]]
) -> None:
    """Write down which hand-overs carried which value of before."""
    rows = [{"change_id": change, "transfer_id": str(key)} for change, key in carried]
    await bulk.insert(connection, replay_transfer, rows)


async def settle(connection: Connection) -> None:
    """What is there is committed: a read that begins now sees the new values.

    Whoever calls it may settle the pages of others, too; what is not committed yet
    is not to be seen.
    """
    await connection.execute(
        sa.update(replay_change)
        .where(replay_change.c.settled_at.is_(None))
        .values(settled_at=sa.func.clock_timestamp())
    )


async def merged(
    connection: Connection, case_ids: Sequence[int]
) -> dict[int, list[int]]:
    """Case -> the cases that were merged into it."""
    rows = await connection.execute(
        sa.select(case_record.c.merged_into, case_record.c.id)
        .where(case_record.c.merged_into.in_(list(case_ids)))
        .order_by(case_record.c.id)
    )
    found: dict[int, list[int]] = {case_id: [] for case_id in case_ids}
    for home, lost in rows:
        found[home].append(lost)
    return found


async def facets_past(
    connection: Connection, endpoint: str, keys: Sequence[str]
) -> dict[str, list[Past]]:
    """Every facet these source keys ever had, newest first."""
    columns = [facet.c[name] for name in Past.__slots__]
    wanted = sa.select(*columns).where(
        facet.c.endpoint == endpoint, facet.c.source_key.in_(list(keys))
    )
    # apart, because each half has an index and the whole has none
    parts = (facet.c.is_current, ~facet.c.is_current)
    found: dict[str, list[Past]] = {key: [] for key in keys}
    rows = await connection.execute(
        sa.union_all(*(wanted.where(part) for part in parts)).order_by(sa.desc("id"))
    )
    for row in rows:
        found[row.source_key].append(Past(*row))
    return found


async def sent(
    connection: Connection, case_ids: Sequence[int]
) -> Mapping[int, list[Sent]]:
    """The hand-overs of these cases that were not taken back, oldest first."""
    columns = [transfer.c[name] for name in Sent.__slots__ if name != "body"]
    rows = await connection.execute(
        sa.select(*columns, parcel.c.body)
        .join(parcel, parcel.c.transfer_id == transfer.c.id)
        .where(transfer.c.case_id.in_(list(case_ids)))
        .where(transfer.c.state != "CANCELLED")
        .order_by(transfer.c.submitted_at, transfer.c.id)
    )
    found: dict[int, list[Sent]] = {case_id: [] for case_id in case_ids}
    for row in rows:
        found[row.case_id].append(Sent(**row._mapping))
    return found
