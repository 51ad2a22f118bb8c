"""First load, unchanged and slightly changed re-sync, against bare ``COPY``.

The limit is what the hub left behind, written once more by nothing but ``COPY``: the
same finished rows of the canonical record (case, its numbers and agencies, persons,
charges, measures, documents) into the same tables with the same keys and indexes, a
page a transaction. It has no raw bytes, facets, source records or events to write,
and nothing to read, map, link or project. All figures are of one run on one server.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
import sqlalchemy as sa

from hub.engine.hub import Hub
from hub.engine.sync import sync_endpoint
from hub.store.database import Database
from tests.bench.world import ENDPOINT, PAGE, PageSource, hub_on, records

pytestmark = pytest.mark.bench

COUNT = 10_000
#: the canonical record: table, and the column by which a row belongs to a case
CANONICAL = {
    "case_record": "id",
    "case_number": "case_id",
    "case_agency": "case_id",
    "person": "case_id",
    "charge": "case_id",
    "measure": "case_id",
    "document": "case_id",
}


async def test_load_against_bare_copy(database: Database) -> None:
    hub = hub_on(database, PageSource)
    PageSource.content = records(COUNT)
    first = await _sync(hub)
    _pages("first load", PageSource.at)
    again = await _sync(hub)
    _pages("unchanged", PageSource.at)
    PageSource.content = records(COUNT, changed_every=20)
    some = await _sync(hub)
    await _proven(hub)
    bare, rows = await _bare_copy(database)
    print(f"\n{COUNT} cases in pages of {PAGE}; records a second:")
    print(f"  bare COPY of the same {rows} canonical rows {COUNT / bare:9,.0f}")
    print(f"  first load   {COUNT / first:9,.0f}   {bare / first:5.2f} of bare COPY")
    print(f"  unchanged    {COUNT / again:9,.0f}   {first / again:5.2f} of first load")
    print(f"  5 % changed  {COUNT / some:9,.0f}   {first / some:5.2f} of first load")
    print("  (goals: 0.6 of bare COPY; unchanged 2 times the first load)")


async def _sync(hub: Hub) -> float:
    async with hub.database.begin() as connection:
        await connection.execute(sa.text("delete from watermark"))
    began = time.perf_counter()
    await sync_endpoint(hub, ENDPOINT, "bench")
    return time.perf_counter() - began


def _pages(name: str, at: Sequence[float]) -> None:
    speed = [PAGE / (after - before) for before, after in pairwise(at)]
    told = ", ".join(f"page {page} {speed[page - 1]:,.0f}/s" for page in (2, 10, 20))
    print(f"\n{name}: {told}", end="")


async def _proven(hub: Hub) -> None:
    """What was measured did happen: every case is there, and 5 % came twice."""
    async with hub.database.read() as connection:
        told = await connection.execute(
            sa.text(
                "select (select count(*) from case_record),"
                " (select count(*) from raw_record),"
                " (select sum(mapped) from sync_run),"
                " (select count(*) from sync_run where error_code is not null)"
            )
        )
    twice = COUNT + COUNT // 20
    assert tuple(told.one()) == (COUNT, twice, twice, 0)


async def _bare_copy(database: Database) -> tuple[float, int]:
    """Seconds, and how many rows, to write the canonical record by ``COPY`` alone."""
    async with database.begin() as connection:
        link = (await connection.get_raw_connection()).driver_connection
        async with link.cursor() as cursor:
            pages = [await _page(cursor, page) for page in range(COUNT // PAGE)]
            await cursor.execute("truncate case_record cascade")
    took = 0.0
    for page in pages:
        began = time.perf_counter()
        async with database.begin() as connection:
            link = (await connection.get_raw_connection()).driver_connection
            async with link.cursor() as cursor:
                for table, content in page.items():
                    async with cursor.copy(f"copy {table} from stdin") as copy:
                        await copy.write(content)
        took += time.perf_counter() - began
    return took, sum(one.count(b"\n") for page in pages for one in page.values())


async def _page(cursor, page: int) -> dict[str, bytes]:
    low = f"(select min(id) from case_record) + {page * PAGE}"  # noqa: S608
    found = {}
    for table, column in CANONICAL.items():
        query = (
            f"select * from {table} where {column} >= {low} and {column} <"  # noqa: S608
            f" {low} + {PAGE}"
        )
        async with cursor.copy(f"copy ({query}) to stdout") as copy:
            found[table] = b"".join([bytes(part) async for part in copy])
    return found
