"""A simulated court of its own for each test that changes it."""

from __future__ import annotations

import json
import os
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.court_case.adapter import CourtCase
from hub.contract.manifest import load_manifest
from hub.contract.messages import RawRecord, Watermark
from hub.entry.assembly import ADAPTERS
from hub.mapping.load import Mappings
from tests.adapters.court_case import bench
from tests.simulators.launch import Running, launch

MANIFEST = load_manifest(ADAPTERS / "court_case" / "manifest.yaml")
CASES = 60


@dataclass(slots=True)
class House:
    """A running simulator, its database and a hand on its switches."""

    running: Running
    settings: dict[str, str]
    owner: sa.Engine
    mappings: Mappings

    @property
    def schema(self) -> str:
        """Where its tables and views stand."""
        return self.settings["schema"]

    def open(self, **limits: Any) -> CourtCase:
        """A fresh adapter, with other limits where named."""
        found = MANIFEST.limits.model_copy(update=limits)
        manifest = MANIFEST.model_copy(update={"limits": found})
        return CourtCase(bench.endpoint(self.running), manifest)

    async def pull(
        self, watermark: Watermark | None = None, **limits: Any
    ) -> tuple[list[RawRecord], Watermark]:
        """Everything since a watermark, and the last watermark."""
        mark, found = watermark or Watermark(), []
        async with self.open(**limits) as adapter:
            async for page in adapter.pull(mark):
                found += page.records
                mark = page.watermark
        return found, mark

    def body(self, record: RawRecord) -> dict[str, Any]:
        """What a clean record says."""
        tree = CourtCase.__new__(CourtCase).read(record)
        mapped = self.mappings.system("court_case").read("case", tree)
        assert (mapped.faults, mapped.remainder) == ((), ())
        return mapped.body

    def sql(self, statement: str) -> None:
        """The supplier's administrator types something."""
        with self.owner.begin() as connection:
            connection.execute(sa.text(statement.format(self.schema)))

    def switch(self, **faults: Any) -> None:
        """Exactly these faults."""
        self._post("/_sim/fault", faults)

    def act(self, do: str, **order: Any) -> dict[str, Any]:
        """A clerk's or judge's order."""
        return self._post("/_sim/act", {"do": do, **order})

    def ask(self, path: str) -> Any:
        """A page of the test bench."""
        place = f"{self.running.address}/_sim/{path}"
        with urllib.request.urlopen(place) as page:
            return json.load(page)

    def restart(self) -> None:
        """Pull the plug and start it again on the same disk and database."""
        self.running.stop(hard=True)
        told = self.running
        self.running = launch(
            told.name, told.data, port=told.port, cases=CASES, settings=self.settings
        )

    def _post(self, path: str, body: Any) -> dict[str, Any]:
        data = json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.running.address}{path}", data) as page:
            told: dict[str, Any] = json.load(page)
        return told


@pytest.fixture
def found_court(tmp_path: Path, mappings: Mappings) -> Iterator[Callable[[str], House]]:
    """Found a court in the database server at an address; gone afterwards."""
    houses: list[House] = []

    def found(address: str) -> House:
        settings = {"database": address, "schema": f"court_{uuid.uuid4().hex[:8]}"}
        url = sa.make_url(address)
        is_maria = url.get_backend_name() == "mysql"
        driver = "mysql+pymysql" if is_maria else "postgresql+psycopg"
        running = launch("court_case", tmp_path, cases=CASES, settings=settings)
        owner = sa.create_engine(url.set(drivername=driver))
        houses.append(House(running, settings, owner, mappings))
        return houses[-1]

    yield found
    for house in houses:
        house.running.stop()
        is_maria = house.owner.dialect.name in ("mysql", "mariadb")
        house.sql("drop schema {}" + ("" if is_maria else " cascade"))
        house.owner.dispose()


@pytest.fixture
def house(found_court: Callable[[str], House], server_url: str) -> House:
    """A court in the PostgreSQL of the tests."""
    return found_court(server_url)


@pytest.fixture
def maria_house(found_court: Callable[[str], House]) -> House:
    """A court in MariaDB, where one is named."""
    address = os.environ.get("HUB_TEST_MARIADB", "")
    if not address:
        pytest.skip("HUB_TEST_MARIADB names no MariaDB: the court on it is not tested")
    return found_court(address)
