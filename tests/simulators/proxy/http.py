"""An HTTP exchange taken whole, so that its answer can be changed before it goes on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import h11

from tests.simulators.proxy.line import corrupted
from tests.simulators.proxy.plan import Answer, Plan
from tests.simulators.proxy.skew import skewed, skewed_date

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer with its whole body."""

    head: h11.Request | h11.Response
    body: bytes

    @property
    def path(self) -> str:
        """The target of a request."""
        assert isinstance(self.head, h11.Request)
        return self.head.target.decode("ascii")


@dataclass(slots=True)
class Peer:
    """One side of HTTP on a stream."""

    reader: asyncio.StreamReader
    connection: h11.Connection
    body: bytearray = field(default_factory=bytearray)

    async def message(self) -> Message | None:
        """The next whole message; ``None`` where the other side ended."""
        head: h11.Request | h11.Response | None = None
        self.body.clear()
        while True:
            event = self.connection.next_event()
            if event is h11.NEED_DATA:
                self.connection.receive_data(await self.reader.read(_CHUNK))
            elif isinstance(event, h11.Request | h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                self.body.extend(event.data)
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return Message(head, bytes(self.body))
            elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
                return None


async def forward(request: Message, host: str, port: int) -> Message:
    """Ask the agency itself; a connection of its own for each request."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        sender = h11.Connection(h11.CLIENT)
        assert isinstance(request.head, h11.Request)
        writer.write(sender.send(_single(request.head)) or b"")
        writer.write(sender.send(h11.Data(data=request.body)) or b"")
        writer.write(sender.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        found = await Peer(reader, sender).message()
    finally:
        writer.close()
    if found is None:
        raise ConnectionResetError("the agency ended the connection")
    return found


def _single(head: h11.Request) -> h11.Request:
    kept = [(k, v) for k, v in head.headers if k.lower() != b"connection"]
    return h11.Request(
        method=head.method,
        target=head.target,
        headers=[*kept, (b"connection", b"close")],
    )


def changed(answer: Message, plan: Plan) -> Message:
    """The answer as a plan spoils its content."""
    body = corrupted(answer.body, plan.corrupt_at)
    if plan.swap[0]:
        body = body.replace(*plan.swap)
    head = answer.head
    assert isinstance(head, h11.Response)
    if plan.skew:
        body, head = skewed(body, plan.skew), _dated(head, plan.skew)
    if plan.charset:
        head = _claiming(head, plan.charset)
    return replace(answer, head=head, body=body)


def asked(request: Message, plan: Plan) -> Message:
    """The request as a far side reads it whose clock is off."""
    head = request.head
    assert isinstance(head, h11.Request)
    told = h11.Request(
        method=head.method,
        target=skewed(head.target, -plan.skew),
        headers=list(head.headers),
    )
    return Message(told, skewed(request.body, -plan.skew))


def _dated(head: h11.Response, skew: int) -> h11.Response:
    headers = [
        (name, skewed_date(value, skew) if name.lower() == b"date" else value)
        for name, value in head.headers
    ]
    return h11.Response(
        status_code=head.status_code, headers=headers, reason=head.reason
    )


def _claiming(head: h11.Response, charset: str) -> h11.Response:
    headers = [
        (name, _claimed(value, charset) if name.lower() == b"content-type" else value)
        for name, value in head.headers
    ]
    return h11.Response(
        status_code=head.status_code, headers=headers, reason=head.reason
    )


def _claimed(media: bytes, charset: str) -> bytes:
    return media.split(b";", 1)[0] + b"; charset=" + charset.encode("ascii")


def made(answer: Answer) -> Message:
    """An answer of the plan's own as a message."""
    headers = [("content-type", answer.media)]
    return Message(
        h11.Response(status_code=answer.status, headers=headers), answer.body
    )


def spelled(answer: Message, side: h11.Connection) -> bytes:
    """The answer's bytes on the line, its length told, the connection ended."""
    head = answer.head
    assert isinstance(head, h11.Response)
    dropped = {b"content-length", b"transfer-encoding", b"connection"}
    kept = [(k, v) for k, v in head.headers if k.lower() not in dropped]
    length = str(len(answer.body)).encode()
    kept += [(b"content-length", length), (b"connection", b"close")]
    told = h11.Response(status_code=head.status_code, headers=kept, reason=head.reason)
    parts = (told, h11.Data(data=answer.body), h11.EndOfMessage())
    return b"".join(side.send(part) or b"" for part in parts)
