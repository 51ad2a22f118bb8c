"""Counting without showing: numbers for whoever may not see a case."""

from __future__ import annotations

import sqlalchemy as sa

from hub.records.agency import Counts, NodeCount, StageCount
from hub.records.caller import Reach, Sight
from hub.store import reads
from hub.store.database import Connection
from hub.store.tables import case_record, person, transfer

_WORKER = sa.text("select max(last_heartbeat) from procrastinate_workers")


async def counts(connection: Connection, sight: Sight) -> Counts:
    """How many cases are in each stage, transfers in each state; at one moment."""
    shown = sa.and_(
        case_record.c.merged_into.is_(None), reads.visible(sight, case_record.c.id)
    )
    stages = await connection.execute(
        sa.select(case_record.c.stage, sa.func.count().label("cases"))
        .where(shown)
        .group_by(case_record.c.stage)
        .order_by(case_record.c.stage)
    )
    by_stage = tuple(StageCount(**row._mapping) for row in stages)
    persons = await connection.execute(
        sa.select(sa.func.count(), sa.func.now())
        .select_from(person)
        .where(reads.visible(sight, person.c.case_id))
    )
    many, now = persons.one()
    nodes = await connection.execute(
        sa.select(transfer.c.node, transfer.c.state, sa.func.count().label("transfers"))
        .where(_own(sight))
        .group_by(transfer.c.node, transfer.c.state)
        .order_by(transfer.c.node, transfer.c.state)
    )
    beat = await connection.execute(_WORKER)
    return Counts(
        cases=sum(one.cases for one in by_stage),
        persons=int(many),
        stages=by_stage,
        nodes=tuple(NodeCount(**row._mapping) for row in nodes),
        at=now,
        worker_seen_at=beat.scalar_one_or_none(),
    )


def _own(sight: Sight) -> reads.Condition:
    if sight.reach is Reach.ALL:
        return sa.true()
    if sight.reach is Reach.OWN:
        return sa.or_(
            transfer.c.sender == sight.agency, transfer.c.receiver == sight.agency
        )
    return sa.false()
