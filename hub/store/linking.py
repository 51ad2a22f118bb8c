"""Locks and merges: two agencies must not open, or write, one case twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.store.copying import array
from hub.store.database import Connection
from hub.store.tables import (
    case_agency,
    case_number,
    case_record,
    charge,
    document,
    facet,
    measure,
    person,
    sentence,
    transfer,
)

_LOCK_NUMBERS = sa.text(
    "select pg_advisory_xact_lock(k) from ("
    " select distinct hashtextextended(n, 0) as k from"
    " unnest(cast(:numbers as text[])) as n order by 1) as sorted"
)


async def lock_numbers(
    connection: Connection, told: Iterable[Mapping[str, str]]
) -> None:
    """Hold these case numbers until commit; in one order, so nobody deadlocks."""
    numbers = sorted(
        {f"{scheme}:{value}" for one in told for scheme, value in one.items()}
    )
    await connection.execute(_LOCK_NUMBERS, {"numbers": array(numbers)})


async def lock_source(connection: Connection, endpoint: str) -> None:
    """Hold an endpoint's records until commit: one page of them at a time.

    A replay and a sync of one endpoint take turns, page by page; so neither writes
    over what the other has just read. Comes before every other lock.
    """
    await connection.execute(
        sa.text("select pg_advisory_xact_lock(hashtextextended(:name, 1))"),
        {"name": endpoint},
    )


async def hold(connection: Connection, case_ids: Iterable[int]) -> dict[int, int]:
    """Hold these cases until commit; says where each is now: merged ones are followed.

    A case may be merged away between being found and being held. Whoever went on with
    its old id would write what nobody is shown.
    """
    homes = {case_id: case_id for case_id in case_ids}
    while moved := await _lock_cases(connection, homes.values()):
        homes = {was: moved.get(case_id, case_id) for was, case_id in homes.items()}
    return homes


async def _lock_cases(
    connection: Connection, case_ids: Iterable[int]
) -> dict[int, int]:
    """Lock these rows in one order; returns those that were merged, and into which.

    Events and whatever else merely points at a case need not wait for it.
    """
    wanted = sorted(set(case_ids))
    if not wanted:
        return {}
    rows = await connection.execute(
        sa.select(case_record.c.id, case_record.c.merged_into)
        .where(case_record.c.id.in_(wanted))
        .order_by(case_record.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: row.merged_into for row in rows if row.merged_into is not None}


async def merge(connection: Connection, lost: int, kept: int) -> None:
    """Make ``lost`` a pointer to ``kept``; everything it held moves over."""
    await _lock_cases(connection, (lost, kept))
    for table in (facet, case_number, transfer):
        await connection.execute(
            sa.update(table).where(table.c.case_id == lost).values(case_id=kept)
        )
    agencies = sa.select(sa.literal(kept), case_agency.c.agency, case_agency.c.since)
    await connection.execute(
        insert(case_agency)
        .from_select(
            ["case_id", "agency", "since"],
            agencies.where(case_agency.c.case_id == lost),
        )
        .on_conflict_do_nothing()
    )
    for table in (charge, measure, sentence, person, document, case_agency):
        await connection.execute(sa.delete(table).where(table.c.case_id == lost))
    await connection.execute(
        sa.update(case_record)
        .where(sa.or_(case_record.c.id == lost, case_record.c.merged_into == lost))
        .values(merged_into=kept)
    )
