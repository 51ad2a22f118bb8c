"""End to end against dlt: the same pages over HTTP into the same PostgreSQL.

A server in another process sends 500 cases a page. dlt (``rest_api``, merge) pulls
them in a process of its own, the hub by its real engine with a REST adapter of this
file. Both pull everything twice; nothing changes in between. dlt does less and more:
it does not map, check, archive, link or announce anything; it infers the schema.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from typing import Any, Self
from urllib.parse import quote

import aiohttp
import orjson
import pytest
import sqlalchemy as sa

from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import Page, RawRecord, Tree, Watermark
from hub.engine.hub import Hub
from hub.engine.sync import sync_endpoint
from hub.store.database import Database
from tests.bench.world import ENDPOINT, PAGE, ROOT, hub_on
from tests.simulators.launch import free_port

pytestmark = pytest.mark.bench

COUNT = 5_000
#: made by ``make bench`` from requirements-bench.lock; the product never needs it
PEER = ROOT / ".venv-bench" / "bin" / "python"


class RestPages:
    """The adapter of the benchmark: a page a call, a case a line of the page."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        self._address = endpoint.address

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        for page in range(COUNT // PAGE):
            address = f"{self._address}/cases?page={page}"
            async with self._session.get(address) as answer:
                body = await answer.read()
            lines = body.split(b"\n")[1:-1]
            found = tuple(_record(line.removesuffix(b",")) for line in lines)
            yield Page(found, Watermark({"page": page}))

    def read(self, raw: RawRecord) -> Tree:
        tree: Tree = orjson.loads(raw.body)
        return tree


def _record(line: bytes) -> RawRecord:
    told = orjson.loads(line)
    return RawRecord("case", told["AJBH"], line, "application/json", told["XGSJ"])


@pytest.fixture
def address() -> Iterator[str]:
    """The running server of pages."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.peer_server", str(port), str(COUNT)]
    process = subprocess.Popen(command, cwd=ROOT)
    _wait(f"http://127.0.0.1:{port}/cases?page=0")
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                answer.read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server of pages did not come up")


async def test_end_to_end_against_dlt(database: Database, address: str) -> None:
    hub = hub_on(database, RestPages, address)
    first, again = await _sync(hub), await _sync(hub)
    rows = await _rows(hub)
    print(f"\n{COUNT} cases over HTTP, {PAGE} a page; records a second, first / again")
    ours = f"{COUNT / first:8,.0f} / {COUNT / again:8,.0f}"
    print(f"  hub                 {ours}  {rows}")
    if not PEER.exists():
        pytest.skip(f"DLT IS ABSENT, nothing to compare with: no {PEER}; `make bench`")
    for form in ("default", "csv"):
        told = _dlt(address, database, form)
        theirs = told["seconds"]
        print(
            f"  dlt {told['version']} {form:9} {COUNT / theirs[0]:8,.0f} /"
            f" {COUNT / theirs[1]:8,.0f}  {told['rows']}"
        )
        print(
            f"    hub against it    {theirs[0] / first:8.2f} /"
            f" {theirs[1] / again:8.2f}  (goals with its default merge: 3 / 10)"
        )


async def _sync(hub: Hub) -> float:
    async with hub.database.begin() as connection:
        await connection.execute(sa.text("delete from watermark"))
    began = time.perf_counter()
    await sync_endpoint(hub, ENDPOINT, "bench")
    return time.perf_counter() - began


async def _rows(hub: Hub) -> dict[str, int]:
    """What the hub wrote, and that all of it came through."""
    names = "raw_record facet case_record person charge measure document event"
    counts = ", ".join(f"(select count(*) from {one})" for one in names.split())  # noqa: S608
    async with hub.database.read() as connection:
        found = (await connection.execute(sa.text(f"select {counts}"))).one()
        mapped = await connection.execute(sa.text("select sum(mapped) from sync_run"))
        assert mapped.scalar_one() == found[2] == COUNT
    return dict(zip(names.split(), found, strict=True))


def _credentials(database: Database) -> str:
    """The hub's own database in dlt's words; the embedded one has a socket's folder."""
    url = sa.make_url(database.url)
    return json.dumps(
        {
            "drivername": "postgresql",
            "database": url.database,
            "username": url.username,
            "password": url.password or "none",
            "host": url.host or quote(str(url.query["host"]), safe=""),
            "port": url.port or 5432,
        }
    )


def _dlt(address: str, database: Database, form: str) -> dict[str, Any]:
    command = [str(PEER), str(ROOT / "tests" / "bench" / "peer_dlt.py")]
    done = subprocess.run(
        [*command, address, _credentials(database), form],
        capture_output=True,
        text=True,
        check=False,
        env={"RUNTIME__DLTHUB_TELEMETRY": "false", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
