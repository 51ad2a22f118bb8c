"""A server that answers every call with something made to hurt.

``python -m tests.unit.wire.wsdl_zoo.hostile`` prints its port; POST /NAME gives the
answer of that name, GET /hits says how often anybody came for an external entity.
"""

from __future__ import annotations

import gzip
import http.server
import sys
import time
from collections.abc import Callable, Iterator

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
OPEN = f'<e:Envelope xmlns:e="{SOAP}"><e:Body><r>'.encode()
CLOSE = b"</r></e:Body></e:Envelope>"
MEGA = 1_000_000
PAGE = "<!DOCTYPE html><html><body>请登录 please log in</body></html>".encode()
XHTML = b'<?xml version="1.0"?>\n' + PAGE
#: how much was sent of the answer that was asked for last
SENT = {"bytes": 0, "hits": 0}
Answer = tuple[str, Iterator[bytes]]


def once(content: bytes) -> Iterator[bytes]:
    """One piece."""
    yield content


def many(head: bytes, piece: bytes, size: int, tail: bytes = CLOSE) -> Iterator[bytes]:
    """A long answer that is never held: ``piece`` until ``size`` is reached."""
    yield head
    block = piece * max(1, 65_536 // len(piece))
    for _ in range(size // len(block)):
        yield block
    yield tail


def trickle() -> Iterator[bytes]:
    """A byte now and then, for ever."""
    yield OPEN
    while True:
        time.sleep(0.05)
        yield b" "


def laughs() -> bytes:
    """Ten levels of ten: a billion, if anybody counts them out."""
    told = ['<!ENTITY l0 "ha">']
    told += [f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10)]
    return f"<!DOCTYPE r [{''.join(told)}]>".encode() + OPEN + b"&l9;" + CLOSE


def external(address: str) -> bytes:
    """An entity that stands at an address."""
    head = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{address}">]>'
    return head.encode() + OPEN + b"&x;" + CLOSE


def quadratic() -> bytes:
    """One long entity, very often."""
    head = f'<!DOCTYPE r [<!ENTITY a "{"a" * 100_000}">]>'
    return head.encode() + OPEN + b"&a;" * 100_000 + CLOSE


def parts(count: int, *, has_end: bool = True, mark: str = "x") -> bytes:
    """A multipart answer of many parts."""
    body = "".join(f"--{mark}\r\n\r\n{i}\r\n" for i in range(count))
    return (body + (f"--{mark}--\r\n" if has_end else "")).encode()


XML = "text/xml; charset=utf-8"
RELATED = 'multipart/related; boundary="x"'
#: name -> media type and pieces; the port of this server is filled in
ANSWERS: dict[str, Callable[[int], Answer]] = {
    "good": lambda _: (XML, once(OPEN + "好".encode() + CLOSE)),
    "laughs": lambda _: (XML, once(laughs())),
    "quadratic": lambda _: (XML, once(quadratic())),
    "comments": lambda _: (XML, once(b"<!-- -->" * 100_000 + laughs())),
    "entity_file": lambda _: (XML, once(external("file:///etc/hostname"))),
    "entity_http": lambda port: (XML, once(external(f"http://127.0.0.1:{port}/hit"))),
    "flat": lambda _: (XML, many(OPEN, b"<a>1</a>", 200 * MEGA)),
    "flat_below_cap": lambda _: (XML, many(OPEN, b"<a/>", 7 * MEGA)),
    "text": lambda _: (XML, many(OPEN, b"x", 20 * MEGA)),
    "attributes": lambda _: (
        XML,
        once(
            OPEN
            + b"<a "
            + b" ".join(b'a%d="1"' % i for i in range(300_000))
            + b"/>"
            + CLOSE
        ),
    ),
    "namespaces": lambda _: (
        XML,
        once(
            OPEN
            + b"<a "
            + b" ".join(b'xmlns:a%d="u:%d"' % (i, i) for i in range(200_000))
            + b"/>"
            + CLOSE
        ),
    ),
    "references": lambda _: (XML, many(OPEN, b"&#65;", 7 * MEGA)),
    "deep": lambda _: (
        XML,
        once(OPEN + b"<a>" * 100_000 + b"</a>" * 100_000 + CLOSE),
    ),
    "digits": lambda _: (XML, once(OPEN + b"<n>" + b"9" * 5_000 + b"</n>" + CLOSE)),
    "fault_digits": lambda _: (
        XML,
        once(
            OPEN.replace(b"<r>", b"<e:Fault><faultcode>")
            + b"9" * 5_000
            + CLOSE.replace(b"</r>", b"</faultcode></e:Fault>")
        ),
    ),
    "truncated": lambda _: (XML, once((OPEN + b"<a>1</a>" * 1000 + CLOSE)[:-700])),
    "inside_character": lambda _: (XML, once(OPEN + "好".encode()[:2])),
    "nothing": lambda _: (XML, once(b"")),
    "zeros": lambda _: (XML, once(bytes(1000))),
    "latin": lambda _: (
        "text/xml; charset=ISO-8859-1",
        once(OPEN + "好".encode() + CLOSE),
    ),
    "latin_gbk": lambda _: (
        "text/xml; charset=ISO-8859-1",
        once(OPEN + "好".encode("gbk") + CLOSE),
    ),
    "gbk_header": lambda _: (
        "text/xml; charset=gbk",
        once(b'<?xml version="1.0" encoding="utf-8"?>' + OPEN + "好".encode() + CLOSE),
    ),
    "unknown_charset": lambda _: (
        "text/xml; charset=x-cn",
        once(OPEN + "好".encode("gbk") + CLOSE),
    ),
    "page": lambda _: ("text/html", once(PAGE)),
    "page_as_xml": lambda _: (XML, once(PAGE)),
    "page_as_xhtml": lambda _: (XML, once(XHTML)),
    "json": lambda _: ("application/json", once(b'{"code":401}')),
    "gzip": lambda _: (XML, once(gzip.compress(bytes(200 * MEGA), 9))),
    "no_end": lambda _: (RELATED, once(parts(3, has_end=False))),
    "no_end_long": lambda _: (RELATED, many(parts(1, has_end=False), b"y", 200 * MEGA)),
    "many_parts": lambda _: (RELATED, once(parts(100_000))),
    "no_boundary": lambda _: ("multipart/related", once(parts(1))),
    "long_head": lambda _: (
        RELATED,
        once(b"--x\r\nContent-ID: " + b"a" * 1_000_000 + b"\r\n\r\nb\r\n--x--"),
    ),
    "lying_start": lambda _: (f'{RELATED}; start="<q>"', once(parts(2))),
    "trickle": lambda _: (XML, trickle()),
    "endless": lambda _: (XML, many(OPEN, b"<a/>", 10**15)),
}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by name, chunk by chunk."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """How often somebody came for an entity, and how much was sent."""
        if self.path == "/hit":
            SENT["hits"] += 1
        text = f"{SENT['hits']} {SENT['bytes']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self) -> None:
        """The answer of this name."""
        self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.strip("/")
        media, pieces = ANSWERS[name](self.server.server_address[1])
        self.send_response(200)
        self.send_header("Content-Type", media)
        if name == "gzip":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        SENT["bytes"] = 0
        try:
            for piece in pieces:
                if piece:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                    SENT["bytes"] += len(piece)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True  # they hung up, as they should

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """One that does not complain of callers that hang up."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until killed."""
    with Server(("127.0.0.1", 0), Handler) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
