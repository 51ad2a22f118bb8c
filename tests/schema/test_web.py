"""The web door: tokens, bodies, health, metrics; by a real ASGI application."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from hub.engine.answers import codes as answer_codes
from hub.entry.app import create_app
from hub.entry.graphql import LARGEST_BODY
from hub.entry.tokens import Verifier, make_keys, mint
from hub.store.database import Database
from tests.schema import seeds

ASK = {"query": "{ caller { agency { code } } }"}


@dataclass
class Auth:
    jwks: Path
    private_key: Path
    issuer: str = "hub"
    audience: str = "hub"


@pytest.fixture
def auth(tmp_path):
    make_keys(tmp_path)
    return Auth(tmp_path / "jwks.json", tmp_path / "private.json")


@pytest.fixture
def app(hub, auth):
    return create_app(hub, Verifier.of(auth, partial(answer_codes.agency_type, hub)))


@pytest.fixture
async def web(app):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        yield client


@pytest.fixture
def signed(auth):
    return {"authorization": f"Bearer {mint(auth, seeds.COURT)}"}


async def test_a_signed_request_is_answered_and_kept_by_nobody(web, signed):
    answer = await web.post("/graphql", json=ASK, headers=signed)
    assert answer.status_code == 200
    assert answer.json() == {"data": {"caller": {"agency": {"code": seeds.COURT}}}}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer a.b.c"]
)
async def test_without_a_token_there_is_no_data(web, header):
    answer = await web.post("/graphql", json=ASK, headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    told = answer.json()
    assert told["data"] is None
    extensions = told["errors"][0]["extensions"]
    assert extensions["code"] == "TOKEN_INVALID"
    assert extensions["messageZh"]
    assert extensions["remedy"]["en"]


async def test_a_token_for_no_known_agency_is_none(web, auth):
    token = mint(auth, "COURT-999999")
    headers = {"authorization": f"Bearer {token}"}
    answer = await web.post("/graphql", json=ASK, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"query": NaN}', "application/json", 400),
        (b"[]", "application/json", 400),
        (b'[{"query": "{ caller { mayAsk } }"}]', "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"query": 1}', "application/json", 400),
        (b'{"query": " "}', "application/json", 400),
        (b'{"query": "{x}", "variables": []}', "application/json", 400),
        (b'{"query": "{x}", "operationName": 1}', "application/json", 400),
        (b'{"query": "{ caller { mayAsk } }"}', "text/plain", 400),
        (b"query=x", "application/x-www-form-urlencoded", 400),
        (b'{"query": "{ caller { mayAsk } }"}', "", 400),
        (b'{"query": "{ caller { mayAsk } }"}', "application/json; charset=utf-8", 200),
        (b'{"query": "' + b"x" * LARGEST_BODY + b'"}', "application/json", 413),
    ],
)
async def test_what_is_no_operation_is_refused_with_a_code(
    web, signed, body, kind, status
):
    headers = signed | {"content-type": kind}
    answer = await web.post("/graphql", content=body, headers=headers)
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["errors"][0]["extensions"]["code"] == "REQUEST_INVALID"


async def test_a_document_of_too_many_tokens_is_refused(web, signed):
    text = "{ %s }" % ("caller { agencyType } " * 700)
    answer = await web.post("/graphql", json={"query": text}, headers=signed)
    assert "token" in answer.json()["errors"][0]["message"]


async def test_nothing_is_asked_by_get_and_there_is_no_page_to_play_on(web, signed):
    answer = await web.get(
        "/graphql", params=ASK, headers=signed | {"accept": "text/html"}
    )
    assert answer.status_code == 405


async def test_the_process_lives_and_is_ready(web):
    assert (await web.get("/health/live")).json() == {"status": "live"}
    assert (await web.get("/health/ready")).json() == {"status": "ready"}


async def test_without_a_database_it_lives_but_is_not_ready(web, app, hub, tmp_path):
    from dataclasses import replace

    gone = Database.open(f"postgresql+psycopg://x@/x?host={tmp_path}", pool=1)
    app.state.hub = replace(hub, database=gone)
    assert (await web.get("/health/live")).status_code == 200
    answer = await web.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["code"] == "DATABASE_NOT_READY"
    assert "hub_database_ready 0.0" in (await web.get("/metrics")).text
    await gone.close()


async def test_metrics_count_requests_and_tell_how_endpoints_stand(
    web, database, signed
):
    await seeds.standing(database, "police-suizhou", "down")
    await seeds.failure(database)
    case_id = await seeds.case(database, seeds.POLICE)
    await seeds.transfer(database, case_id, state="DEAD")
    await web.post("/graphql", json=ASK, headers=signed)
    told = (await web.get("/metrics")).text
    assert 'hub_requests_total{caller="COURT",outcome="ok"}' in told
    assert 'hub_endpoint_state{endpoint="police-suizhou",state="down"} 1.0' in told
    assert 'hub_open_failures{endpoint="police-suizhou"} 1.0' in told
    assert 'hub_open_drifts{endpoint="police-suizhou"} 0.0' in told
    assert 'hub_transfers{node="PROSECUTION_TRANSFER",state="DEAD"} 1.0' in told
    assert "hub_cases 1.0" in told
    assert "李" not in told
