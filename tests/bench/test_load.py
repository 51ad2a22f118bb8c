"""First load, unchanged and slightly changed re-sync, against bare ``COPY``.

Two limits, both writing nothing but the canonical record the hub left behind (case,
its numbers and agencies, persons, charges, measures, documents) by ``COPY`` into the
same tables with the same keys and indexes, a page a transaction. Neither has raw
bytes, facets, source records or events to write, nor anything to fetch, digest, read,
map, look up, lock or link.

- *rows from mapped records*: the limit as it was first defined and measured, a loader
  that builds its rows in Python: the mapped bodies lie in memory, and the hub's own
  code makes rows of them and writes them.
- *finished rows*: the bytes of COPY lie in memory; nothing is left but the database.

All figures are of one run on one server.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import psutil
import pytest
import sqlalchemy as sa

from hub.engine.hub import Hub
from hub.engine.project import project
from hub.engine.sync import sync_endpoint
from hub.records.shape import NUMBER_SCHEMES
from hub.store import numbers, projection
from hub.store.database import Database
from hub.store.facets import Facet, numbers_of
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


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of processors: ours and the database's backends'.

    The second swings less with what else the machine is doing; it swings too.
    """

    clock: float
    cpu: float

    @classmethod
    async def so_far(cls, hub: Hub) -> Spent:
        """As of now."""
        query = "select pid from pg_stat_activity where datname = current_database()"
        async with hub.database.read() as connection:
            pids = (await connection.execute(sa.text(query))).scalars().all()
        times = [psutil.Process(pid).cpu_times() for pid in pids if _is_here(pid)]
        backends = sum(one.user + one.system for one in times)
        return cls(time.perf_counter(), time.process_time() + backends)

    def until(self, end: Spent) -> Spent:
        """What lies between."""
        return Spent(end.clock - self.clock, end.cpu - self.cpu)

    def told(self) -> str:
        """Records a second, and microseconds of processors a record."""
        return f"{COUNT / self.clock:9,.0f}/s {self.cpu / COUNT * 1e6:6.0f} us"

    def of(self, limit: Spent) -> str:
        """How much of a limit's speed: by the clock, by processors."""
        return f"{limit.clock / self.clock:5.2f} ({limit.cpu / self.cpu:.2f} by CPU)"


def _is_here(pid: int) -> bool:
    """A backend of this machine; one of another machine has no clock here."""
    return psutil.pid_exists(pid) and "postgres" in psutil.Process(pid).name()


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
    built, bare, rows = await _limits(hub)
    print(f"\n{COUNT} cases in pages of {PAGE}: records a second, CPU a record")
    print(f"  COPY of {rows} finished rows       {bare.told()}")
    print(f"  COPY of rows from mapped records  {built.told()}")
    print(f"  first load                        {first.told()}")
    print(f"    of COPY from mapped records     {first.of(built)}  (goal 0.6)")
    print(f"    of COPY of finished rows        {first.of(bare)}")
    print(f"  unchanged                         {again.told()}")
    print(f"    of the first load               {again.of(first)}  (goal 2)")
    print(f"  5 % changed                       {some.told()}")
    print(f"    of the first load               {some.of(first)}")


async def _sync(hub: Hub) -> Spent:
    async with hub.database.begin() as connection:
        await connection.execute(sa.text("delete from watermark"))
    began = await Spent.so_far(hub)
    await sync_endpoint(hub, ENDPOINT, "bench")
    return began.until(await Spent.so_far(hub))


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


async def _limits(hub: Hub) -> tuple[Spent, Spent, int]:
    """From mapped records, of finished rows, and how many rows."""
    async with hub.database.begin() as connection:
        found = [Facet(*row) for row in await connection.execute(_FACETS)]
        link = (await connection.get_raw_connection()).driver_connection
        async with link.cursor() as cursor:
            pages = [await _page(cursor, page) for page in range(COUNT // PAGE)]
    await _empty(hub)
    built = await _build_and_copy(hub, found)
    await _empty(hub)
    bare = await _copy(hub, pages)
    return built, bare, sum(one.count(b"\n") for page in pages for one in page.values())


_FACETS = sa.text(
    "select id, endpoint, system, source_key, case_id, body, fetched_at"
    " from facet where is_current order by case_id"
)


async def _empty(hub: Hub) -> None:
    async with hub.database.begin() as connection:
        await connection.execute(sa.text("truncate case_record cascade"))


async def _build_and_copy(hub: Hub, found: Sequence[Facet]) -> Spent:
    pages = [found[start : start + PAGE] for start in range(0, COUNT, PAGE)]
    numbered = [(page, _numbers(page)) for page in pages]
    began = await Spent.so_far(hub)
    for page, told in numbered:
        opened = {one.case_id: f"H{one.case_id}" for one in page}
        cases = {one.case_id: project([one], hub.precedence) for one in page}
        async with hub.database.begin() as connection:
            await projection.write(connection, cases, opened)
            await numbers.give(connection, ENDPOINT, told)
    return began.until(await Spent.so_far(hub))


def _numbers(page: Sequence[Facet]) -> dict[tuple[str, str], int]:
    return {
        pair: one.case_id
        for one in page
        for pair in [
            *numbers_of(one.body, NUMBER_SCHEMES).items(),
            ("hub", f"H{one.case_id}"),
        ]
    }


async def _copy(hub: Hub, pages: Sequence[Mapping[str, bytes]]) -> Spent:
    began = await Spent.so_far(hub)
    for page in pages:
        async with hub.database.begin() as connection:
            link = (await connection.get_raw_connection()).driver_connection
            async with link.cursor() as cursor:
                for table, content in page.items():
                    async with cursor.copy(f"copy {table} from stdin") as copy:
                        await copy.write(content)
    return began.until(await Spent.so_far(hub))


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
