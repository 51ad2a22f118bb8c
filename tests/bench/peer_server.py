"""The agency of the peer benchmark: cases by pages of JSON, one case a line.

``python -m tests.bench.peer_server PORT COUNT``; ``/cases?page=0`` is
``{"rows": [...], "total": PAGES}``.
"""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import orjson

from tests.bench.world import PAGE, case


def pages(count: int) -> list[bytes]:
    """Every page as it is sent."""
    total = -(-count // PAGE)
    found = []
    for page in range(total):
        rows = [
            orjson.dumps(case(one))
            for one in range(page * PAGE, min(count, (page + 1) * PAGE))
        ]
        head, tail = b'{"rows":[\n', b'\n],"total":%d}' % total
        found.append(head + b",\n".join(rows) + tail)
    return found


def serve(port: int, count: int) -> None:
    """Answer until killed."""
    content = pages(count)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            body = content[int(asked.get("page", ["0"])[0])]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
