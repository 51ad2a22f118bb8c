"""A simulated detention centre of its own for each test that changes it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.detention_centre.adapter import DetentionCentre
from hub.contract.manifest import load_manifest
from hub.contract.messages import RawRecord, Watermark
from hub.entry.assembly import ADAPTERS
from tests.adapters.detention_centre import bench
from tests.simulators.launch import Running, launch

MANIFEST = load_manifest(ADAPTERS / "detention_centre" / "manifest.yaml")


@dataclass(slots=True)
class Centre:
    """A running simulator and a hand on its switches."""

    running: Running

    def open(self, **limits: Any) -> DetentionCentre:
        """A fresh adapter, with other limits where named."""
        found = MANIFEST.limits.model_copy(update=limits)
        manifest = MANIFEST.model_copy(update={"limits": found})
        return DetentionCentre(bench.endpoint(self.running), manifest)

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
        self.post("/_sim/fault", json.dumps(faults).encode())

    def act(self, do: str, **order: Any) -> dict[str, Any]:
        """A warder's order."""
        told = self.post("/_sim/act", json.dumps({"do": do, **order}).encode())
        found: dict[str, Any] = json.loads(told)
        return found

    def post(self, path: str, body: bytes, **headers: str) -> bytes:
        """A post by plain means."""
        names = {name.replace("_", "-"): told for name, told in headers.items()}
        asked = urllib.request.Request(f"{self.running.address}{path}", body, names)
        with urllib.request.urlopen(asked) as page:
            told: bytes = page.read()
        return told


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """A simulator with 220 cases of the world, of which it holds the persons."""
    opened = Centre(launch("detention_centre", tmp_path, cases=220))
    yield opened
    opened.running.stop()
