"""The read log: who was shown which fields of which case, before the answer left.

One statement an operation. Fields are canonical paths without indexes, and the same
set of them stands once (``read_shape``); no value and no person is in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from hub.store.database import Connection
from hub.store.tables_replay import read_log, read_shape

#: How much later the transaction may begin than ``elapsed`` was measured, in seconds:
#: the two clocks are read apart. A reader told once too often can check; one who is
#: not told cannot.
_MARGIN = 1.0

#: The changes that were committed while the operation was under way: it may have
#: read the values of before, and the replay could not see it in the log yet.
_WRITE = sa.text("""
with seen as (
  select s.case_id, s.shape_id from
    unnest(:cases, :shapes) as s(case_id, shape_id)
), put as (
  insert into read_log (caller, case_id, version, shape_id, began_at, at)
  select :caller, seen.case_id, coalesce(c.version, 0), seen.shape_id,
    now() - make_interval(secs => :elapsed), clock_timestamp()
  from seen left join case_record c on c.id = seen.case_id
)
select r.id from replay_change r
where (r.settled_at is null
       or r.settled_at >= now() - make_interval(secs => :elapsed + :margin))
  and r.read_as && (select array_agg(case_id) from seen)
order by r.id
""").bindparams(
    sa.bindparam("cases", type_=ARRAY(sa.BigInteger)),
    sa.bindparam("shapes", type_=ARRAY(sa.Integer)),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """That a caller read these paths of this case, the last time at ``at``."""

    caller: str
    case_id: int
    paths: frozenset[str]
    at: datetime


async def shape_ids(
    connection: Connection, shapes: Sequence[tuple[str, ...]]
) -> dict[tuple[str, ...], int]:
    """The numbers of these sets of paths; new ones are added."""
    digests = {digest(one): one for one in shapes}
    rows = [{"digest": key, "paths": list(one)} for key, one in digests.items()]
    await connection.execute(insert(read_shape).on_conflict_do_nothing(), rows)
    found = await connection.execute(
        sa.select(read_shape.c.digest, read_shape.c.id).where(
            read_shape.c.digest.in_(list(digests))
        )
    )
    return {digests[row.digest]: row.id for row in found}


def digest(shape: tuple[str, ...]) -> str:
    """What identifies a set of paths."""
    return hashlib.sha256("\n".join(shape).encode()).hexdigest()[:32]


async def write(
    connection: Connection, caller: str, seen: Sequence[tuple[int, int]], elapsed: float
) -> list[int]:
    """Write (case, shape) pairs of one operation that began ``elapsed`` seconds ago.

    Returns the changes by replays that it may have overlapped, nearly always none.
    """
    values = {
        "caller": caller,
        "cases": [case_id for case_id, _ in seen],
        "shapes": [shape_id for _, shape_id in seen],
        "elapsed": elapsed,
        "margin": _MARGIN,
    }
    return [int(row.id) for row in await connection.execute(_WRITE, values)]


async def close_door(connection: Connection) -> None:
    """Hold back what is about to be written until this transaction commits.

    Whoever wrote before is visible from here on; whoever writes afterwards sees what
    this transaction changes. So no reader falls between the two.
    """
    await connection.execute(sa.text("lock table read_log in share mode"))


async def readings(
    connection: Connection, case_ids: Sequence[int], since: datetime
) -> list[Reading]:
    """Who read anything of these cases since then, by caller, case and shape."""
    rows = (
        await connection.execute(
            sa.select(
                read_log.c.caller,
                read_log.c.case_id,
                read_log.c.shape_id,
                sa.func.max(read_log.c.at).label("at"),
            )
            .where(read_log.c.case_id.in_(list(case_ids)), read_log.c.at >= since)
            .group_by(read_log.c.caller, read_log.c.case_id, read_log.c.shape_id)
        )
    ).all()
    paths = await _paths(connection, {row.shape_id for row in rows})
    return [Reading(one[0], one[1], paths[one[2]], one[3]) for one in rows]


async def _paths(
    connection: Connection, shapes: set[int]
) -> Mapping[int, frozenset[str]]:
    found = await connection.execute(
        sa.select(read_shape.c.id, read_shape.c.paths).where(
            read_shape.c.id.in_(shapes)
        )
    )
    return {row.id: frozenset(row.paths) for row in found}
