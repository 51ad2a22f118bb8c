"""Two runs of one endpoint at once: every record once, and nobody trips."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from hub.engine.sync import sync_endpoint
from hub.store.database import Database
from tests.bench.world import ENDPOINT, PageSource, hub_on, records
from tests.flow import books

COUNT = 900


async def test_two_runs_at_once_take_every_record_once(database: Database) -> None:
    class Source(PageSource):
        content = records(COUNT)
        size = 450

    hub = hub_on(database, Source)
    ids = await asyncio.gather(
        *(sync_endpoint(hub, ENDPOINT, "test") for _ in range(2))
    )
    runs = [await books.run(database, one) for one in ids]
    assert {run["error_code"] for run in runs} <= {None, "SYNC_OVERTAKEN"}
    (counts,) = await books.rows(
        database,
        sa.text(
            "select (select count(*) from case_record) as cases,"
            " (select count(*) from facet where is_current) as facets,"
            " (select count(*) from source_record) as sources,"
            " (select count(distinct (key, digest)) from raw_record) as bodies,"
            " (select count(*) from event where kind = 'case.opened') as opened"
        ),
    )
    assert set(counts.values()) == {COUNT}
