"""An agency's end of a real RabbitMQ: a queue of its own, gone afterwards.

``HUB_TEST_RABBITMQ`` names another broker than this machine's.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

import aio_pika
from aio_pika.abc import AbstractChannel
from pamqp.common import FieldValue

ADDRESS = os.environ.get("HUB_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/")
#: seconds the broker has for anything it is asked
_DEADLINE = 20.0
#: seconds after which nobody is taken to be there
_PATIENCE = 5.0
#: the broker itself removes a queue that nobody asked for so many milliseconds
_FORGOTTEN = 3_600_000

Message = tuple[str, bytes]  # its id and its bytes


def place() -> str:
    """Where the broker is, without the account."""
    return ADDRESS.rpartition("@")[2].rpartition("//")[2]


def stranger() -> str:
    """The broker's address with a password that is not ours."""
    told = urlsplit(ADDRESS)
    account = f"{told.username or 'guest'}:{quote(uuid.uuid4().hex)}"
    return told._replace(netloc=f"{account}@{told.netloc.rpartition('@')[2]}").geturl()


@cache
def lacking() -> str:
    """Why nothing can be tested on the broker; empty if it answers and knows us."""
    try:
        _within(_nothing, _PATIENCE)
    except (OSError, TimeoutError, aio_pika.exceptions.AMQPError) as error:
        return f"NO RABBITMQ at {place()} ({type(error).__name__}): not tested"
    return ""


class Outbox:
    """A queue into which the agency sends; ``kept`` is the file with its name."""

    def __init__(self, kept: Path) -> None:
        """Choose a name that nobody else has, unless there is one."""
        if not kept.exists():
            kept.write_text(f"hub-test-{uuid.uuid4().hex}", "utf-8")
        self.name = kept.read_text("utf-8")

    def fill(self, messages: Iterable[Message], media: str) -> None:
        """Make the queue anew, with exactly these messages."""
        held = [_spelt(one, media) for one in messages]

        async def work(channel: AbstractChannel) -> None:
            await channel.queue_delete(self.name)
            told: dict[str, FieldValue] = {"x-expires": _FORGOTTEN}
            queue = await channel.declare_queue(self.name, durable=True, arguments=told)
            for one in held:
                await channel.default_exchange.publish(one, self.name)
            # a channel works in order: once this is answered all of them are there
            await queue.declare()

        _within(work, _DEADLINE)

    def add(self, message: Message, media: str) -> None:
        """One more, behind what waits."""

        async def work(channel: AbstractChannel) -> None:
            told = _spelt(message, media)
            await channel.default_exchange.publish(told, self.name)
            await channel.declare_queue(self.name, passive=True)

        _within(work, _DEADLINE)

    def remove(self) -> None:
        """The queue is gone, and what was in it."""

        async def work(channel: AbstractChannel) -> None:
            await channel.queue_delete(self.name)

        _within(work, _DEADLINE)

    def end_with_us(self) -> None:
        """Remove it when this process is told to end."""

        def end(*_: object) -> None:
            self.remove()
            sys.exit(0)

        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, end)


def _spelt(message: Message, media: str) -> aio_pika.Message:
    name, body = message
    return aio_pika.Message(body, message_id=name, content_type=media)


async def _nothing(_: AbstractChannel) -> None:
    """To be let in is enough."""


def _within(work: Callable[[AbstractChannel], Awaitable[None]], limit: float) -> None:
    """Do it on a channel of its own, in a loop of its own: one may be running here."""

    async def done() -> None:
        async with asyncio.timeout(limit):
            connection = await aio_pika.connect(ADDRESS, timeout=limit)
            async with connection:
                # confirmed one by one a thousand messages take seconds
                await work(await connection.channel(publisher_confirms=False))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, done()).result()
