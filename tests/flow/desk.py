"""What the replay tests share: a hub on rules of its own, callers, a worker.

The rules are a copy on disk in which the police's codes of two measures are swapped;
``mend`` puts them right again, as a person would.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from hub.engine.answers import codes as answer_codes
from hub.engine.hub import Hub
from hub.engine.lanes import Beat
from hub.engine.retry import Pace
from hub.engine.rules import RuleBook
from hub.engine.sync import sync_endpoint
from hub.entry.app import create_app
from hub.entry.tokens import Verifier, make_keys, mint
from hub.entry.worker import keep_working
from hub.store import records
from tests.flow import books
from tests.flow.city import ROOT, City

OPERATOR = "HUB-OPERATOR"
SWAPPED = ("CRIMINAL_DETENTION", "ARREST")
PATH = "persons.measures.kind"
START = """mutation ($input: StartReplayInput!) { startReplay(input: $input) {
  __typename
  ... on ReplayTurned { job { id state total scope { endpoints everything } } }
  ... on Refusal { code where message { zh en } } } }"""
JOB = """query ($id: ID!) { replayJob(id: $id) {
  id state total done changed failed closed notices reason startedBy
  error { code } finishedAt
  callers { agency { code } cases read received acknowledged }
  transfers { id node { code } }
  items(first: 100) { totalCount nodes {
    endpointCode sourceKey outcome paths facetBefore facetAfter } } } }"""
CORRECTIONS = """{ corrections(first: 100) { totalCount nodes {
  id causes reason readAt acknowledgedAt replayId case { hubNumber }
  transfers { id }
  changes { path place before after since rulesBefore rulesAfter } } } }"""
_PACE = Pace(batch=5, first_wait=0.2, longest_wait=1.0)
_BEAT = Beat(jobs=4, poll=0.1, heartbeat=0.5, silence=3.0, farewell=5.0)


@dataclass
class Auth:
    """Keys of the test's own making."""

    jwks: Path
    private_key: Path
    issuer: str = "hub"
    audience: str = "hub"


@dataclass
class Desk:
    """A hub whose rules are files that may be edited, and its web door."""

    hub: Hub
    folder: Path
    auth: Auth
    web: httpx.AsyncClient

    @property
    def crosswalk(self) -> Path:
        """The police's words for compulsory measures."""
        place = "tables/compulsory_measure/crosswalk/police_case.tsv"
        return self.folder / place

    def swap(self) -> None:
        """Confuse the two codes; doing it again puts them right."""
        one, other = SWAPPED
        words = self.crosswalk.read_text("utf-8")
        words = words.replace(one, "?").replace(other, one).replace("?", other)
        self.crosswalk.write_text(words + "\n" * words.count("\n\n"), "utf-8")

    def mend(self) -> None:
        """The person who swapped them notices."""
        self.swap()

    async def sync(self, codes: Iterable[str] = ()) -> None:
        """Pull these endpoints, or all of them."""
        for code in codes or self.hub.registry.endpoints:
            await sync_endpoint(self.hub, code, "test")

    async def ask(self, agency: str, query: str, **variables: Any) -> Any:
        """A signed request by HTTP; the data of its answer."""
        answer = await self.web.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"authorization": f"Bearer {mint(self.auth, agency)}"},
        )
        body = answer.json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def start(self, reason: str = "mended", **scope: Any) -> Any:
        """startReplay, as the operator."""
        told = {"scope": scope, "reason": reason}
        return (await self.ask(OPERATOR, START, input=told))["startReplay"]

    async def turn(self, what: str, job: str) -> Any:
        """pauseReplay, resumeReplay or cancelReplay."""
        query = f"""mutation ($id: ID!) {{ {what}Replay(id: $id) {{ __typename
          ... on ReplayTurned {{ job {{ state done }} }}
          ... on Refusal {{ code where }} }} }}"""
        return (await self.ask(OPERATOR, query, id=job))[f"{what}Replay"]

    async def job(self, job: str) -> Any:
        """replayJob, with everything."""
        return (await self.ask(OPERATOR, JOB, id=job))["replayJob"]

    async def finished(self, job: str) -> Any:
        """The job once a worker is through with it."""
        while (found := await self.job(job))["state"] == "RUNNING":  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return found

    async def corrections(self, agency: str) -> list[Any]:
        """What an agency was told."""
        found: list[Any] = (await self.ask(agency, CORRECTIONS))["corrections"]["nodes"]
        return found

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        """A worker at work meanwhile, in this process."""
        stop = asyncio.Event()
        quiet = replace(self.hub, registry=_unscheduled(self.hub.registry))
        working = keep_working(quiet, _PACE, _BEAT, stop, sweep_every=0.5)
        task = asyncio.create_task(working)
        try:
            yield
        finally:
            stop.set()
            await task

    async def records(self) -> dict[int, Any]:
        """Every case as it is shown, by id."""
        async with self.hub.database.read() as connection:
            found = await connection.execute(
                sa.text("select id from case_record where merged_into is null")
            )
            ids = [int(row.id) for row in found]
            return dict(await records.load_records(connection, ids))

    async def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """What stands in the database."""
        wanted = sa.text(statement).bindparams(**values)
        return await books.rows(self.hub.database, wanted)


def _unscheduled(registry: Any) -> Any:
    """The same endpoints, pulled only when a test says so."""
    rare = {
        code: replace(endpoint, every=86_400.0)
        for code, endpoint in registry.endpoints.items()
    }
    return replace(registry, endpoints=rare)


@asynccontextmanager
async def open_desk(hub: Hub, folder: Path) -> AsyncIterator[Desk]:
    """A desk over a hub; its rules are a swapped copy in ``folder``."""
    shutil.copytree(ROOT / "mappings", folder / "mappings")
    make_keys(folder)
    auth = Auth(folder / "jwks.json", folder / "private.json")
    desk = Desk(hub, folder / "mappings", auth, httpx.AsyncClient())
    desk.swap()
    desk.hub = replace(hub, book=RuleBook.open(desk.folder))
    kinds = partial(answer_codes.agency_type, desk.hub)
    app = create_app(desk.hub, Verifier.of(auth, kinds))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as web:
        desk.web = web
        yield desk


def measures(record: Any) -> list[str]:
    """The kinds of measures of all persons of a case."""
    return [
        str(one["kind"])
        for person in record.get("persons", ())
        for one in person.get("measures", ())
        if one.get("kind")
    ]


def police(city: City) -> str:
    """The endpoint whose crosswalk is wrong."""
    return city.endpoints["police_case"].code
