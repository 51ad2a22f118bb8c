"""Writing an answer onto a line that may be slow, short or wrong."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass

from tests.simulators.proxy.plan import Plan


class LineCutError(Exception):
    """The plan ended the line; nothing more may be written."""


@dataclass(slots=True)
class Line:
    """The way back to whoever asked, on which a plan is carried out."""

    writer: asyncio.StreamWriter
    plan: Plan
    written: int = 0

    async def write(self, data: bytes) -> None:
        """Write as the plan allows; raises ``LineCutError`` where it ends the line."""
        if self.written == 0 and data:
            await asyncio.sleep(self.plan.latency)
        room = len(data)
        if self.plan.cut_at >= 0:
            room = max(min(room, self.plan.cut_at - self.written), 0)
        await self._pour(data[:room])
        if self.plan.cut_at >= 0 and self.written >= self.plan.cut_at:
            await self._end()
            raise LineCutError

    async def _pour(self, data: bytes) -> None:
        size = self.plan.trickle or len(data) or 1
        for start in range(0, len(data), size):
            self.writer.write(data[start : start + size])
            await self.writer.drain()
            self.written += len(data[start : start + size])
            if self.plan.trickle:
                await asyncio.sleep(self.plan.pause)

    async def _end(self) -> None:
        if self.plan.ending == "half":
            self.writer.write_eof()
            await asyncio.sleep(3600)
        if self.plan.ending == "reset":
            hang_up(self.writer)
        self.writer.close()


def hang_up(writer: asyncio.StreamWriter) -> None:
    """End a connection by a reset instead of an orderly end."""
    found = writer.get_extra_info("socket")
    now = struct.pack("ii", 1, 0)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
    writer.transport.abort()


def corrupted(body: bytes, at: int) -> bytes:
    """The same bytes but for one, which has another value."""
    if not 0 <= at < len(body):
        return body
    return body[:at] + bytes([body[at] ^ 0x15]) + body[at + 1 :]
