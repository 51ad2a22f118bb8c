import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
    AgencyUnreachable,
)
from hub.wire.answer import json_of
from hub.wire.http import Answer, Http
from hub.wire.login import ClientCredentials, FixedToken
from hub.wire.rest import Rest, in_step, segment


class Far:
    """A far side with one live token at a time, that counts the knocks."""

    def __init__(self) -> None:
        self.logins = 0
        self.calls: list[str] = []
        self.bodies: list[bytes] = []
        self.live = ""
        self.answer = web.json_response
        self.login_status = 200
        self.login_body: object = None
        self.in_body = False
        self.lives = 1000

    async def login(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        self.logins += 1
        if self.login_status != 200 or form["client_secret"] != "s€cret & more":
            return web.json_response({"error": "invalid_client"}, status=401)
        self.live = f"token-{self.logins}"
        told = self.login_body or {"access_token": self.live}
        return web.json_response(told)

    async def api(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(request.raw_path)
        await asyncio.sleep(0.01)
        self.lives -= 1
        if self.lives == 0:
            self.live = ""
        sent = request.headers["Authorization"]
        if not self.live or sent != f"Bearer {self.live}":
            status = 200 if self.in_body else 401
            return web.json_response({"code": "dead"}, status=status)
        self.bodies.append(await request.read())
        if request.path.endswith("page"):
            return web.Response(text="<html>", content_type="text/html")
        return web.json_response({"ok": True})


@asynccontextmanager
async def _opened(
    far: Far, *, is_stale: Callable[[Answer], bool] = lambda _: False
) -> AsyncIterator[Rest]:
    app = web.Application()
    app.router.add_route("POST", "/token", far.login)
    app.router.add_route("*", "/{tail:.*}", far.api)
    async with TestServer(app) as server, Http("ep", deadline=5) as http:
        root = str(server.make_url("/"))
        token = ClientCredentials(http, f"{root}token", "hub", "s€cret & more")
        yield Rest(http, root, token, is_stale=is_stale)


async def test_many_calls_at_once_share_one_login() -> None:
    far = Far()
    async with _opened(far) as rest:
        await asyncio.gather(*(rest.call("GET", "/a") for _ in range(8)))
    assert (far.logins, len(far.calls)) == (1, 8)


async def test_a_token_that_dies_in_the_middle_is_renewed_once_for_all() -> None:
    far = Far()
    far.lives = 5
    async with _opened(far) as rest:
        calls = [partial(rest.call, "GET", f"/{number}") for number in range(12)]
        answers = await in_step(calls, 4)
    assert all(answer.status == 200 for answer in answers)
    assert far.logins == 2


async def test_a_dead_token_told_in_a_200_is_renewed_too() -> None:
    far = Far()
    far.in_body, far.lives = True, 2

    def tells_dead(answer: Answer) -> bool:
        return b"dead" in answer.body

    async with _opened(far, is_stale=tells_dead) as rest:
        for _ in range(3):
            answer = await rest.call("GET", "/a")
            assert json_of(answer, endpoint="ep") == {"ok": True}
    assert far.logins == 2


async def test_a_token_refused_twice_ends_the_call() -> None:
    far = Far()
    far.login_body = {"access_token": "never-alive"}
    async with _opened(far) as rest:
        with pytest.raises(AgencyLoginRefused):
            await rest.call("POST", "/a", body={"x": 1})
    assert far.logins == 2
    assert far.bodies == []


async def test_a_refused_login_is_not_tried_again() -> None:
    far = Far()
    far.login_status = 401
    async with _opened(far) as rest:
        for _ in range(3):
            with pytest.raises(AgencyLoginRefused):
                await rest.call("GET", "/a")
    assert far.logins == 1


@pytest.mark.parametrize("told", [[], {"token": "x"}, {"access_token": 5}])
async def test_a_login_without_a_token_is_an_unreadable_answer(told: object) -> None:
    far = Far()
    far.login_body = told or [1]
    async with _opened(far) as rest:
        with pytest.raises(AgencyAnswerUnreadable):
            await rest.call("GET", "/a")


async def test_a_fixed_token_is_never_renewed() -> None:
    far = Far()
    async with _opened(far) as rest:
        rest._token = FixedToken("wrong", endpoint="ep")
        with pytest.raises(AgencyLoginRefused) as caught:
            await rest.call("GET", "/a")
    assert (caught.value.endpoint, len(far.calls)) == ("ep", 1)


async def test_a_page_with_status_200_counts_as_unreachable() -> None:
    far = Far()
    async with _opened(far) as rest:
        with pytest.raises(AgencyUnreachable) as caught:
            await rest.call("GET", "/page")
    assert caught.value.body == b"<html>"


async def test_numbers_with_brackets_travel_as_one_path_segment() -> None:
    far = Far()
    async with _opened(far) as rest:
        await rest.call("GET", f"/aj/{segment('广检受[2023]4/1号 ?#')}")
    (path,) = far.calls
    assert path == ("/aj/%E5%B9%BF%E6%A3%80%E5%8F%97%5B2023%5D4%2F1%E5%8F%B7%20%3F%23")


async def test_bodies_are_json_in_utf8() -> None:
    far = Far()
    async with _opened(far) as rest:
        await rest.call("POST", "/a", body={"xm": "㛃"})
    assert far.bodies == ['{"xm": "㛃"}'.encode()]


async def test_the_first_failure_of_a_handful_is_raised_after_the_others_ended() -> (
    None
):
    done: list[int] = []

    async def call(number: int) -> int:
        await asyncio.sleep(0.01 * number)
        done.append(number)
        if number in (1, 2):
            raise AgencyUnreachable(str(number), str(number))
        return number

    with pytest.raises(AgencyError) as caught:
        await in_step([partial(call, number) for number in range(6)], 3)
    assert caught.value.message.en == "1"
    assert done == [0, 1, 2]


async def test_results_come_in_the_order_of_the_calls() -> None:
    async def call(number: int) -> int:
        await asyncio.sleep(0.005 * (5 - number))
        return number

    found = await in_step([partial(call, number) for number in range(5)], 3)
    assert found == [0, 1, 2, 3, 4]


@asynccontextmanager
async def _tokens(answers: list[tuple[int, object]]) -> AsyncIterator[tuple[Http, str]]:
    """A token address that answers these in turn, and tells what it heard."""

    async def login(request: web.Request) -> web.StreamResponse:
        heard = await request.post()
        status, told = answers.pop(0) if len(answers) > 1 else answers[0]
        told = told(request, heard) if callable(told) else told
        return web.json_response(told, status=status)

    app = web.Application()
    app.router.add_post("/token", login)
    async with TestServer(app) as server, Http("ep") as http:
        yield http, str(server.make_url("/token"))


async def test_id_and_secret_travel_in_the_header_where_the_server_wants_it() -> None:
    def told(request: web.Request, form: object) -> dict[str, object]:
        login = aiohttp.BasicAuth.decode(request.headers["Authorization"])
        assert (login.login, login.password) == ("hub", "a%3Ab+c")
        assert "client_secret" not in form
        assert form["scope"] == "cases"
        return {"access_token": "t", "token_type": "Bearer"}

    async with _tokens([(200, told)]) as (http, url):
        login = ClientCredentials(http, url, "hub", "a:b c", scope="cases", by="header")
        assert await login.current() == "t"


async def test_a_token_about_to_end_is_renewed_before_it_does() -> None:
    answers = [
        (200, {"access_token": "one", "expires_in": "0.0000001"}),
        (200, {"access_token": "two", "expires_in": 3600}),
    ]
    async with _tokens(answers) as (http, url):
        login = ClientCredentials(http, url, "hub", "s")
        assert await login.current() == "one"
        assert await login.current() == "two"
        assert await login.current() == "two"


async def test_a_server_that_is_busy_locks_nobody_out() -> None:
    answers = [
        (400, {"error": "temporarily_unavailable"}),
        (503, {}),
        (200, {"access_token": "t"}),
    ]
    async with _tokens(answers) as (http, url):
        login = ClientCredentials(http, url, "hub", "s")
        for _ in range(2):
            with pytest.raises(AgencyBusy):
                await login.current()
        assert await login.current() == "t"


@pytest.mark.parametrize(
    "told",
    [
        {"access_token": "t", "token_type": "mac"},
        {"access_token": "a\r\nX: b"},
        {"access_token": 5},
        {"access_token": ""},
        [],
        {"access_token": "t" * 9_000},
    ],
)
async def test_a_login_answer_without_a_usable_token_is_unreadable(told) -> None:
    async with _tokens([(200, told)]) as (http, url):
        with pytest.raises(AgencyAnswerUnreadable):
            await ClientCredentials(http, url, "hub", "s").current()
