"""The loss ledger: which raw leaves no canonical value tells, record by record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from hub.records.sync import Loss, LossFilter
from hub.store.database import Connection
from hub.store.tables_loss import loss

#: places of one kind: ``AJ/RY[0]/XB`` and ``AJ/RY[7]/XB`` are both ``AJ/RY[]/XB``
_INDEX = r"\[\d+\]"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: a raw place, what wanted it, and why it was not read."""

    raw_id: int
    place: str
    wanted: str
    reason: str
    leaves: int


async def keep(
    connection: Connection,
    endpoint: str,
    run_id: int,
    entries: Sequence[Entry],
    again: Collection[int],
) -> None:
    """Write the entries of a page; ``again`` are raw records that were read before."""
    if again:
        await connection.execute(sa.delete(loss).where(loss.c.raw_id.in_(list(again))))
    rows = [
        {"endpoint": endpoint, "run_id": run_id}
        | {name: getattr(one, name) for name in Entry.__slots__}
        for one in entries
    ]
    # not every column is in the rows: the key and the time are the database's
    if rows:
        await connection.execute(sa.insert(loss), rows)


async def grouped(connection: Connection, wanted: LossFilter) -> list[Loss]:
    """What is lost, by endpoint, place and reason; most records first."""
    place = sa.func.regexp_replace(loss.c.place, _INDEX, "[]", "g").label("place")
    field = sa.func.regexp_replace(loss.c.wanted, _INDEX, "[]", "g").label("wanted")
    records = sa.func.count(loss.c.raw_id.distinct()).label("records")
    statement = (
        sa.select(
            loss.c.endpoint,
            place,
            field,
            loss.c.reason,
            records,
            sa.func.sum(loss.c.leaves).label("leaves"),
            sa.func.min(loss.c.at).label("first_at"),
            sa.func.max(loss.c.at).label("last_at"),
        )
        .group_by(loss.c.endpoint, place, field, loss.c.reason)
        .order_by(records.desc(), loss.c.endpoint, place, field)
    )
    for name in ("endpoint", "reason"):
        if (told := getattr(wanted, name)) is not None:
            statement = statement.where(loss.c[name] == told)
    rows = await connection.execute(statement)
    return [Loss(*row) for row in rows]
