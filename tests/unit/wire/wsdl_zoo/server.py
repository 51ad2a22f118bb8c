"""A strict SOAP server for the shapes: what is not exactly as written is a fault.

A process of its own, on the standard library and lxml only: it shares no code with
the wire that it judges. ``python -m tests.unit.wire.wsdl_zoo.server`` prints its port.
"""

from __future__ import annotations

import email
import email.policy
import http.server
import re
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import yaml
from lxml import etree

SHAPES = Path(__file__).parent / "shapes"
SPACES = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
MEDIA = {"1.1": "text/xml", "1.2": "application/soap+xml"}
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
SECURITY = "wssecurity-secext-1.0.xsd}Security"


class Wrong(Exception):
    """The request is not what the shape asks for."""


def demand(found: object, wanted: object, what: str) -> None:
    """Raise ``Wrong`` if the two differ."""
    if found != wanted:
        raise Wrong(f"{what}: {found!r}, wanted {wanted!r}")


def form(node: Any) -> tuple[Any, ...]:
    """What matters of an element: names, attributes, text and children."""
    attributes = dict(node.attrib)
    if XSI_TYPE in attributes:
        prefix, _, local = attributes[XSI_TYPE].rpartition(":")
        attributes[XSI_TYPE] = f"{{{node.nsmap.get(prefix or None)}}}{local}"
    children = tuple(form(child) for child in node if isinstance(child.tag, str))
    text = (node.text or "") if not children else (node.text or "").strip()
    return node.tag, tuple(sorted(attributes.items())), text, children


def check(case: dict[str, Any], headers: Any, body: bytes) -> None:
    """Is this request what the shape asks for? Raises ``Wrong``."""
    wanted = case["expect"]
    version = str(wanted.get("version", "1.1"))
    encoding = wanted.get("encoding", "utf-8")
    media = headers["Content-Type"]
    if wanted.get("files"):
        media, body = unpack(media, body, wanted["files"])
    params = dict(re.findall(r';\s*([\w-]+)="?([^";]*)"?', media))
    demand(media.partition(";")[0], MEDIA[version], "media type")
    demand(params.get("charset"), encoding, "charset")
    action = wanted["action"]
    if version == "1.1":
        demand(headers["SOAPAction"], f'"{action}"', "SOAPAction")
    else:
        demand(headers["SOAPAction"], None, "SOAPAction")
        demand(params.get("action", ""), action, "action")
    first = body.split(b"?>")[0].lower()
    if f"encoding='{encoding}'".encode() not in first:
        raise Wrong("the declaration names another encoding")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    envelope = etree.fromstring(body, parser)
    space = SPACES[version]
    demand(envelope.tag, f"{{{space}}}Envelope", "envelope")
    demand(envelope.getroottree().docinfo.doctype, "", "DTD")
    parts = [child.tag.rpartition("}")[2] for child in envelope]
    if parts not in (["Body"], ["Header", "Body"]):
        raise Wrong(f"an envelope of {parts}")
    told = wanted["body"]
    expected = told if isinstance(told, list) else [told]
    compare(envelope[-1], expected, "body")
    if "header" in wanted:
        compare(envelope[0], wanted["header"], "header")
    elif len(envelope) == 2:
        raise Wrong("a header that nobody asked for")


def compare(parent: Any, expected: list[str], what: str) -> None:
    """Do exactly these elements stand in it?"""
    found = [form(child) for child in parent]
    wanted = [form(etree.fromstring(text)) for text in expected]
    demand(found, wanted, what)


def unpack(media: str, body: bytes, files: dict[str, str]) -> tuple[str, bytes]:
    """The root part, taken apart by Python's own mail reader."""
    head = f"Content-Type: {media}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    demand(message.get_content_type(), "multipart/related", "media type")
    root, *others = message.iter_parts()
    found = {
        part["Content-ID"].strip("<>"): part.get_payload(decode=True).decode()
        for part in others
    }
    demand(found, files, "files")
    return root["Content-Type"], root.get_payload(decode=True)


def answer(case: dict[str, Any], content: str) -> tuple[bytes, str]:
    """An envelope around it, in the version and encoding of the shape."""
    wanted = case["expect"]
    version, encoding = (
        str(wanted.get("version", "1.1")),
        wanted.get("encoding", "utf-8"),
    )
    space = SPACES[version]
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><s:Envelope xmlns:s="{space}">'
        f"<s:Body>{content}</s:Body></s:Envelope>"
    )
    body, media = text.encode(encoding), f"{MEDIA[version]}; charset={encoding}"
    files = case.get("files")
    if not files:
        return body, media
    mark = "=_zoo_1"
    lines = [f"--{mark}\r\nContent-Type: {media}\r\nContent-ID: <r>\r\n\r\n".encode()]
    lines += [body, b"\r\n"]
    for name, held in files.items():
        head = f"--{mark}\r\nContent-Type: application/pdf\r\nContent-ID: <{name}>"
        lines += [head.encode(), b"\r\n\r\n", held.encode(), b"\r\n"]
    lines.append(f"--{mark}--\r\n".encode())
    told = f'multipart/related; type="text/xml"; boundary="{mark}"; start="<r>"'
    return b"".join(lines), told


class Handler(http.server.BaseHTTPRequestHandler):
    """POST /SHAPE is the service of that shape."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Judge and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = SHAPES / self.path.strip("/") / "case.yaml"
        case = yaml.safe_load(path.read_text("utf-8"))
        try:
            check(case, self.headers, body)
        except (Wrong, etree.XMLSyntaxError) as error:
            fault = "<s:Fault><faultcode>s:Client.Wrong</faultcode><faultstring>"
            fault += f"{escape(str(error))}</faultstring></s:Fault>"
            case["expect"] = {"version": "1.1"}
            content, media = answer({**case, "files": None}, fault)
            self._send(500, content, media)
            return
        if case.get("status") == 202:
            self._send(202, b"", "text/plain")
            return
        self._send(200, *answer(case, case["answer"]))

    def _send(self, status: int, content: bytes, media: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until killed."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
