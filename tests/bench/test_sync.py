"""How fast the walk in is: the first load and an unchanged one, against bare calls.

The baseline is the same pull without the hub behind it: the adapter fetches every
record and nobody reads, maps or stores it. All ratios are of one run.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from hub.contract.messages import Watermark
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.engine.sync import sync_endpoint
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence
from hub.store import tables as kept
from hub.store.database import Database
from tests.flow import books
from tests.flow.city import ROOT, City, open_city

pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """All agencies with the whole seeded world."""
    with open_city(tmp_path_factory.mktemp("bench")) as opened:
        yield opened


@pytest.fixture
def hub(
    city: City,
    database: Database,
    tables: Tables,
    mappings: Mappings,
    precedence: Precedence,
) -> Hub:
    """A hub on an empty database."""
    registry = Registry.load(ROOT / "adapters", city.endpoints.values())
    return Hub.of(database, tables, mappings, precedence, registry)


async def test_walk_in(hub: Hub, city: City) -> None:
    print()
    print(f"{'endpoint':16} {'records':>8} {'pull only':>10} {'first':>8} {'again':>8}")
    for endpoint in city.endpoints.values():
        code = endpoint.code
        bare = await _seconds(lambda code=code: _pull_only(hub, code))
        first = await _seconds(lambda code=code: sync_endpoint(hub, code, "bench"))
        again = await _seconds(lambda code=code: _from_the_beginning(hub, code))
        count = await _records(hub, code)
        rates = [count / seconds for seconds in (bare, first, again)]
        print(
            f"{code:16} {count:8} {rates[0]:8.0f}/s {rates[1]:6.0f}/s {rates[2]:6.0f}/s"
            f"   first {bare / first:.2f}x of pull only,"
            f" again {first / again:.2f}x first"
        )


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _pull_only(hub: Hub, code: str) -> None:
    async with hub.registry.open(code) as adapter:
        async for _ in adapter.pull(Watermark()):
            pass


async def _from_the_beginning(hub: Hub, code: str) -> None:
    """Everything is sent again; nothing has changed."""
    async with hub.database.begin() as connection:
        await connection.execute(
            kept.watermark.delete().where(kept.watermark.c.endpoint == code)
        )
    await sync_endpoint(hub, code, "bench")


async def _records(hub: Hub, code: str) -> int:
    table = kept.sync_run
    wanted = kept.sa.select(table).where(table.c.endpoint == code).order_by(table.c.id)
    return int((await books.rows(hub.database, wanted))[0]["fetched"])
