"""Corrections: what each caller is told of each case, once, and that it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.records.caller import Reach, Sight
from hub.records.page import Ask, Found
from hub.records.replay import Correction, ValueChange
from hub.store import reads
from hub.store.database import Connection
from hub.store.events import Happening, announce_all
from hub.store.tables import case_record
from hub.store.tables_replay import (
    correction,
    correction_change,
    replay_change,
    replay_job,
    replay_transfer,
)

#: where a case is now
_HOME = sa.func.coalesce(case_record.c.merged_into, case_record.c.id)


@dataclass(slots=True)
class Notice:
    """What one caller is to be told about one case."""

    job_id: int
    case_id: int
    caller: str
    changes: set[int] = field(default_factory=set)
    read_at: datetime | None = None
    was_received: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A change as far as finding its readers needs it."""

    id: int
    job_id: int
    case_id: int
    read_as: Sequence[int]
    path: str
    wrong_since: datetime


async def changed(connection: Connection, ids: Sequence[int]) -> list[Changed]:
    """These changes."""
    columns = [replay_change.c[name] for name in Changed.__slots__]
    rows = await connection.execute(
        sa.select(*columns).where(replay_change.c.id.in_(list(ids)))
    )
    return [Changed(*row) for row in rows]


async def issue(connection: Connection, notices: Sequence[Notice]) -> int:
    """Write the notices; one caller has one of a case and job, however many pages.

    Returns how many are new. One that says more than before is open again, and those
    who follow are woken; one that says nothing new is left alone.
    """
    made = 0
    news = []
    for one in sorted(notices, key=lambda told: (told.case_id, told.caller)):
        key, is_new = await _put(connection, one)
        made += is_new
        if await _add(connection, key, one.changes):
            body = {"correction": key, "caller": one.caller}
            news.append(Happening("correction.issued", None, body))
    await announce_all(connection, news)
    return made


async def _add(connection: Connection, key: int, changes: set[int]) -> bool:
    """Add what it does not tell yet; says whether there was any."""
    rows = [{"correction_id": key, "change_id": change} for change in sorted(changes)]
    added = await connection.execute(
        insert(correction_change)
        .on_conflict_do_nothing()
        .returning(correction_change.c.change_id),
        rows,
    )
    if not added.all():
        return False
    again = sa.update(correction).where(correction.c.id == key)
    await connection.execute(again.values(acknowledged_at=None))
    return True


async def _put(connection: Connection, one: Notice) -> tuple[int, bool]:
    statement = insert(correction).values(
        job_id=one.job_id,
        case_id=one.case_id,
        caller=one.caller,
        was_read=one.read_at is not None,
        was_received=one.was_received,
        read_at=one.read_at,
    )
    new = statement.excluded
    told = statement.on_conflict_do_update(
        index_elements=["job_id", "case_id", "caller"],
        set_={
            "was_read": sa.or_(correction.c.was_read, new.was_read),
            "was_received": sa.or_(correction.c.was_received, new.was_received),
            "read_at": sa.func.greatest(correction.c.read_at, new.read_at),
        },
    )
    row = (
        await connection.execute(
            told.returning(
                correction.c.id, sa.literal_column("xmax = 0").label("is_new")
            )
        )
    ).one()
    return row.id, row.is_new


async def acknowledge(connection: Connection, caller: str, key: int) -> bool:
    """The caller knows; says whether there is such a notice of its own."""
    found = await connection.execute(
        sa.update(correction)
        .where(correction.c.id == key, correction.c.caller == caller)
        .values(
            acknowledged_at=sa.func.coalesce(
                correction.c.acknowledged_at, sa.func.clock_timestamp()
            )
        )
        .returning(correction.c.id)
    )
    return found.scalar_one_or_none() is not None


def _own(sight: Sight, *, acknowledged: bool | None = None) -> sa.Select[Any]:
    """The caller's own notices; a case it may not see any longer tells no values.

    One of a case that was merged meanwhile is of the case it went into.
    """
    names = [
        "id",
        "job_id",
        "caller",
        "was_read",
        "was_received",
        "read_at",
        "issued_at",
        "acknowledged_at",
    ]
    wanted = (
        sa.select(
            *(correction.c[name] for name in names),
            _HOME.label("case_id"),
            replay_job.c.reason,
        )
        .join(replay_job, replay_job.c.id == correction.c.job_id)
        .join(case_record, case_record.c.id == correction.c.case_id)
    )
    if sight.reach is not Reach.OWN:
        return wanted.where(sa.false())
    wanted = wanted.where(correction.c.caller == sight.agency)
    if acknowledged is None:
        return wanted
    is_known = correction.c.acknowledged_at.is_not(None)
    return wanted.where(is_known if acknowledged else ~is_known)


async def page(
    connection: Connection, sight: Sight, ask: Ask, *, acknowledged: bool | None
) -> Found[Correction]:
    """One page of the caller's own notices."""
    statement = _own(sight, acknowledged=acknowledged)
    sort = reads.Sort(correction.c.id)
    found = await reads.page(connection, Correction, statement, sort, ask)
    rows = await _whole(connection, sight, found.rows)
    return Found(rows, found.has_next, found.place)


async def total(
    connection: Connection, sight: Sight, *, acknowledged: bool | None
) -> int:
    """How many there are."""
    return await reads.total(connection, _own(sight, acknowledged=acknowledged))


async def by_id(connection: Connection, sight: Sight, key: int) -> Correction | None:
    """One of the caller's own notices."""
    rows = await connection.execute(_own(sight).where(correction.c.id == key))
    found = tuple(reads.record(Correction, row) for row in rows)
    whole = await _whole(connection, sight, found)
    return whole[0] if whole else None


async def _whole(
    connection: Connection, sight: Sight, found: Sequence[Correction]
) -> tuple[Correction, ...]:
    """The notices with their values and hand-overs, by two statements."""
    keys = [one.id for one in found]
    changes = await _changes(connection, sight, keys)
    transfers = await _transfers(connection, keys)
    return tuple(
        _filled(one, changes.get(one.id, ()), transfers.get(one.id, ()))
        for one in found
    )


def _filled(
    one: Correction, changes: Sequence[ValueChange], transfers: Sequence[UUID]
) -> Correction:
    values = {name: getattr(one, name) for name in one.__slots__}
    return Correction(
        **{**values, "changes": tuple(changes), "transfers": tuple(transfers)}
    )


async def _changes(
    connection: Connection, sight: Sight, keys: Sequence[int]
) -> dict[int, list[ValueChange]]:
    told = replay_change.c
    rows = await connection.execute(
        sa.select(
            correction_change.c.correction_id,
            told.path,
            told.place,
            told.before,
            told.after,
            told.wrong_since,
            told.rules_before,
            told.rules_after,
        )
        .join(correction_change, correction_change.c.change_id == told.id)
        .join(case_record, case_record.c.id == told.case_id)
        .where(correction_change.c.correction_id.in_(list(keys)))
        .where(reads.visible(sight, _HOME))
        .order_by(told.id)
    )
    found: dict[int, list[ValueChange]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(ValueChange(*row[1:]))
    return found


async def _transfers(
    connection: Connection, keys: Sequence[int]
) -> dict[int, list[UUID]]:
    rows = await connection.execute(
        sa.select(correction_change.c.correction_id, replay_transfer.c.transfer_id)
        .join(
            replay_transfer,
            replay_transfer.c.change_id == correction_change.c.change_id,
        )
        .where(correction_change.c.correction_id.in_(list(keys)))
        .distinct()
        .order_by(replay_transfer.c.transfer_id)
    )
    found: dict[int, list[UUID]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1])
    return found
