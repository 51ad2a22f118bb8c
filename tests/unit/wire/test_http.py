import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyFaultUnknown,
    AgencyLoginRefused,
    AgencyUnreachable,
)
from hub.wire.http import Answer, Http, retry_after

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def _served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@asynccontextmanager
async def _raw(answer: bytes) -> AsyncIterator[str]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def _call(url: str, **limits: float) -> Answer:
    bytes_ = int(limits.get("max_bytes", 1000))
    async with Http("ep", deadline=limits.get("deadline", 5), max_bytes=bytes_) as http:
        return await http.call("POST", url, body=b"<a/>", params={"q": "是"})


async def test_bytes_go_and_come_as_they_are() -> None:
    async def echo(request: web.Request) -> web.StreamResponse:
        assert request.query["q"] == "是"
        assert request.headers["Accept-Encoding"] == "identity"
        body = await request.read()
        return web.Response(body=body + b"\xff", content_type="text/xml")

    async with _served(echo) as url:
        answer = await _call(url)
    assert (answer.status, answer.body, answer.media) == (200, b"<a/>\xff", "text/xml")
    assert "<a/>" not in repr(answer)


@pytest.mark.parametrize(
    ("status", "leaf"),
    [
        (401, AgencyLoginRefused),
        (403, AgencyLoginRefused),
        (429, AgencyBusy),
        (503, AgencyBusy),
        (500, AgencyUnreachable),
        (502, AgencyUnreachable),
        (404, AgencyFaultUnknown),
        (302, AgencyAnswerUnreadable),
    ],
)
async def test_a_status_ends_in_its_leaf_with_the_body_kept(
    status: int, leaf: type[AgencyError]
) -> None:
    async def refuse(_: web.Request) -> web.StreamResponse:
        headers = {"Location": "http://127.0.0.1:9/", "Retry-After": "17"}
        return web.Response(status=status, headers=headers, body=b"why")

    async with _served(refuse) as url:
        with pytest.raises(leaf) as caught:
            await _call(url)
    assert (caught.value.endpoint, caught.value.body) == ("ep", b"why")
    assert caught.value.retry_after == (17 if leaf is AgencyBusy else None)


async def test_a_status_that_is_accepted_is_an_answer() -> None:
    async def fault(_: web.Request) -> web.StreamResponse:
        return web.Response(status=500, body=b"<fault/>")

    async with _served(fault) as url, Http("ep") as http:
        answer = await http.call("GET", url, accept_status=(200, 500))
    assert (answer.status, answer.body) == (500, b"<fault/>")


async def test_a_body_over_the_cap_is_cut_off_and_kept() -> None:
    async def much(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * 5000)

    async with _served(much) as url:
        with pytest.raises(AgencyAnswerUnreadable) as caught:
            await _call(url, max_bytes=100)
    assert caught.value.body == b"x" * 100


async def test_the_cap_counts_what_is_unpacked() -> None:
    async def bomb(_: web.Request) -> web.StreamResponse:
        packed = gzip.compress(b"x" * 1_000_000)
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    async with _served(bomb) as url:
        with pytest.raises(AgencyAnswerUnreadable):
            await _call(url, max_bytes=2000)


async def test_silence_until_the_deadline_is_unreachable() -> None:
    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(3600)
        return web.Response()

    async with _served(silent) as url:
        with pytest.raises(AgencyUnreachable) as caught:
            await _call(url, deadline=0.2)
    assert "in time" in caught.value.message.en


async def test_a_connection_lost_in_the_middle_is_unreachable() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    async with _raw(half) as url:
        with pytest.raises(AgencyUnreachable):
            await _call(url)


async def test_a_connection_closed_without_a_word_is_unreachable() -> None:
    async with _raw(b"") as url:
        with pytest.raises(AgencyUnreachable):
            await _call(url)


async def test_what_is_no_http_is_unreadable() -> None:
    async with _raw(b"220 ftp ready\r\n\r\n") as url:
        with pytest.raises(AgencyAnswerUnreadable):
            await _call(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "ftp://x/", "not an address"])
async def test_an_address_that_does_not_answer_is_unreachable(url: str) -> None:
    with pytest.raises(AgencyUnreachable):
        await _call(url)


async def test_a_proxy_of_the_environment_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    async def fine(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"ok")

    async with _served(fine) as url:
        assert (await _call(url)).body == b"ok"


def test_retry_after_is_read_in_both_forms() -> None:
    now = datetime(2023, 8, 1, 9, 0, 0, tzinfo=UTC)
    assert retry_after("120") == 120
    assert retry_after("Tue, 01 Aug 2023 09:01:00 GMT", now) == 60
    assert retry_after("Tue, 01 Aug 2023 08:00:00 GMT", now) == 0
    assert retry_after("9" * 5000) == retry_after("999999999") == 604_800
    assert retry_after("Fri, 01 Aug 9999 09:00:00 GMT", now) == 604_800
    assert retry_after("soon") is None
    assert retry_after("") is None
