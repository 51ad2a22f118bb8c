"""caseEvents: by a real server and a real WebSocket, graphql-transport-ws."""

import asyncio
import json
from contextlib import asynccontextmanager
from functools import partial

import pytest
import uvicorn
import websockets

from hub.engine.answers import codes as answer_codes
from hub.entry.app import create_app, server_config
from hub.entry.tokens import Verifier, make_keys, mint
from hub.store import events
from tests.schema import seeds
from tests.schema.test_web import Auth

FOLLOW = "subscription ($number: String) { caseEvents(number: $number) { id kind at case { title } transfer { state } } }"  # noqa: E501


@pytest.fixture
def auth(tmp_path):
    make_keys(tmp_path)
    return Auth(tmp_path / "jwks.json", tmp_path / "private.json")


@pytest.fixture
async def address(hub, auth):
    kinds = partial(answer_codes.agency_type, hub)
    app = create_app(hub, Verifier.of(auth, kinds))
    server = uvicorn.Server(server_config(app, "127.0.0.1", 0))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/graphql"
    server.should_exit = True
    await running


@asynccontextmanager
async def connected(address, payload, protocol="graphql-transport-ws"):
    async with websockets.connect(address, subprotocols=[protocol]) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        yield socket


async def subscribe(socket, query=FOLLOW, key="1", **variables):
    message = {"query": query, "variables": variables}
    await socket.send(json.dumps({"id": key, "type": "subscribe", "payload": message}))


async def heard(socket):
    return json.loads(await socket.recv())


async def announce(database, case_id, kind, **more):
    async with database.begin() as connection:
        await events.announce(connection, kind, case_id=case_id, **more)


async def settled():
    """Give the server's subscription the time to note from where it follows."""
    await asyncio.sleep(0.3)


def bearer(auth, agency, hours=1):
    return {"Authorization": f"Bearer {mint(auth, agency, hours=hours)}"}


async def test_a_subscriber_hears_of_its_own_cases_and_of_no_others(
    address, database, auth
):
    mine = await seeds.case(database, seeds.POLICE)
    other = await seeds.case(database, seeds.STRANGER)
    key = await seeds.transfer(database, mine)
    async with connected(address, bearer(auth, seeds.POLICE)) as socket:
        told = await heard(socket)
        assert (told["type"], told["payload"]) == (
            "connection_ack",
            {"agency": seeds.POLICE},
        )
        await subscribe(socket)
        await settled()
        await announce(database, other, "case.changed")
        await announce(database, mine, "case.changed")
        await announce(database, mine, "transfer.submitted", transfer_id=key)
        first, second = await heard(socket), await heard(socket)
    event = first["payload"]["data"]["caseEvents"]
    assert (event["kind"], event["transfer"]) == ("case.changed", None)
    assert event["case"]["title"] == "李某危险驾驶案"
    event = second["payload"]["data"]["caseEvents"]
    assert event["kind"] == "transfer.submitted"
    assert event["transfer"]["state"] == "QUEUED"


async def test_one_case_can_be_followed_alone(address, database, auth):
    one, two = [await seeds.case(database, seeds.POLICE) for _ in range(2)]
    await seeds.number(database, one, "police", "A1")
    async with connected(address, bearer(auth, seeds.POLICE)) as socket:
        await heard(socket)
        await subscribe(socket, number="a1")
        await settled()
        await announce(database, two, "case.changed")
        await announce(database, one, "case.changed")
        told = await heard(socket)
    assert told["payload"]["data"]["caseEvents"]["kind"] == "case.changed"


async def test_a_case_that_is_merged_away_is_followed_into_the_other(
    address, database, auth
):
    lost, kept = [await seeds.case(database, seeds.POLICE) for _ in range(2)]
    await seeds.number(database, lost, "police", "A1")
    async with connected(address, bearer(auth, seeds.POLICE)) as socket:
        await heard(socket)
        await subscribe(socket, number="A1")
        await settled()
        await seeds.merge(database, lost, kept)
        await announce(database, lost, "case.merged", body={"into": kept})
        await announce(database, kept, "case.changed")
        told = [await heard(socket), await heard(socket)]
    heard_of = [one["payload"]["data"]["caseEvents"] for one in told]
    assert [one["kind"] for one in heard_of] == ["case.merged", "case.changed"]
    assert heard_of[0]["case"] == heard_of[1]["case"] == {"title": "李某危险驾驶案"}


@pytest.mark.parametrize("payload", [{}, {"Authorization": "Bearer x"}, {"a": 1}])
async def test_without_a_token_the_connection_closes(address, payload):
    async with connected(address, payload) as socket:
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await heard(socket)
    assert closed.value.rcvd.code == 4403


async def test_subscribing_before_saying_who_closes(address):
    async with websockets.connect(
        address, subprotocols=["graphql-transport-ws"]
    ) as socket:
        await subscribe(socket)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await heard(socket)
    assert closed.value.rcvd.code == 4401


async def test_the_old_protocol_is_not_spoken(address):
    with pytest.raises(websockets.WebSocketException):
        async with connected(address, {}, "graphql-ws") as socket:
            await heard(socket)


@pytest.mark.parametrize(
    ("agency", "query", "code"),
    [
        ("COMMITTEE-421300", FOLLOW, "NOT_ALLOWED"),
        ("HUB-OPERATOR", FOLLOW, "NOT_ALLOWED"),
        (seeds.POLICE, "{ caller { agencyType } }", "REQUEST_INVALID"),
        (
            seeds.POLICE,
            'mutation { runSync(input: {endpoint: "x"}) { __typename } }',
            "REQUEST_INVALID",
        ),
        (seeds.POLICE, "subscription { nothing }", "REQUEST_INVALID"),
        (seeds.POLICE, "{", "REQUEST_INVALID"),
    ],
)
async def test_nothing_but_an_allowed_subscription_goes_through(
    address, auth, agency, query, code
):
    async with connected(address, bearer(auth, agency)) as socket:
        await heard(socket)
        await subscribe(socket, query)
        told = await heard(socket)
    payload = told["payload"]
    error = payload[0] if told["type"] == "error" else payload["errors"][0]
    assert error["extensions"]["code"] == code


async def test_a_case_of_others_cannot_be_followed(address, database, auth):
    other = await seeds.case(database, seeds.STRANGER)
    await seeds.number(database, other, "police", "A1")
    async with connected(address, bearer(auth, seeds.POLICE)) as socket:
        await heard(socket)
        codes = []
        for key, number in (("1", "A1"), ("2", "A2")):
            await subscribe(socket, key=key, number=number)
            told = await heard(socket)
            while told["type"] == "complete":
                told = await heard(socket)
            codes.append(told["payload"]["errors"][0]["extensions"])
    assert codes[0] == codes[1]
    assert codes[0]["code"] == "NOT_FOUND"


async def test_a_subscription_does_not_outlive_its_token(address, database, auth):
    mine = await seeds.case(database, seeds.POLICE)
    async with connected(
        address, bearer(auth, seeds.POLICE, hours=1.5 / 3600)
    ) as socket:
        await heard(socket)
        await subscribe(socket)
        await asyncio.sleep(2)
        await announce(database, mine, "case.changed")
        told = await heard(socket)
    assert told["payload"]["errors"][0]["extensions"]["code"] == "TOKEN_INVALID"
