"""What the delivery tests share: a receiver process, its adapter, cases and a hub.

The adapter speaks to ``tests.simulators.receiver`` over HTTP. The hub is a real one
on a real database; only the receiving system is of the test's own making.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp
import sqlalchemy as sa

from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import (
    Health,
    Outcome,
    Page,
    Parcel,
    RawRecord,
    Reason,
    Receipt,
    Tree,
    Watermark,
)
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyFaultUnknown,
    AgencyLoginRefused,
    AgencyUnreachable,
)
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence
from hub.records.transfer import TransferDraft
from hub.store import numbers
from hub.store.database import Connection, Database
from hub.store.tables import case_agency, document, measure, person
from tests.simulators.launch import free_port

ROOT = Path(__file__).parents[2]
POLICE, PROC, COURT = "POLICE-421381", "PROC-421381", "COURT-421381"
ENDPOINT = "proc-test"
NODE = "PROSECUTION_TRANSFER"
PAPERS = (
    "PROSECUTION_OPINION",
    "FILING_DECISION",
    "DOSSIER_INDEX",
    "INTERROGATION_RECORD",
    "HOUSEHOLD_PROOF",
    "CRIMINAL_RECORD_CHECK",
    "ARRIVAL_STATEMENT",
    "RIGHTS_NOTICE_SUSPECT",
    "BAIL_DECISION",
)


def manifest(*can: str) -> Manifest:
    """The receiver's manifest; ``can`` besides push, pull and probe."""
    return Manifest.model_validate(
        {
            "system": "receiver",
            "version": "1",
            "adapter": "Hand",
            "title": {"zh": "测试接收方", "en": "test receiver"},
            "agency_type": "PROC",
            "transport": "rest",
            "owner": "tests",
            "can": ["pull", "push", "probe", *can],
            "own_numbers": ["department", "unified"],
            "receives": [NODE, "JUDGMENT_SERVICE"],
            "increment": {"by": "modified", "lag_seconds": 1},
            "idempotency": {"key": "key", "honoured": True},
        }
    )


class Hand:
    """The adapter of the test receiver."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        self.endpoint = endpoint
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        patience = aiohttp.ClientTimeout(total=3)
        self._session = aiohttp.ClientSession(timeout=patience)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session:
            await self._session.close()

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        await self.probe()
        yield Page((), watermark)

    def read(self, raw: RawRecord) -> Tree:
        return json.loads(raw.body)

    async def push(self, parcel: Parcel) -> Receipt:
        told = {
            "key": parcel.key,
            "message_id": parcel.message_id,
            "node": parcel.node,
            "numbers": dict(parcel.numbers),
            "body": parcel.body,
        }
        status, body = await self._call("POST", "/parcels", data=json.dumps(told))
        return self._receipt(status, body)

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        status, body = await self._call("GET", "/parcels", params={"key": parcel.key})
        return None if status == 404 else self._receipt(status, body)

    async def probe(self) -> Health:
        status, body = await self._call("GET", "/health")
        self._decode(status, body)
        return Health(version="1")

    async def _call(self, method: str, path: str, **how: Any) -> tuple[int, bytes]:
        assert self._session is not None
        try:
            async with self._session.request(
                method, self.endpoint.address + path, **how
            ) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AgencyUnreachable(endpoint=self.endpoint.code) from error

    def _receipt(self, status: int, body: bytes) -> Receipt:
        told = self._decode(status, body)
        number = told.get("number")
        return Receipt(
            Outcome(told["outcome"]),
            numbers={"department": number} if number else {},
            reasons=tuple(Reason(**one) for one in told.get("reasons", ())),
            body=body,
            media="application/json",
        )

    def _decode(self, status: int, body: bytes) -> dict[str, Any]:
        code = self.endpoint.code
        if status == 503:
            raise AgencyUnreachable(endpoint=code)
        if status == 401:
            raise AgencyLoginRefused(endpoint=code)
        try:
            told = json.loads(body)
        except ValueError as error:
            raise AgencyAnswerUnreadable(endpoint=code, body=body) from error
        if status == 429:
            raise AgencyBusy(endpoint=code, retry_after=told["retry_after"])
        if status >= 400:
            raise AgencyFaultUnknown(endpoint=code)
        return told


@dataclass(slots=True)
class Receiver:
    """The receiver's process: killed and started again at will."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        command = [sys.executable, "-m", "tests.simulators.receiver"]
        command += ["--port", str(self.port), "--data", str(self.data)]
        self.process = subprocess.Popen(command, cwd=ROOT)
        for _ in range(400):
            try:
                self._get("/_sim/ledger")
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
            else:
                return self
        raise RuntimeError("the receiver did not come up")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def mood(self, **faults: Any) -> None:
        body = json.dumps(faults).encode()
        self._call("/_sim/fault", body).close()

    def calls(self, kind: str = "push") -> list[tuple[str, str]]:
        """(key, case) of every call of a kind, in order."""
        return [(one[0], one[1]) for one in self._ledger()["calls"] if one[2] == kind]

    def opened(self) -> list[tuple[str, str, str]]:
        """(key, case, number) of every case it opened, in order."""
        return [tuple(one) for one in self._ledger()["opened"]]

    def _ledger(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._get("/_sim/ledger"))
        return found

    def _get(self, path: str) -> bytes:
        with self._call(path) as answer:
            return bytes(answer.read())

    def _call(self, path: str, body: bytes | None = None) -> Any:
        address = self.address + path
        return urllib.request.urlopen(address, body, timeout=5)


def build_hub(
    database: Database, address: str, *, can: tuple[str, ...] = (), slots: int = 4
) -> Hub:
    """A hub whose only endpoint is the test receiver."""
    tables = Tables.load(ROOT / "mappings" / "tables")
    folder = ROOT / "tests" / "flow" / "mappings"
    told = manifest(*can)
    endpoint = Endpoint(
        code=ENDPOINT,
        system="receiver",
        agency="PROC-421300",
        address=address,
        serves=(PROC,),
        slots=slots,
        every=3600.0,
    )
    registry = Registry({"receiver": told}, {ENDPOINT: endpoint}, {"receiver": Hand})
    precedence = Precedence.load(ROOT / "mappings" / "precedence.yaml")
    mappings = Mappings.load(folder, tables, only=("receiver",))
    return Hub.of(database, tables, mappings, precedence, registry)


async def file_case(connection: Connection, title: str, **changes: Any) -> str:
    """A case of the police that is complete and ready to go; its hub number."""
    case_id, number = await numbers.open_case(connection, "421381", "202301")
    await connection.execute(
        sa.text("update case_record set title = :t where id = :i"),
        {"t": title, "i": case_id},
    )
    await connection.execute(
        sa.insert(case_agency).values(case_id=case_id, agency=POLICE)
    )
    found = await connection.execute(
        sa.insert(person)
        .values(
            case_id=case_id,
            position=0,
            match_key=f"{title}|1901-02-03",
            name=title,
            stage=changes.get("stage", "S020_FILED"),
        )
        .returning(person.c.id)
    )
    await connection.execute(
        sa.insert(measure).values(
            case_id=case_id, person_id=found.scalar_one(), position=0, kind="BAIL"
        )
    )
    papers = [
        {"case_id": case_id, "position": place, "match_key": kind, "type": kind}
        for place, kind in enumerate(changes.get("papers", PAPERS))
    ]
    if papers:
        await connection.execute(sa.insert(document), papers)
    return number


async def file_cases(hub: Hub, count: int, start: int = 0) -> list[str]:
    """Several of them; titles are ``case-0``, ``case-1`` and so on."""
    async with hub.database.begin() as connection:
        return [
            await file_case(connection, f"case-{start + place}")
            for place in range(count)
        ]


async def judge_all(hub: Hub) -> None:
    """Every case gets a judgment, and a court that takes part and may serve it."""
    async with hub.database.begin() as connection:
        for statement in (
            "update person set stage = 'S230_JUDGED_PENDING'",
            "insert into document (case_id, position, match_key, type)"
            " select id, 90 + p, t, t from case_record,"
            " unnest(array['JUDGMENT_DOC','SERVICE_RECEIPT'])"
            " with ordinality as d(t, p)",
            f"insert into case_agency (case_id, agency) select id, '{COURT}'"  # noqa: S608
            " from case_record",
        ):
            await connection.execute(sa.text(statement))


def draft(number: str, key: str = "", **changes: Any) -> TransferDraft:
    """The hand-over of a case to the procuratorate."""
    told: dict[str, Any] = {
        "case_number": number,
        "node": NODE,
        "receiver": PROC,
        "client_key": key or f"key-{number}",
    }
    return TransferDraft(**(told | changes))


async def rows(hub: Hub, statement: str, **values: Any) -> list[Any]:
    """What stands in the database."""
    async with hub.database.read() as connection:
        return list(await connection.execute(sa.text(statement), values))


async def states(hub: Hub) -> dict[str, int]:
    """How many transfers are in each state."""
    found = await rows(hub, "select state, count(*) as n from transfer group by state")
    return {row.state: row.n for row in found}


async def until(hub: Hub, wanted: dict[str, int], patience: float = 90.0) -> None:
    """Wait until the transfers stand like this; tells how they stood at the end."""
    end = time.monotonic() + patience
    while (now := await states(hub)) != wanted:
        if time.monotonic() > end:
            raise AssertionError(f"wanted {wanted}, found {now}")
        await asyncio.sleep(0.1)


async def eventually(hub: Hub, statement: str, patience: float = 90.0) -> None:
    """Wait until a statement finds a row."""
    end = time.monotonic() + patience
    while not await rows(hub, statement):
        if time.monotonic() > end:
            raise AssertionError(f"nothing found by: {statement}")
        await asyncio.sleep(0.1)


@dataclass(slots=True)
class WorkerProcess:
    """A real worker in a process of its own: ``python -m tests.flow.hand_worker``."""

    url: str
    address: str
    can: tuple[str, ...] = ()
    failpoint: str = ""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        command = [sys.executable, "-m", "tests.flow.hand_worker", self.url]
        command += [self.address, ",".join(self.can), self.failpoint]
        self.process = subprocess.Popen(command, cwd=ROOT)
        return self

    def kill(self) -> None:
        """Pull the plug."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def finish(self) -> int:
        """Ask it to stop and wait until it has."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)
