"""No personal data in any sink: logs, metrics, errors, the database's own views.

The agencies' invented people are the canaries. Server and worker run as they do in
production, at the most talkative level, through syncs, faults and clumsy requests;
then every place that is not an answer to an allowed question is searched for them.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from hub.entry.references import holds_password
from hub.entry.settings import Auth
from hub.entry.tokens import make_keys, mint
from tests.simulators import world
from tests.simulators.launch import ROOT, free_port

CASES = 12


def canaries():
    """What must be found nowhere: names long enough to be nobody else's word."""
    found = set()
    for case in world.build(7, CASES):
        found.add(case.summary)
        for person in case.persons:
            found |= {person.id_number, person.address}
            if len(person.name) > 2:
                found.add(person.name)
    return found


@dataclass
class Deployment:
    """Two processes, where they listen and where they write."""

    address: str
    home: Path
    auth: Auth

    def token(self, agency):
        return mint(self.auth, agency)

    def ask(self, client, agency, document, **variables):
        return client.post(
            f"{self.address}/graphql",
            headers={"authorization": f"Bearer {self.token(agency)}"},
            json={"query": document, "variables": variables},
            timeout=30,
        )


def kept(home, name, secret):
    (home / name).write_text(secret, "utf-8")
    return f"file:{name}"


def write_settings(home, city, database_url, port):
    make_keys(home / "keys")
    rows = []
    for system, one in city.endpoints.items():
        secrets = {n: kept(home, f"{system}-{n}", v) for n, v in one.secrets.items()}
        options = {
            n: kept(home, f"{system}-{n}", v) if holds_password(v) else v
            for n, v in one.options.items()
        }
        table = {"code": one.code, "system": system, "agency": one.agency}
        table |= {"address": one.address, "serves": list(one.serves), "every": 1}
        lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
        for section, values in (("options", options), ("secrets", secrets)):
            lines.append(f"[endpoints.{section}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        rows.append("[[endpoints]]\n" + "\n".join(lines))
    head = f'database = {json.dumps(database_url)}\nbind = "127.0.0.1:{port}"\n'
    head += '[auth]\njwks = "keys/jwks.json"\nprivate_key = "keys/private.json"\n'
    head += '[logs]\nlevel = "debug"\n'
    (home / "hub.toml").write_text(head + "\n".join(rows), "utf-8")


@pytest.fixture
def deployment(small_city, database_url, tmp_path):
    port = free_port()
    write_settings(tmp_path, small_city, database_url, port)
    command = [
        sys.executable,
        "-m",
        "hub.entry",
        "--config",
        str(tmp_path / "hub.toml"),
    ]
    running = []
    for name in ("serve", "worker"):
        with (tmp_path / f"{name}.log").open("wb") as sink:
            running.append(
                subprocess.Popen([*command, name], cwd=ROOT, stdout=sink, stderr=sink)
            )
    keys = tmp_path / "keys"
    auth = Auth("agency-hub", "agency-hub", keys / "jwks.json", keys / "private.json")
    made = Deployment(f"http://127.0.0.1:{port}", tmp_path, auth)
    try:
        wait_until(lambda: is_ready(made) or any(p.poll() for p in running))
        assert not [p.args for p in running if p.poll()]
        yield made
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)


def is_ready(deployment):
    try:
        return httpx.get(f"{deployment.address}/health/ready").status_code == 200
    except httpx.HTTPError:
        return False


def wait_until(is_so, tries=600):
    for _ in range(tries):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it never came about")


def states(deployment, client):
    answer = deployment.ask(client, "HUB-OPERATOR", "{ endpoints { code state } }")
    return {one["state"] for one in answer.json()["data"]["endpoints"]}


def clumsy(deployment, client, person):
    """Requests as a careless client sends them, with people's data in them."""
    words = [person.name, person.id_number]
    told = []
    for document, variables in (
        ("{ case(number: 17) { title } ", {}),
        (f"{{ {person.id_number} }}", {}),
        (f'{{ case(nummer: "{person.name}") {{ title }} }}', {}),
        (f"# {person.name}\n{{ nothing }}", {}),
        ("query($n: String!) { case(number: $n) { title } }", {"n": person.id_number}),
        ("query($n: String!) { case(number: $n) { title } }", {"m": person.name}),
        ("query($n: Int!) { cases(first: $n) { nodes { id } } }", {"n": words}),
        ("query { transfer(id: " + json.dumps(person.name) + ") { id } }", {}),
        (
            "mutation($i: SubmitTransferInput!) { submitTransfer(input: $i)"
            " { __typename ... on Refusal { message { zh en } where } } }",
            {
                "i": {
                    "caseNumber": person.id_number,
                    "node": "INDICTMENT",
                    "receiver": "COURT-421381",
                    "clientKey": person.name,
                    "note": " ".join(words),
                }
            },
        ),
    ):
        answer = deployment.ask(client, "PROC-421381", document, **variables)
        told.append((document, answer.text))
    bare = client.post(f"{deployment.address}/graphql", content=person.name.encode())
    forged = client.post(
        f"{deployment.address}/graphql",
        headers={"authorization": f"Bearer {person.id_number}"},
        json={"query": "{ caller { agencyType } }"},
    )
    lost = client.get(f"{deployment.address}/console/failure?id={person.name}")
    told += [("bare", bare.text), ("forged", forged.text), ("lost", lost.text)]
    return told


def test_no_sink_holds_the_data_of_a_person(deployment, small_city, database_url):
    people = [p for c in world.build(7, CASES) for p in c.persons if len(p.name) > 2]
    with httpx.Client() as client:
        wait_until(lambda: states(deployment, client) == {"UP"})
        seen = deployment.ask(
            client,
            "POLICE-421381",
            "{ cases(first: 5) { nodes { title persons { name idNumber } } } }",
        )
        assert "idNumber" in seen.text, "the people did reach the hub"
        for system in small_city.running:
            small_city.fault(system, garbage=50, down=True)
        wait_until(lambda: "UP" not in states(deployment, client))
        told = clumsy(deployment, client, people[0])
        metrics = client.get(f"{deployment.address}/metrics").text
    sinks = {f"error of {document!r}": text for document, text in told}
    sinks["metrics"] = metrics
    for name in ("serve", "worker"):
        sinks[name] = (deployment.home / f"{name}.log").read_text("utf-8")
        assert '"event"' in sinks[name], "there is a log to search"
    sinks["database"] = asyncio.run(views_of(database_url))
    assert found(sinks) == []


async def views_of(database_url):
    """What the database shows of running and past statements."""
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("select query from pg_stat_activity"))
        text = "\n".join(str(row.query) for row in rows)
    engine.dispose()
    return text


def found(sinks):
    """(sink, canary) wherever one is, however it is spelt in JSON."""
    hits = []
    for name, text in sinks.items():
        for word in canaries():
            spellings = {word, json.dumps(word)[1:-1]}
            if any(spelling in text for spelling in spellings):
                hits.append((name, word))
    return hits


def test_the_search_would_find_one():
    word = world.build(7, CASES)[0].persons[0].id_number
    assert found({"log": json.dumps({"event": word})}) == [("log", word)]
