"""The server side of SOAP 1.1 that the SOAP agencies share: envelopes and moods.

Strict: a wrong media type, envelope, namespace or order is a Client.Schema fault.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_GARBAGE = b"\x00\x01 not a soap answer \xff\xfe\x80" * 7


class SoapFault(Exception):
    """The call is refused on the level of the protocol."""

    def __init__(self, code: str, text: str) -> None:
        """``code`` without prefix, such as ``Client.Authentication``."""
        super().__init__(text)
        self.code = code


class Dropped(Response):
    """The connection ends in the middle of an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a thousand bytes, send some, hang up."""
        headers = [(b"content-type", b"text/xml"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"<?xml ", "more_body": True})


def opened(body: bytes, media: str) -> etree._Element:
    """The element in the envelope's body; raises ``SoapFault``."""
    if not media.startswith("text/xml"):
        raise SoapFault("Client.Schema", f"media type {media}")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        envelope = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SoapFault("Client.Schema", "not well-formed") from error
    if envelope.tag != f"{{{ENVELOPE}}}Envelope":
        raise SoapFault("VersionMismatch", "SOAP 1.1 only")
    content = envelope.find(f"{{{ENVELOPE}}}Body")
    if content is None or len(content) != 1:
        raise SoapFault("Client.Schema", "one element in the body")
    return content[0]


def enveloped(content: str, *, declared: str = "UTF-8", really: str = "") -> Response:
    """A whole answer; ``really`` is the encoding used if it is not the declared."""
    text = (
        f'<?xml version="1.0" encoding="{declared}"?>'
        f'<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>{content}</soap:Body>'
        "</soap:Envelope>"
    )
    used = really or ("gb18030" if declared.upper().startswith("GB") else declared)
    media = f"text/xml; charset={declared.lower()}"
    return Response(text.encode(used), media_type=media)


def faulted(fault: SoapFault) -> Response:
    """A SOAP fault, which SOAP 1.1 sends with status 500."""
    answer = enveloped(
        f"<soap:Fault><faultcode>soap:{fault.code}</faultcode>"
        f"<faultstring>{escape(str(fault))}</faultstring></soap:Fault>"
    )
    answer.status_code = 500
    return answer


async def mood(faults: dict[str, Any]) -> Response | None:
    """What comes instead of an answer while the test bench wants it so."""
    if faults.get("slow"):
        await asyncio.sleep(float(faults["slow"]))
    if faults.get("down"):
        return Response("down", 503)
    if faults.get("page"):
        page = "<!DOCTYPE html><html><body>请登录 please log in</body></html>"
        return Response(page, media_type="text/html; charset=utf-8")
    if spend(faults, "garbage"):
        return Response(_GARBAGE, media_type="text/xml")
    return None


def spend(faults: dict[str, Any], name: str) -> bool:
    """Use up one of the counted faults of this name, if any is left."""
    left = int(faults.get(name) or 0)
    if left > 0:
        faults[name] = left - 1
    return left > 0


def schema(path: Path) -> etree.XMLSchema:
    """A schema by which an agency judges what it is sent."""
    return etree.XMLSchema(etree.parse(str(path)))


def wsdl_schema(path: Path) -> etree.XMLSchema:
    """The schema that stands inside a WSDL."""
    found = etree.parse(str(path)).find(".//{http://www.w3.org/2001/XMLSchema}schema")
    if found is None:
        raise ValueError(f"{path} holds no schema")
    return etree.XMLSchema(found)
