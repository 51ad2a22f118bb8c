"""The proxy: listens for the hub, asks the agency, and lets things go wrong between."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import h11

from tests.simulators.proxy import http
from tests.simulators.proxy.line import Line, LineCutError, corrupted
from tests.simulators.proxy.plan import Plan, Turn

_CHUNK = 65_536


@dataclass(slots=True)
class Proxy:
    """A line to one agency. ``is_http`` takes exchanges whole; else bytes flow."""

    host: str
    port: int
    is_http: bool = True
    turn: Turn = field(default_factory=Turn)
    listens_at: int = 0
    before: http.Message | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def address(self) -> str:
        """Where the hub finds the agency now."""
        return f"http://127.0.0.1:{self.listens_at}"

    def set(self, plan: Plan | None = None) -> None:
        """From now on this goes wrong; nothing where no plan is given."""
        self.turn.set(plan or Plan())
        self.before = None

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One connection from the hub."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(LineCutError, OSError, h11.ProtocolError):
                await (self._exchange if self.is_http else self._flow)(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        side = h11.Connection(h11.SERVER)
        request = await http.Peer(reader, side).message()
        if request is None:
            return
        plan = self.turn.next(request.path)
        if plan.silent:
            await _forever()
        answer = await self._answer(http.asked(request, plan), plan)
        if plan.swallow:
            await _forever()
        line = Line(writer, plan)
        await line.write(http.spelled(http.changed(answer, plan), side))

    async def _answer(self, request: http.Message, plan: Plan) -> http.Message:
        if plan.answer is not None:
            return http.made(plan.answer)
        if plan.repeat and self.before is not None:
            return self.before
        self.before = await http.forward(request, self.host, self.port)
        return self.before

    async def _flow(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Bytes of any protocol; a plan counts the bytes of the whole connection."""
        plan = self.turn.next()
        if plan.silent:
            await _forever()
        back, forth = await self._reach()
        sending = asyncio.create_task(_pump(reader, forth))
        line = Line(writer, plan)
        try:
            while data := await back.read(_CHUNK):
                if not plan.swallow:
                    spoilt = corrupted(data, plan.corrupt_at - line.written)
                    await line.write(spoilt)
            if plan.swallow:
                await _forever()
        finally:
            sending.cancel()
            forth.close()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.host.startswith("/"):
            return await asyncio.open_unix_connection(self.host)
        return await asyncio.open_connection(self.host, self.port)

    async def end(self) -> None:
        """Let go of every connection."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()


async def _forever() -> None:
    await asyncio.Event().wait()


@asynccontextmanager
async def between(
    host: str, port: int, *, is_http: bool = True
) -> AsyncIterator[Proxy]:
    """A proxy to an agency that listens at ``host:port``, for as long as needed.

    A ``host`` that begins with ``/`` is the path of a socket on this machine.
    """
    proxy = Proxy(host, port, is_http)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.listens_at = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.end()
        await server.wait_closed()
