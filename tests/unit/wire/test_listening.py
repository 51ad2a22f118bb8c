import asyncio
import json

import pytest
from aiohttp import web

from hub.errors import AgencyUnreachable
from hub.wire import listening as ears
from hub.wire.drop import Folder
from hub.wire.http import Http
from hub.wire.listening import Heard, is_heard, listening, tell
from tests.unit.wire.test_http import _served


async def turned(request):
    return web.Response(body=(await request.read())[::-1], content_type="text/plain")


async def test_a_call_is_heard_with_what_was_sent_and_what_came():
    async with _served(turned) as address, Http("police") as http:
        with listening() as heard:
            await http.call(
                "POST",
                f"{address}/x",
                body=b"abc",
                params={"p": "1"},
                headers={"K": "v"},
            )
    (one,) = heard
    assert (one.wire, one.said) == ("http", f"POST {address}/x?p=1")
    assert (one.sent, dict(one.sent_headers)) == (b"abc", {"K": "v"})
    assert (one.status, one.body) == ("200", b"cba")
    assert one.headers["content-type"].startswith("text/plain")


async def test_a_call_that_fails_is_heard_too():
    async with Http("police", deadline=5) as http:
        with listening() as heard, pytest.raises(AgencyUnreachable):
            await http.call("GET", "http://127.0.0.1:1/")
    (one,) = heard
    assert one.error
    assert not one.status


async def test_nothing_is_heard_and_nothing_made_while_nobody_listens(monkeypatch):
    def never(*_, **__):
        raise AssertionError("made for nobody")

    monkeypatch.setattr("hub.wire.http._heard", never)
    async with _served(turned) as address, Http("police") as http:
        await http.call("POST", f"{address}/x", body=b"abc")
    tell(Heard("http", "x"))
    assert not is_heard()


async def test_tasks_and_threads_of_the_block_are_heard_and_no_others(tmp_path):
    (tmp_path / "A.ok").touch()
    (tmp_path / "A.zip").write_bytes(b"PK")
    folder = Folder(tmp_path, endpoint="justice")
    with listening() as heard:
        await asyncio.gather(folder.left(), folder.take("A.zip"), folder.take("B.zip"))
    await folder.left()
    told = {one.said.split()[0]: one for one in heard[:1]}
    assert set(told) <= {"LIST", "TAKE"}
    assert len(heard) == 3
    assert {one.error for one in heard} == {"", "not there, or being written"}


def test_a_body_stands_in_no_repr():
    told = Heard(
        "http",
        "POST x",
        sent=b"secret-1",
        body=b"secret-2",
        sent_headers={"A": "secret-3"},
    )
    assert "secret" not in repr(told)
    assert json.dumps(ears.__doc__)
