"""A simulated procuratorate of its own for each test that changes it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.manifest import Manifest, load_manifest
from hub.contract.messages import RawRecord, Watermark
from hub.entry.assembly import ADAPTERS
from tests.adapters.procuratorate_20 import bench
from tests.simulators.launch import Running, launch

MANIFEST = load_manifest(ADAPTERS / "procuratorate_20" / "manifest.yaml")


@dataclass(slots=True)
class House:
    """A running simulator and a hand on its switches."""

    running: Running

    def open(self, **limits: Any) -> Procuratorate20:
        """A fresh adapter, with other limits where named."""
        return Procuratorate20(bench.endpoint(self.running), _manifest(**limits))

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

    def switch(self, **faults: Any) -> None:
        """Exactly these faults."""
        self._post("/_sim/fault", faults)

    def act(self, do: str, **order: Any) -> dict[str, Any]:
        """An officer's order."""
        return self._post("/_sim/act", {"do": do, **order})

    def ask(self, path: str) -> Any:
        """A page of the test bench."""
        with urllib.request.urlopen(f"{self.running.address}/_sim/{path}") as page:
            return json.load(page)

    def _post(self, path: str, body: Any) -> dict[str, Any]:
        data = json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.running.address}{path}", data) as page:
            told: dict[str, Any] = json.load(page)
        return told


def _manifest(**limits: Any) -> Manifest:
    found = MANIFEST.limits.model_copy(update=limits)
    return MANIFEST.model_copy(update={"limits": found})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A simulator with 60 cases of the world, of which about 25 are here."""
    opened = House(launch("procuratorate_20", tmp_path, cases=60))
    yield opened
    opened.running.stop()


@pytest.fixture
def again(house: House) -> Any:
    """Pull the plug of the simulator and start it again on the same disk."""

    def restart() -> None:
        told = house.running
        told.stop(hard=True)
        house.running = launch("procuratorate_20", told.data, port=told.port, cases=60)

    return restart
