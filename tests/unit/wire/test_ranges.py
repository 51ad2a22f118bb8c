"""A file over HTTP in ranges: resumed, ignored, gone, changed, lied about."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hub.errors import AgencyAnswerUnreadable
from hub.wire.http import Http
from hub.wire.ranges import piece

BODY = os.urandom(100_003)


@asynccontextmanager
async def _far(answer, **how) -> AsyncIterator[tuple[Http, str]]:
    app = web.Application()
    app.router.add_get("/file", answer)
    async with TestServer(app) as server, Http("range-test", **how) as http:
        yield http, str(server.make_url("/file"))


async def test_a_file_comes_whole_in_pieces(tmp_path) -> None:
    place = tmp_path / "file.pdf"
    place.write_bytes(BODY)

    async def serve(request):
        return web.FileResponse(place)  # aiohttp's own reading of ranges

    async with _far(serve, max_bytes=20_000) as (http, url):
        found, versions = bytearray(), set()
        while True:
            one = await piece(http, url, len(found), 17_000)
            found += one.body
            versions.add(one.version)
            assert one.size == len(BODY)
            if one.is_last:
                break
        beyond = await piece(http, url, len(BODY) + 5, 10)
    assert hashlib.sha256(found).digest() == hashlib.sha256(BODY).digest()
    assert (len(versions), one.media) == (1, "application/pdf")
    assert (beyond.body, beyond.is_last) == (b"", True)


async def test_a_far_side_without_ranges_gives_its_piece_too() -> None:
    async def serve(request):
        return web.Response(body=BODY)

    async with _far(serve) as (http, url):
        one = await piece(http, url, 99_000, 10_000)
    assert (one.body, one.size, one.is_last) == (BODY[99_000:], len(BODY), True)


async def test_a_file_that_is_not_there_is_none() -> None:
    async def serve(request):
        return web.Response(status=404)

    async with _far(serve) as (http, url):
        assert await piece(http, url, 0, 10) is None


@pytest.mark.parametrize(
    "told",
    ["", "bytes 5-9/100", "bytes 0-99/100", "bytes x", "bytes 0-9/" + "9" * 5_000],
)
async def test_another_piece_than_asked_is_refused(told: str) -> None:
    async def serve(request):
        headers = {"Content-Range": told} if told else {}
        return web.Response(status=206, body=b"x" * 10, headers=headers)

    async with _far(serve) as (http, url):
        with pytest.raises(AgencyAnswerUnreadable):
            await piece(http, url, 0, 10)
