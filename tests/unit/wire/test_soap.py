from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyFaultUnknown,
    AgencyUnreachable,
    InterfaceInvalid,
    ManifestInvalid,
)
from hub.wire.business import BusinessFaults, Meaning
from hub.wire.http import Http
from hub.wire.soap import Soap

WSDL = """<definitions name="S" targetNamespace="urn:t" xmlns:t="urn:t"
 xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns="http://schemas.xmlsoap.org/wsdl/"
 xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/">{extra}
 <message name="In"><part name="a" type="x:string"/></message>
 <message name="Out"><part name="return" type="x:string"/></message>
 <portType name="P"><operation name="Do"><input message="t:In"/>
  <output message="t:Out"/></operation></portType>
 <binding name="B" type="t:P"><s:binding style="rpc"
  transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Do">
  <s:operation soapAction="urn:t#Do"/><input><s:body use="literal" namespace="urn:t"/>
  </input><output><s:body use="literal" namespace="urn:t"/></output></operation>
 </binding><service name="S"><port name="P" binding="t:B">
 <s:address location="http://127.0.0.1:9/elsewhere"/></port></service></definitions>"""
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
FAULTS = BusinessFaults({"Server.Busy": Meaning("AGENCY_BUSY", "", "忙", "busy")}, ())


def _envelope(content: str) -> bytes:
    return (
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{content}</e:Body></e:Envelope>'
    ).encode()


def _wsdl(folder: Path, extra: str = "") -> Path:
    path = folder / "s.wsdl"
    path.write_text(WSDL.format(extra=extra), "utf-8")
    return path


@asynccontextmanager
async def _soap(
    folder: Path, answer: bytes, status: int = 200, media: str = "text/xml"
) -> AsyncIterator[tuple[Soap, list[web.Request]]]:
    seen: list[web.Request] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        await request.read()
        seen.append(request)
        return web.Response(status=status, body=answer, content_type=media)

    app = web.Application()
    app.router.add_post("/here", handle)
    async with TestServer(app) as server, Http("ep", deadline=5) as http:
        address = str(server.make_url("/here"))
        async with Soap(http, _wsdl(folder), address, FAULTS) as soap:
            yield soap, seen


async def test_the_call_goes_to_the_configured_address_with_its_action(
    tmp_path: Path,
) -> None:
    content = '<t:DoResponse xmlns:t="urn:t"><return>a&amp;b</return></t:DoResponse>'
    async with _soap(tmp_path, _envelope(content)) as (soap, seen):
        answer, tree = await soap.call("Do", a="x<]]>是")
    assert tree == {"return": "a&b"}
    assert answer.body == _envelope(content)
    (request,) = seen
    assert request.headers["SOAPAction"] == '"urn:t#Do"'
    assert request.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert "x&lt;]]&gt;是" in (await request.text())


@pytest.mark.parametrize(
    ("code", "leaf"),
    [("e:Server.Busy", AgencyBusy), ("e:Server.Odd", AgencyFaultUnknown)],
)
@pytest.mark.parametrize("status", [200, 500])
async def test_a_soap_fault_ends_in_the_leaf_that_is_listed(
    tmp_path: Path, code: str, leaf: type[AgencyError], status: int
) -> None:
    fault = f"<faultcode>{code}</faultcode><faultstring>张三</faultstring>"
    body = _envelope(f"<e:Fault>{fault}</e:Fault>")
    async with _soap(tmp_path, body, status) as (soap, _):
        with pytest.raises(leaf) as caught:
            await soap.call("Do", a="1")
    assert caught.value.body == body
    assert "张三" not in f"{caught.value.message} {caught.value.detail}"


@pytest.mark.parametrize(
    "body",
    [
        b"\x00\x01",
        b"<a/>",
        _envelope(""),
        _envelope("<a/><b/>"),
        b"<e:Envelope",
        b"<!DOCTYPE x><e:Envelope/>",
    ],
)
async def test_what_is_no_soap_is_unreadable_and_kept(
    tmp_path: Path, body: bytes
) -> None:
    async with _soap(tmp_path, body) as (soap, _):
        with pytest.raises(AgencyAnswerUnreadable) as caught:
            await soap.call("Do", a="1")
    assert caught.value.body == body


async def test_no_soap_under_status_500_is_unreachable(tmp_path: Path) -> None:
    async with _soap(tmp_path, b"Internal error", 500) as (soap, _):
        with pytest.raises(AgencyUnreachable):
            await soap.call("Do", a="1")


@pytest.mark.parametrize("media", ["text/html", "text/xml"])
async def test_a_web_page_is_a_gateway_speaking(tmp_path: Path, media: str) -> None:
    page = b"\xef\xbb\xbf<!DOCTYPE html><html>login</html>"
    async with _soap(tmp_path, page, media=media) as (soap, _):
        with pytest.raises(AgencyUnreachable) as caught:
            await soap.call("Do", a="1")
    assert caught.value.body == page


@pytest.mark.parametrize(
    ("operation", "parts"), [("Do", {}), ("Undone", {"a": "1"}), ("Do", {"a": "\x02"})]
)
async def test_a_request_that_does_not_fit_the_wsdl_is_not_sent(
    tmp_path: Path, operation: str, parts: dict[str, str]
) -> None:
    async with _soap(tmp_path, b"") as (soap, seen):
        with pytest.raises(ManifestInvalid):
            await soap.send(operation, **parts)
    assert seen == []


@pytest.mark.parametrize(
    "extra",
    [
        '<import namespace="urn:o" location="http://127.0.0.1:9/o.wsdl"/>',
        '<import namespace="urn:o" location="/etc/hostname"/>',
        "<unclosed>",
    ],
)
async def test_a_wsdl_that_reaches_outside_its_folder_is_refused(
    tmp_path: Path, extra: str
) -> None:
    async with Http("ep") as http:
        soap = Soap(http, _wsdl(tmp_path, extra), "http://127.0.0.1:9/", FAULTS)
        with pytest.raises(InterfaceInvalid):
            await soap.__aenter__()
