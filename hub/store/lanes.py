"""Lanes: taking one over, claiming what is due in it, and giving claims back.

A lane (通道) is a receiving endpoint and a slot, ``endpoint#slot``. Whoever drains
it holds a fencing token: a number that grows with every take-over, so that a
worker which was frozen and wakes up late can no longer write anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.contract.messages import Parcel
from hub.store.database import Connection
from hub.store.tables import lane as lane_table

#: At its turn in its case: an older hand-over of the same case to the same
#: endpoint that waits or is dead keeps the younger ones back, and only those.
_TURN = """
t.next_attempt_at <= now() and not exists (
  select 1 from transfer e
  where e.case_id = t.case_id and e.endpoint = t.endpoint
    and e.state in ('QUEUED','SENDING','DELIVERED','DEAD')
    and (e.submitted_at, e.id) < (t.submitted_at, t.id))
"""

#: The states are literals: with parameters the partial index would not be used.
_CLAIM = sa.text(f"""
with mine as (
  select name from lane where name = :lane and fence = :fence for share
), due as (
  select t.id, t.state as was, t.attempts as tried from transfer t
  where exists (select 1 from mine) and t.lane = :lane
    and t.state in ('QUEUED','DELIVERED') and {_TURN}
  order by t.next_attempt_at, t.id limit :most
  for update of t skip locked
), claimed as (
  update transfer t set state = 'SENDING', fence = :fence,
    attempts = t.attempts + case when due.was = 'DELIVERED' then 0 else 1 end
  from due where t.id = due.id
  returning t.*, due.was, due.tried
)
select c.id, c.case_id, c.endpoint, c.was, c.tried, c.enquiries, c.node, c.sender,
  c.receiver, c.idempotency_key, c.submitted_at, p.message_id, p.numbers, p.body
from claimed c join parcel p on p.transfer_id = c.id
order by c.next_attempt_at, c.id
""")  # noqa: S608 - made of constants

#: Counted as a send, so that whoever claims it next knows that it is in doubt.
_SET_BACK = sa.text("""
update transfer set state = 'QUEUED', next_attempt_at = now()
where lane = :lane and state = 'SENDING' and fence < :fence
""")

_RELEASE = sa.text("""
update transfer set state = r.was, attempts = r.tried,
  next_attempt_at = now() + make_interval(secs => :wait),
  error_code = coalesce(:error, error_code)
from unnest(cast(:ids as uuid[]), cast(:states as text[]), cast(:tried as int[]))
  as r(id, was, tried)
where transfer.id = r.id and transfer.fence = :fence and transfer.state = 'SENDING'
""")

_POSTPONE = sa.text("""
update transfer set error_code = coalesce(error_code, :error),
  next_attempt_at = now() + make_interval(secs => :wait)
where lane = :lane and state in ('QUEUED','DELIVERED')
  and next_attempt_at < now() + make_interval(secs => :wait)
""")

_NEXT = sa.text("""
select min(next_attempt_at) from transfer
where lane = :lane and state in ('QUEUED','DELIVERED') and next_attempt_at > now()
""")

_UNWOKEN = sa.text(f"""
select distinct t.lane from transfer t
where t.state in ('QUEUED','SENDING','DELIVERED') and {_TURN} and not exists (
  select 1 from procrastinate_jobs j
  where j.queueing_lock = t.lane and j.status in ('todo','doing'))
order by t.lane
""")  # noqa: S608 - made of constants

_HURRY = sa.text("""
with waiting as (
  update transfer set next_attempt_at = now()
  where endpoint = :endpoint and next_attempt_at > now()
    and (state = 'QUEUED' and error_code is not null)
  returning lane
)
select distinct lane from waiting union
select distinct lane from transfer
where endpoint = :endpoint and state = 'QUEUED' and next_attempt_at <= now()
order by 1
""")


@dataclass(frozen=True, slots=True)
class Claim:
    """A parcel that this drain may send now, and how it stood before.

    ``was`` is the state it was claimed in; ``tried`` counts the earlier sends that
    the receiver may have seen.
    """

    transfer_id: UUID
    case_id: int
    endpoint: str
    was: str
    tried: int
    enquiries: int
    parcel: Parcel

    @property
    def is_doubtful(self) -> bool:
        """May the receiver know this parcel already, without our knowing it?"""
        return self.tried > 0


def lane_of(endpoint: str, case_id: int, slots: int) -> str:
    """The lane a case's parcels to an endpoint go through; always the same one."""
    spread = hashlib.sha256(str(case_id).encode()).digest()
    return f"{endpoint}#{int.from_bytes(spread[:4]) % slots}"


def endpoint_of(lane: str) -> str:
    """The endpoint a lane leads to."""
    return lane.rpartition("#")[0]


async def take(connection: Connection, lane: str) -> int:
    """Take a lane over; returns the fencing token, higher than any before.

    What a crashed drain left as being sent is set back: its outcome is unknown.
    """
    statement = insert(lane_table).values(name=lane, fence=1)
    statement = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={"fence": lane_table.c.fence + 1, "taken_at": sa.func.now()},
    )
    found = await connection.execute(statement.returning(lane_table.c.fence))
    fence = int(found.scalar_one())
    await connection.execute(_SET_BACK, {"lane": lane, "fence": fence})
    return fence


async def is_held(connection: Connection, lane: str, fence: int) -> bool:
    """Is the lane still ours? If so, nobody takes it before this commits."""
    found = await connection.execute(
        sa.select(lane_table.c.name)
        .where(lane_table.c.name == lane, lane_table.c.fence == fence)
        .with_for_update(read=True)
    )
    return found.scalar_one_or_none() is not None


async def claim(
    connection: Connection, lane: str, fence: int, most: int
) -> list[Claim]:
    """Mark up to ``most`` due parcels as being sent, at most one a case.

    Empty when nothing is due, or when somebody else has taken the lane over.
    """
    rows = await connection.execute(
        _CLAIM, {"lane": lane, "fence": fence, "most": most}
    )
    return [_claim(row) for row in rows]


async def release(
    connection: Connection,
    fence: int,
    claims: Sequence[Claim],
    *,
    wait: float = 0.0,
    error: str | None = None,
) -> None:
    """Give back claims that were not sent, as they were; due after ``wait`` seconds."""
    if not claims:
        return
    values = {
        "ids": [one.transfer_id for one in claims],
        "states": [one.was for one in claims],
        "tried": [one.tried for one in claims],
        "fence": fence,
        "wait": wait,
        "error": error,
    }
    await connection.execute(_RELEASE, values)


async def postpone(connection: Connection, lane: str, wait: float, error: str) -> None:
    """Put everything due in the lane off by ``wait`` seconds: the far side is down."""
    await connection.execute(_POSTPONE, {"lane": lane, "wait": wait, "error": error})


async def next_due(connection: Connection, lane: str) -> datetime | None:
    """When the lane has something to do again."""
    found = await connection.execute(_NEXT, {"lane": lane})
    at: datetime | None = found.scalar_one()
    return at


async def unwoken(connection: Connection) -> list[str]:
    """Lanes with due work and no job that would see to it, sorted."""
    return [str(row.lane) for row in await connection.execute(_UNWOKEN)]


async def hurry(connection: Connection, endpoint: str) -> list[str]:
    """The endpoint is back: what waited for it is due now. Returns its lanes."""
    rows = await connection.execute(_HURRY, {"endpoint": endpoint})
    return [str(row.lane) for row in rows]


def _claim(row: sa.Row[tuple[object, ...]]) -> Claim:
    parcel = Parcel(
        key=row.idempotency_key,
        message_id=row.message_id,
        node=row.node,
        sender=row.sender,
        receiver=row.receiver,
        numbers=row.numbers,
        body=row.body,
        submitted_at=row.submitted_at,
    )
    return Claim(
        row.id, row.case_id, row.endpoint, row.was, row.tried, row.enquiries, parcel
    )
