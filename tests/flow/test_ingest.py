"""A system posts its records: who may, how much, what is kept, what is answered."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from hub.engine import failures
from hub.engine.answers import codes as answer_codes
from hub.engine.hub import Hub
from hub.entry.app import create_app
from hub.entry.tokens import Verifier, make_keys, mint
from hub.store import raw
from hub.store.tables import case_record, raw_record, sync_failure, sync_run
from tests.flow import push_in
from tests.flow.push_in import AGENCY, ENDPOINT, OTHER, case, spelled

WAY = f"/ingest/{ENDPOINT}"


@dataclass
class Auth:
    jwks: Path
    private_key: Path
    issuer: str = "hub"
    audience: str = "hub"


@pytest.fixture
def hub(database, tables, mappings, precedence):
    return Hub.of(database, tables, mappings, precedence, push_in.registry())


@pytest.fixture
def auth(tmp_path):
    make_keys(tmp_path)
    return Auth(tmp_path / "jwks.json", tmp_path / "private.json")


@pytest.fixture
def app(hub, auth):
    return create_app(hub, Verifier.of(auth, partial(answer_codes.agency_type, hub)))


@pytest.fixture
async def web(app, auth):
    transport = httpx.ASGITransport(app=app)
    token = mint(auth, AGENCY, endpoint=ENDPOINT)
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://hub",
        headers={"authorization": f"Bearer {token}"},
    ) as client:
        yield client


async def _rows(hub, table, *where):
    async with hub.database.begin() as connection:
        found = await connection.execute(
            sa.select(table).where(*where).order_by(table.c.id)
        )
        return found.all()


async def test_a_post_is_kept_worked_through_and_answered(web, hub):
    body = spelled(case(1), case(2))
    answer = await web.post(WAY, content=body)
    told = answer.json()
    assert (answer.status_code, told["state"]) == (200, "accepted"), told
    assert told["digest"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
    assert told["records"] == {
        "received": 2,
        "mapped": 2,
        "unchanged": 0,
        "setAside": 0,
    }
    (run,) = await _rows(hub, sync_run)
    assert (run.id, run.trigger, run.state) == (told["run"], "ingest", "finished")
    assert len(await _rows(hub, case_record)) == 2
    kinds = [row.kind for row in await _rows(hub, raw_record)]
    assert kinds == ["post", "case", "case"]
    assert answer.headers["cache-control"] == "no-store"


async def test_the_same_bytes_twice_change_nothing(web, hub):
    body = spelled(case(1))
    await web.post(WAY, content=body)
    events = "select count(*) from event where kind in ('case.opened', 'case.changed')"
    async with hub.database.begin() as connection:
        before = (await connection.exec_driver_sql(events)).scalar_one()
    told = (await web.post(WAY, content=body)).json()
    assert told["state"] == "duplicate"
    assert told["records"]["unchanged"] == 1
    async with hub.database.begin() as connection:
        assert (await connection.exec_driver_sql(events)).scalar_one() == before


async def test_a_state_that_comes_back_is_news_again(web):
    old, new = spelled(case(1)), spelled(case(1, ajmc="盗窃案"))
    states = [
        (await web.post(WAY, content=body)).json()["state"] for body in (old, new, old)
    ]
    assert states == ["accepted"] * 3


async def test_a_key_makes_a_late_repeat_a_duplicate(web, hub):
    old, new = spelled(case(1)), spelled(case(1, ajmc="盗窃案"))
    for body, key in ((old, "k1"), (new, "k2"), (old, "k1")):
        answer = await web.post(WAY, content=body, headers={"idempotency-key": key})
        assert answer.status_code == 200
    assert answer.json()["state"] == "duplicate"
    other = await web.post(WAY, content=new, headers={"idempotency-key": "k1"})
    assert other.status_code == 409
    assert other.json()["error"]["code"] == "REQUEST_INVALID"
    (found,) = await _rows(hub, case_record)
    assert found.title == "盗窃案"


async def test_a_post_nobody_can_read_is_kept_and_seen(web, hub):
    answer = await web.post(WAY, content=b'{"data": [', headers={"content-type": "x"})
    told = answer.json()
    assert (answer.status_code, told["state"]) == (202, "set_aside")
    (failure,) = told["failures"]
    assert failure["kind"] == "post"
    assert failure["problems"][0]["code"] == "RECORD_UNREADABLE"
    assert failure["problems"][0]["messageZh"]
    (row,) = await _rows(hub, sync_failure)
    assert (row.state, row.run_id) == ("open", told["run"])
    async with hub.database.begin() as connection:
        kept = await raw.load(connection, row.raw_id)
    assert kept.record.body == b'{"data": ['


async def test_one_record_set_aside_keeps_the_others(web, hub):
    bad = case(2, zhxgsj="昨天", slrq="昨天")
    answer = await web.post(WAY, content=spelled(case(1), bad, case(3)))
    told = answer.json()
    assert (answer.status_code, told["state"]) == (202, "set_aside"), told
    assert told["records"]["mapped"] == 2
    assert [one["kind"] for one in told["failures"]] == ["record"]
    assert len(await _rows(hub, case_record)) == 2


async def test_a_failed_post_is_replayed_and_closed(web, hub, monkeypatch):
    monkeypatch.setattr(push_in, "parse_json", _refuse)
    await web.post(WAY, content=spelled(case(1)))
    (row,) = await _rows(hub, sync_failure)
    monkeypatch.undo()
    done = await failures.replay(hub, row.id, "HUB-OPERATOR")
    assert done.is_closed
    assert len(await _rows(hub, case_record)) == 1


def _refuse(body):
    raise ValueError("a reader with a fault")


async def test_a_post_left_by_a_dead_process_is_worked_when_it_comes_again(
    web, hub, monkeypatch
):
    async def die(*_):
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr("hub.engine.ingest._worked", die)
        with pytest.raises(asyncio.CancelledError):
            await web.post(
                WAY, content=spelled(case(1)), headers={"idempotency-key": "k"}
            )
    assert [row.kind for row in await _rows(hub, raw_record)] == ["post"]
    answer = await web.post(
        WAY, content=spelled(case(1)), headers={"idempotency-key": "k"}
    )
    assert answer.json()["state"] == "accepted"


async def test_posts_side_by_side_are_all_worked(web, hub):
    bodies = [spelled(case(n)) for n in range(8)]
    answers = await asyncio.gather(*(web.post(WAY, content=body) for body in bodies))
    assert [one.json()["state"] for one in answers] == ["accepted"] * 8
    assert {row.state for row in await _rows(hub, sync_run)} == {"finished"}


@pytest.mark.parametrize(
    ("agency", "endpoint", "way", "status"),
    [
        (AGENCY, "", WAY, 401),  # a token for GraphQL
        (AGENCY, "other", WAY, 403),
        (OTHER, ENDPOINT, WAY, 403),
        (AGENCY, ENDPOINT, "/ingest/no-such", 403),
        (AGENCY, "no-such", "/ingest/no-such", 403),
    ],
)
async def test_a_token_posts_to_its_own_endpoint_only(  # noqa: PLR0917 - a table
    web, hub, auth, agency, endpoint, way, status
):
    token = mint(auth, agency, endpoint=endpoint)
    headers = {"authorization": f"Bearer {token}"}
    answer = await web.post(way, content=spelled(case(1)), headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"]["remedy"]["zh"]
    assert await _rows(hub, raw_record) == []


async def test_a_token_for_posts_reads_nothing(web):
    answer = await web.post("/graphql", json={"query": "{ caller { __typename } }"})
    assert answer.status_code == 401


async def test_an_endpoint_that_is_asked_takes_no_posts(web, hub):
    pulled = push_in.manifest().model_copy(update={"can": ("pull",)})
    hub.registry.manifests[push_in.SYSTEM] = pulled
    assert (await web.post(WAY, content=b"{}")).status_code == 403


async def test_nothing_is_read_of_a_body_that_claims_to_be_too_large(app, auth):
    sent = []

    async def receive():
        raise AssertionError("the body was read")

    async def send(message):
        sent.append(message)

    token = mint(auth, AGENCY, endpoint=ENDPOINT)
    headers = [
        (b"authorization", f"Bearer {token}".encode()),
        (b"content-length", b"9" * 5_000),
    ]
    scope = {"type": "http", "method": "POST", "path": WAY, "headers": headers}
    scope |= {"query_string": b"", "http_version": "1.1", "scheme": "http"}
    await app(scope, receive, send)
    assert sent[0]["status"] == 413


async def test_a_body_that_grows_too_large_is_refused_and_not_kept(web, hub):
    async def flood():
        for _ in range(5_000):
            yield b"x" * 1_000

    answer = await web.post(WAY, content=flood())
    assert answer.status_code == 413
    assert await _rows(hub, raw_record) == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-encoding": "gzip"}, b"x", 415),
        ({}, b"", 400),
        ({"idempotency-key": "身份证"}, b"x", 400),
        ({"idempotency-key": "k" * 101}, b"x", 400),
    ],
)
async def test_what_is_no_post_is_refused(web, headers, body, status):
    told = {name: text.encode() for name, text in headers.items()}
    assert (await web.post(WAY, content=body, headers=told)).status_code == status


async def test_a_body_that_never_comes_is_given_up(web, hub):
    short = push_in.manifest()
    limits = short.limits.model_copy(update={"deadline_seconds": 0.2})
    hub.registry.manifests[push_in.SYSTEM] = short.model_copy(update={"limits": limits})

    async def never():
        yield b"{"
        await asyncio.Event().wait()

    assert (await web.post(WAY, content=never())).status_code == 408


async def test_neither_body_nor_key_stands_in_a_log(web, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    secret = "张某某的秘密"
    body = spelled(case(1, ajmc=secret))
    await web.post(WAY, content=body, headers={"idempotency-key": "key-of-mine"})
    await web.post(WAY, content=secret.encode())
    told = caplog.text + "".join(capsys.readouterr())
    assert secret not in told
    assert "key-of-mine" not in told
