"""An adapter on disk and everything the contract tests need to question it."""

from __future__ import annotations

import importlib
import json
import re
import types
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from hub.contract.adapter import Adapter
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import Outcome, Parcel, RawRecord, Receipt, Watermark
from hub.engine.registry import adapter_class, load_manifests
from hub.entry.assembly import ADAPTERS, MAPPINGS
from hub.errors import RecordUnreadable
from hub.mapping import Mappings, SystemMapping, Tables
from tests.simulators.launch import Running, launch

EVIDENCE = Path(__file__).parent
ROOT = EVIDENCE.parents[1]
#: lines of a simulator's log that a failed test shows
LOG_LINES = 30


def systems() -> tuple[str, ...]:
    """Every adapter folder with a manifest."""
    return tuple(sorted(path.parent.name for path in ADAPTERS.glob("*/manifest.yaml")))


def shipped() -> frozenset[str]:
    """The systems that the demonstration shows; others may have just been begun."""
    told = (ROOT / "hub/entry/demo/agencies.toml").read_text("utf-8")
    return frozenset(re.findall(r'(?m)^system = "(\w+)"', told))


def missing(system: str) -> str:
    """What a system still lacks before it can be questioned; empty if nothing."""
    needed = (
        ADAPTERS / system / "adapter.py",
        MAPPINGS / f"{system}.yaml",
        EVIDENCE / system / "simulator.py",
        EVIDENCE / system / "bench.py",
    )
    return ", ".join(path.name for path in needed if not path.exists())


def lacking(system: str) -> str:
    """What this machine lacks for the simulator, as its bench says; empty: nothing."""
    bench = importlib.import_module(f"tests.adapters.{system}.bench")
    return str(bench.lacking()) if hasattr(bench, "lacking") else ""


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The code tables, read once for all tests."""
    return Tables.load(MAPPINGS / "tables")


@dataclass(slots=True, repr=False)
class Subject:
    """One system: its manifest, mapping, bench and running simulator.

    Without a representation: asyncio asks for it at every run, and it is long.
    """

    system: str
    manifest: Manifest
    mapping: SystemMapping
    bench: types.ModuleType
    running: Running
    stand_in: type[Adapter] | None = None

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint of the running simulator."""
        found: Endpoint = self.bench.endpoint(self.running)
        return found

    @property
    def has_login(self) -> bool:
        """Does the system ask who we are?"""
        return bool(getattr(self.bench, "HAS_LOGIN", bool(self.endpoint.secrets)))

    def open(
        self,
        deadline: float = 0.0,
        endpoint: Endpoint | None = None,
        page_size: int = 0,
    ) -> Adapter:
        """A fresh adapter; enter it. ``deadline`` in seconds, else the manifest's.

        ``endpoint``: the simulator by another way, through a line that goes wrong.
        """
        limits = self.manifest.limits
        if deadline:
            limits = limits.model_copy(update={"deadline_seconds": deadline})
        if page_size:
            limits = limits.model_copy(update={"page_size": page_size})
        manifest = self.manifest.model_copy(update={"limits": limits})
        kind = self.stand_in or adapter_class(manifest)
        return kind(endpoint or self.endpoint, manifest)

    async def settle(self) -> None:
        """Let the agency do what it does in its own time."""
        if hasattr(self.bench, "settle"):
            await self.bench.settle(self.running)

    async def fault(self, **switches: Any) -> None:
        """Switch exactly these faults on."""
        self._post("/_sim/fault", switches)
        await self.settle()

    def act(self, order: dict[str, Any]) -> None:
        """An officer of the agency does something."""
        self._post("/_sim/act", order)

    def ask(self, path: str) -> Any:
        """A page of the test bench: ``received`` or ``declared``."""
        with urllib.request.urlopen(f"{self.running.address}/_sim/{path}") as page:
            return json.loads(page.read())

    def logged(self) -> tuple[Path, str]:
        """The simulator's log and its last lines."""
        path = self.running.data / "simulator.log"
        told = path.read_text("utf-8", "replace") if path.exists() else ""
        return path, "\n".join(told.splitlines()[-LOG_LINES:])

    def received(self, parcel: Parcel) -> list[Any]:
        """What the agency keeps of this parcel."""
        ids = {parcel.message_id.lower(), parcel.key.lower()}
        rows = self.ask("received")
        return [row for row in rows if row["message_id"].lower() in ids]

    async def pulled(
        self,
        watermark: Watermark | None = None,
        page_size: int = 0,
        endpoint: Endpoint | None = None,
    ) -> tuple[list[RawRecord], list[Watermark]]:
        """Everything since a watermark, and the watermark of every page."""
        records: list[RawRecord] = []
        marks: list[Watermark] = []
        async with self.open(page_size=page_size, endpoint=endpoint) as adapter:
            async for page in adapter.pull(watermark or Watermark()):
                records.extend(page.records)
                marks.append(page.watermark)
        return records, marks

    async def answer(self, adapter: Adapter, parcel: Parcel) -> Receipt:
        """Push, and wait for the receipt where it comes later."""
        receipt = await adapter.push(parcel)
        if receipt.outcome is Outcome.PENDING:
            receipt = await self.later(adapter, parcel)
        return receipt

    async def later(self, adapter: Adapter, parcel: Parcel) -> Receipt:
        """The receipt that the agency gives in its own time."""
        await self.settle()
        found = await adapter.enquire(parcel)
        assert found is not None, "the far side knows nothing of the parcel"
        return found

    def verdicts(self, records: Iterable[RawRecord]) -> tuple[dict[str, str], set[str]]:
        """Failure code by key for what cannot be read or mapped; the remainder."""
        adapter = self.open()
        failed: dict[str, str] = {}
        remainder: set[str] = set()
        for record in records:
            code, left = verdict(adapter, self.mapping, record)
            if code:
                failed[record.key] = code
            remainder.update(left)
        return failed, remainder

    def _post(self, path: str, body: object) -> None:
        data = json.dumps(body).encode()
        address = f"{self.running.address}{path}"
        urllib.request.urlopen(address, data).close()


def verdict(
    adapter: Adapter, mapping: SystemMapping, record: RawRecord
) -> tuple[str, tuple[str, ...]]:
    """The failure code of one record (empty: it maps) and its remainder."""
    try:
        mapped = mapping.read(record.kind, adapter.read(record))
    except RecordUnreadable as error:
        return error.code, ()
    if mapped.faults:
        return mapped.faults[0].code, ()
    return "", mapped.remainder


def start(system: str, data: Path, cases: int) -> Subject:
    """Start a system's simulator and gather what is needed to question it."""
    bench = importlib.import_module(f"tests.adapters.{system}.bench")
    settings = bench.settings(data) if hasattr(bench, "settings") else {}
    mapping = Mappings.load(MAPPINGS, tables(), only=(system,)).system(system)
    manifest = load_manifests(ADAPTERS)[system]
    running = launch(system, data, cases=cases, settings=settings)
    return Subject(system, manifest, mapping, bench, running)
