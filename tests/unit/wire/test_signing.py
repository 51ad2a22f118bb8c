"""Signed requests, checked by a far side that knows nothing of the hub's code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hub.errors import AgencyLoginRefused
from hub.wire.http import Http
from hub.wire.login import FixedToken
from hub.wire.rest import Rest
from hub.wire.signing import HmacSigner, Layout, signature

SECRET = "口令 invented".encode()
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


async def _far(request: web.Request) -> web.StreamResponse:
    """Refuses what is not signed over exactly what came."""
    body = await request.read()
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    lines = [request.method, request.raw_path, request.headers["Date"]]
    lines.append(f"SHA-256={digest}")
    made = hmac.new(SECRET, "\n".join(lines).encode(), "sha256").digest()
    said = re.search(r'signature="([^"]*)"', request.headers["Authorization"])
    good = said and hmac.compare_digest(said[1], base64.b64encode(made).decode())
    return web.json_response({"ok": True}, status=200 if good else 401)


@pytest.fixture
async def root():
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _far)
    async with TestServer(app) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest.mark.parametrize(
    ("method", "path", "params", "body"),
    [
        ("GET", "/api/aj", {}, None),
        ("GET", "/api/aj/%E5%B9%BF%2F1", {}, None),
        ("GET", "/api/aj", {"q": "张 三&b=1+1", "size": "50"}, None),
        ("POST", "/api/aj", {"a": "%2B"}, {"xm": "张三"}),
    ],
)
async def test_what_is_signed_is_what_was_sent(root, method, path, params, body):
    async with Http("sign-test") as http:
        rest = Rest(http, root, None, signer=HmacSigner("hub", SECRET))
        answer = await rest.call(method, path, params=params, body=body)
        assert rest.read(answer) == {"ok": True}


async def test_a_wrong_secret_is_a_login_refused(root):
    async with Http("sign-test") as http:
        rest = Rest(http, root, None, signer=HmacSigner("hub", b"wrong"))
        with pytest.raises(AgencyLoginRefused):
            await rest.call("GET", "/api/aj")


async def test_a_token_and_a_signature_go_together():
    layout = Layout(authorization="", nonce="X-Nonce")
    signer = HmacSigner("hub", SECRET, layout)
    heard = {}

    async def far(request):
        heard.update(request.headers)
        return web.json_response({})

    app = web.Application()
    app.router.add_get("/", far)
    async with TestServer(app) as server, Http("sign-test") as http:
        token = FixedToken("t0ken", endpoint="sign-test")
        rest = Rest(http, str(server.make_url("/")), token, signer=signer)
        await rest.call("GET", "/")
    assert heard["Authorization"] == "Bearer t0ken"
    assert len(heard["X-Nonce"]) == 32


def test_a_vendor_s_own_layout_is_data():
    layout = Layout(
        lines=("{key_id}{date}{target}",),
        encoding="hex",
        date="X-Ts",
        authorization="{signature}",
    )
    made = HmacSigner("hub", b"k", layout).headers("get", "/a?b=1", b"", NOW)
    assert made["X-Ts"] == "Fri, 02 Jan 2026 03:04:05 GMT"
    text = "hubFri, 02 Jan 2026 03:04:05 GMT/a?b=1"
    assert made["Authorization"] == hmac.new(b"k", text.encode(), "sha256").hexdigest()


def test_sm3_is_the_standard_s():
    """GB/T 32905's hash in HMAC."""
    found = signature("abc", b"key", "sm3", "hex")
    try:
        expected = hmac.new(b"key", b"abc", "sm3").hexdigest()
    except ValueError:
        pytest.skip("this OpenSSL's hashlib knows no SM3")
    assert found == expected


def test_the_secret_never_shows():
    assert "invented" not in repr(HmacSigner("hub", b"invented"))
