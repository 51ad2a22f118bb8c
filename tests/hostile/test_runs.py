"""One hostile record among good ones: kept as it came, set aside, and the run goes on.

Through the real engine and a real database: a SOAP and a REST system behind a line on
which one record's answer is another, and a folder in which somebody leaves archives.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from hub.contract.endpoint import Endpoint
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.engine.sync import sync_endpoint
from hub.store import raw
from hub.store.tables import raw_record, sync_failure, sync_run, watermark
from tests.flow.city import City, open_city
from tests.hostile import bodies
from tests.simulators.proxy.plan import Answer, Plan
from tests.simulators.proxy.proxy import Proxy, between

ROOT = Path(__file__).parents[2]
ADAPTERS = ROOT / "tests" / "adapters"
MAX_BYTES, MAX_FILE = 8_000_000, 200_000_000
CASES = 12

SOAP, REST, DROP = "police_case", "procuratorate_20", "justice_drop"
MEDIA = {SOAP: "text/xml; charset=utf-8", REST: "application/json"}
#: requests for a list of changes before the first for a record
LISTS = {SOAP: Plan(after=1, times=1), REST: Plan(only="/api/aj/", times=1)}


def _good(system: str) -> bytes:
    (path,) = (ADAPTERS / system / "fixtures").glob("case-full.raw.*")
    return path.read_bytes()


def _json(text: str) -> bytes:
    """2.0's record with something that JSON may hold and a database may not."""
    return _good(REST).replace(b'"data": {', b'"data": {' + text.encode() + b", ", 1)


HOSTILE: dict[str, dict[str, bytes]] = {}


def _hostile(system: str) -> dict[str, bytes]:
    """Name -> bytes; made once, since some are large."""
    if system not in HOSTILE:
        good = _good(system)
        form = {SOAP: bodies.XML, REST: bodies.JSON, DROP: bodies.ZIP}[system]
        names = {
            SOAP: ("flat", "laughs", "entity_file", "deep_inner"),
            REST: ("flat", "text", "deep", "deep_objects"),
            DROP: ("bomb", "overlapping", "parent", "link", "size_huge", "rows_flat"),
        }[system]
        made = {name: form[name](good) for name in names}
        made["half"] = good[: len(good) // 2]
        HOSTILE[system] = made
    return HOSTILE[system]


@dataclass
class Bench:
    """A hub with one endpoint, and the line to it if it has one."""

    hub: Hub
    code: str
    line: Proxy | None = None

    async def sync(self) -> sa.Row:
        """Pull everything from the beginning; the run's row."""
        async with self.hub.database.begin() as connection:
            await connection.execute(sa.delete(watermark))
        run_id = await sync_endpoint(self.hub, self.code, "test")
        (row,) = await self.rows(sync_run, sync_run.c.id == run_id)
        return row

    async def rows(self, table: sa.Table, *where: object) -> list[sa.Row]:
        async with self.hub.database.begin() as connection:
            found = await connection.execute(
                sa.select(table).where(*where).order_by(table.c.id)
            )
            return list(found.all())

    async def failed_of(self, body: bytes) -> list[sa.Row]:
        """The open failures whose raw record is these bytes."""
        mark = hashlib.sha256(body).digest()
        kept = await self.rows(raw_record, raw_record.c.digest == mark)
        ids = [row.id for row in kept]
        return await self.rows(
            sync_failure, sync_failure.c.raw_id.in_(ids), sync_failure.c.state == "open"
        )

    async def kept(self, raw_id: int) -> raw.Kept:
        async with self.hub.database.begin() as connection:
            found = await raw.load(connection, raw_id)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("hostile")
    with open_city(folder, (SOAP, REST, DROP), cases=CASES) as found:
        yield found


@pytest.fixture
def make(database, tables, mappings, precedence, city: City):
    @contextlib.asynccontextmanager
    async def made(system: str) -> AsyncIterator[Bench]:
        told = city.endpoints[system]
        if system == DROP:
            yield Bench(_hub([told]), told.code)
            return
        place = urlsplit(told.address)
        async with between(place.hostname or "", place.port or 80) as line:
            yield Bench(_hub([replace(told, address=line.address)]), told.code, line)

    def _hub(endpoints: Iterable[Endpoint]) -> Hub:
        registry = Registry.load(ROOT / "adapters", endpoints)
        return Hub.of(database, tables, mappings, precedence, registry)

    return made


@pytest.mark.parametrize("system", [SOAP, REST])
async def test_hostile_answers_are_kept_and_the_run_goes_on(make, system: str) -> None:
    async with make(system) as bench:
        first = await bench.sync()
        assert (first.state, first.fetched) == ("finished", first.stored)
        dirty = first.set_aside
        for name, body in _hostile(system).items():
            answer = Answer(200, MEDIA[system], body)
            bench.line.set(replace(LISTS[system], answer=answer))
            run = await bench.sync()
            bench.line.set()
            assert run.state == "finished", (name, run.error_code)
            assert run.fetched == first.fetched, name
            kept = body[:MAX_BYTES]
            (failure,) = await bench.failed_of(kept)
            assert failure.code == "RECORD_UNREADABLE", name
            assert (await bench.kept(failure.raw_id)).record.body == kept, name
        last = await bench.sync()
        assert last.state == "finished"
        still = await bench.rows(sync_failure, sync_failure.c.state == "open")
        assert len(still) == dirty, "what came well again is closed"


async def test_what_a_database_cannot_hold_stops_no_run(make) -> None:
    odd = {
        "digits": bodies.JSON["digits"](_good(REST)),
        "nul": _json('"xxnr": "a\\u0000b"'),
        "nul_name": _json('"na\\u0000me": "x"'),
        "half": _json('"ajmc": "\\ud800"'),
        "half_name": _json('"\\udfff": "x"'),
        "number": _json(f'"zhxgsj": {"9" * 4_000}'),
        "numbers": _json(f'"sfsc": {"9" * 25}, "new": {"9" * 25}'),
        "wide": _json('"w": {' + ", ".join(f'"k{n}": 1' for n in range(40_000)) + "}"),
        "long_name": _json(f'"{"n" * 100_000}": 1'),
        "long_text": _json(f'"ajmc": "{"长" * 1_000_000}"'),
    }
    async with make(REST) as bench:
        await bench.sync()
        for name, body in odd.items():
            answer = Answer(200, MEDIA[REST], body)
            bench.line.set(replace(LISTS[REST], answer=answer))
            run = await bench.sync()
            bench.line.set()
            assert run.state == "finished", (name, run.error_code, run.error_en)
            mark = hashlib.sha256(body).digest()
            kept = await bench.rows(raw_record, raw_record.c.digest == mark)
            assert [row.size for row in kept] == [len(body)], name


async def test_a_record_full_of_fields_nobody_knows_stops_no_run(make) -> None:
    full = bodies.XML["flat_inner"](_good(SOAP))
    digits = bodies.XML["digits"](_good(SOAP))
    well = b"&lt;ZT&gt;"
    for body in (full, digits.replace(well + bodies.DIGITS, well + b"0")):
        async with make(SOAP) as bench:
            bench.line.set(replace(LISTS[SOAP], answer=Answer(200, MEDIA[SOAP], body)))
            run = await bench.sync()
            assert run.state == "finished", (run.error_code, run.error_en)
            mark = hashlib.sha256(body).digest()
            assert await bench.rows(raw_record, raw_record.c.digest == mark)


async def test_hostile_archives_are_kept_and_the_run_goes_on(make, city: City) -> None:
    outbox = Path(city.endpoints[DROP].options["outbox"])
    async with make(DROP) as bench:
        first = await bench.sync()
        for name, body in _hostile(DROP).items():
            (outbox / f"H{name}.zip").write_bytes(body)
            (outbox / f"H{name}.ok").touch()
            _age(outbox / f"H{name}.zip", outbox / f"H{name}.ok")
        run = await bench.sync()
        assert run.state == "finished", run.error_code
        assert run.fetched == first.fetched + len(_hostile(DROP))
        for name, body in _hostile(DROP).items():
            (failure,) = await bench.failed_of(body[:MAX_FILE])
            assert (failure.source_key, failure.code) == (
                f"H{name}",
                "RECORD_UNREADABLE",
            )
        said = [row.faults for row in await bench.rows(sync_failure)]
        assert "passwd" not in json.dumps(said)


def _age(*places: Path) -> None:
    """Left long ago, so a broken file set counts as broken for good."""
    for place in places:
        os.utime(place, (1_600_000_000, 1_600_000_000))
