"""A real RabbitMQ for the queue's tests: queues of the test's own, gone afterwards.

Without one (``tests/simulators/broker.py``) the tests are skipped, and say so.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aio_pika
import pytest

from tests.simulators.broker import ADDRESS, lacking

needs_broker = pytest.mark.skipif(bool(lacking()), reason=lacking() or "it answers")


@dataclass
class Broker:
    """A queue of a test's own, seen from the agency's side of the broker."""

    channel: aio_pika.abc.AbstractChannel
    name: str

    async def leave(self, body: bytes, message_id: str | None = None, **how) -> None:
        """The agency sends one message."""
        message = aio_pika.Message(body, message_id=message_id, **how)
        await self.channel.default_exchange.publish(message, self.name)

    async def waiting(self) -> list[bytes]:
        """What is in the queue now; it stays there."""
        queue = await self.channel.get_queue(self.name)
        found = []
        while (one := await queue.get(fail=False)) is not None:
            found.append(one)
        for one in found:
            await one.nack(requeue=True)
        return [one.body for one in found]

    async def until(self, count: int) -> None:
        """Until so many wait: what a closed channel held comes back a little later."""
        while len(await self.waiting()) != count:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


@asynccontextmanager
async def broker(**arguments: object) -> AsyncIterator[Broker]:
    """A fresh queue on the broker; ``arguments`` as RabbitMQ knows them."""
    name = f"hub-test-{uuid.uuid4().hex}"
    connection = await aio_pika.connect(ADDRESS)
    async with connection:
        channel = await connection.channel()
        await channel.declare_queue(name, durable=True, arguments=arguments or None)
        try:
            yield Broker(channel, name)
        finally:
            other = await connection.channel()
            await other.queue_delete(name)
