"""What the read log costs an answer: the same operations with and without it.

Without it, ``Seen.write`` does nothing; noting stays. Both are taken in turns in one
run, on a database that waits for the disk at every commit.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

import pytest
import sqlalchemy as sa

from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.engine.sync import sync_endpoint
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence
from hub.records.caller import Caller
from hub.store.database import Database
from schema.execute import execute
from schema.seen import Seen
from tests.flow.city import ROOT, City, open_city

pytestmark = pytest.mark.bench

OPERATIONS = {
    "one case": '{ case(number: "%s") { title stage { nameZh } } }',
    "one case, whole": '{ case(number: "%s") { title stage { nameZh } persons { name'
    " sex { nameZh } charges { crime { nameZh } } measures { kind { nameZh } } }"
    " documents { name } numbers { value } } }",
    "fifty cases": "{ cases(first: 50) { nodes { hubNumber title stage { code } } } }",
    "fifty, whole": "{ cases(first: 50) { nodes { title persons { name charges { crime"
    " { nameZh } } measures { kind { nameZh } } } documents { name } } } }",
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The police with the whole seeded world."""
    with open_city(tmp_path_factory.mktemp("bench"), ["police_case"]) as opened:
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


async def test_read_log(hub: Hub, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    database = hub.database
    await sync_endpoint(hub, city.endpoints["police_case"].code, "bench")
    caller = Caller("POLICE-421381", "POLICE")
    number = await _number(hub)
    write = Seen.write
    print()
    for name, document in OPERATIONS.items():
        text = document % number if "%s" in document else document
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(120):
            is_logged = turn % 2 == 0
            monkeypatch.setattr(Seen, "write", write if is_logged else _nothing)
            began = time.perf_counter()
            assert not (await execute(hub, caller, text)).errors
            if turn >= 20:
                times[is_logged].append(time.perf_counter() - began)
        bare, logged = median(times[False]) * 1e3, median(times[True]) * 1e3
        print(
            f"{name:16} {bare:7.1f} ms without, {logged:7.1f} ms with the log,"
            f" +{logged - bare:.1f} ms ({logged / bare - 1:+.0%})"
        )
    async with database.read() as connection:
        rows = await connection.execute(
            sa.text(
                "select count(*), pg_table_size('read_log'),"
                " pg_indexes_size('read_log') from read_log"
            )
        )
        count, table, indexes = rows.one()
    sizes = f"{table / count:.0f} bytes a row, {indexes / count:.0f} in indexes"
    print(f"{count} rows, {sizes}")


async def _nothing(*_: object) -> None:
    return


async def _number(hub: Hub) -> str:
    wanted = "select c.hub_number from case_record c join case_agency a"
    wanted += " on a.case_id = c.id where a.agency = 'POLICE-421381' limit 1"
    async with hub.database.read() as connection:
        return str((await connection.execute(sa.text(wanted))).scalar_one())
