"""A message queue (RabbitMQ): take messages without losing one, send one for certain.

Built on aio-pika, without its reconnecting: what is tried again is the engine's
business. A message is taken with ``basic.get``, which knows where the queue ends. It
is acknowledged when it comes back in a later pull that starts from a watermark
naming it (``hub.contract.inbox``), and not before. Nothing is ever declared, bound
or purged here: queues belong to the agency.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage

from hub.contract.inbox import REMEMBERED, Inbox
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyError,
    SettingInvalid,
    TransferNotAcceptable,
)
from hub.wire.faults import FOREIGN, translate
from hub.wire.listening import tell_taken

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came. ``id`` is its own, or made of its bytes.

    ``mark`` tells it from every other: an id that comes again with other bytes is
    another message. ``headers`` are told as text; ``body`` is never shown.
    """

    id: str
    body: bytes = field(repr=False)
    media: str = "application/octet-stream"
    correlation_id: str = ""
    sent_at: datetime | None = None
    is_again: bool = False
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def mark(self) -> str:
        """Its id and a digest of its bytes, as an inbox remembers it."""
        return f"{self.id}/{hashlib.sha256(self.body).hexdigest()[:16]}"


class Queue:
    """One connection to one broker; enter it before use.

    Raises only leaves of ``AgencyError``, and ``TransferNotAcceptable`` for a message
    of ours that is too large.
    """

    def __init__(
        self,
        address: str,
        *,
        endpoint: str,
        deadline: float = 15.0,
        max_bytes: int = 8_000_000,
    ) -> None:
        """``address`` is ``amqp://`` or ``amqps://``, account included.

        Raises ``SettingInvalid`` for another: the library would ask this machine.
        """
        _check(address, endpoint)
        self.endpoint = endpoint
        self._address = address
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None

    async def __aenter__(self) -> Self:
        """Connect, and open a channel that confirms what is sent."""
        await self._within(self._open())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close: what was taken and not acknowledged goes back to its queue."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            await _closed(connection, self._deadline)

    async def messages(
        self, name: str, inbox: Inbox, most: int = REMEMBERED
    ) -> AsyncIterator[Message]:
        """The messages now in a queue that the inbox does not know, oldest first.

        Those it knows are acknowledged on the way. Ends where the queue does, or
        after ``most``. One larger than ``max_bytes`` stays in the queue, and raises
        ``AgencyAnswerUnreadable`` once all others are given.
        """
        seen: set[str] = set()
        too_large: AbstractIncomingMessage | None = None
        while len(seen) < min(most, REMEMBERED):
            found = await self._within(self._get(name))
            if found is None:
                break
            if len(found.body) > self._max_bytes:
                too_large = too_large or found
                continue
            message = _message(found)
            if inbox.has(message.mark):
                await self._within(_acknowledge(found))
            elif message.mark not in seen:
                seen.add(message.mark)
                tell_taken("queue", f"{name} {message.id}", message.body)
                yield message
        if too_large is not None:
            raise self._oversized(too_large)

    async def find(
        self, name: str, correlation_id: str, most: int = 500
    ) -> Message | None:
        """The first message that answers this one; every message stays in the queue.

        ``most`` are looked at. The queue should let its messages die of age.
        """
        channel = await self._within(self._another())
        try:
            for _ in range(most):
                found = await self._within(self._get(name, channel))
                if found is None:
                    return None
                if found.correlation_id == correlation_id:
                    return _message(found)
            return None
        finally:
            await _closed(channel, self._deadline)

    async def send(
        self,
        body: bytes,
        *,
        message_id: str,
        to: str,
        exchange: str = "",
        media: str = "application/json",
        correlation_id: str = "",
        reply_to: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send one message; returns once the broker has it in a queue, on disk.

        ``to`` is the routing key, or the queue's name without an exchange. Raises
        ``AgencyUnreachable`` where no queue takes it or the answer did not come
        (then the outcome is unknown), ``AgencyBusy`` where the broker refuses it.
        """
        if len(body) > self._max_bytes:
            raise TransferNotAcceptable(
                f"消息超过 {self._max_bytes} 字节",
                f"The message is larger than {self._max_bytes} bytes",
                where=self.endpoint,
            )
        message = aio_pika.Message(
            body,
            message_id=message_id,
            content_type=media,
            correlation_id=correlation_id or None,
            reply_to=reply_to or None,
            headers=dict(headers or {}),
            timestamp=datetime.now(UTC),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        await self._within(self._publish(message, exchange, to))

    async def check(self, name: str) -> int:
        """Is the queue there? How many messages wait in it?"""
        # a queue that is not there closes the channel that asked for it
        channel = await self._within(self._another())
        try:
            found = await self._within(channel.declare_queue(name, passive=True))
            return int(found.declaration_result.message_count or 0)
        finally:
            await _closed(channel, self._deadline)

    async def _open(self) -> None:
        self._connection = await aio_pika.connect(self._address, timeout=self._deadline)
        self._channel = await self._connected().channel(
            publisher_confirms=True, on_return_raises=True
        )

    async def _another(self) -> AbstractChannel:
        channel = self._connected().channel()
        await channel.initialize(timeout=self._deadline)
        return channel

    async def _get(
        self, name: str, channel: AbstractChannel | None = None
    ) -> AbstractIncomingMessage | None:
        queue = await (channel or self._ready()).get_queue(name, ensure=False)
        return await queue.get(fail=False, timeout=self._deadline)

    async def _publish(self, message: aio_pika.Message, exchange: str, to: str) -> None:
        channel = self._ready()
        where = channel.default_exchange
        if exchange:
            where = await channel.get_exchange(exchange, ensure=False)
        await where.publish(message, to, mandatory=True, timeout=self._deadline)

    async def _within(self, work: Coroutine[Any, Any, Done]) -> Done:
        """Do it within the deadline; foreign exceptions leave as house errors."""
        try:
            async with asyncio.timeout(self._deadline):
                return await work
        except FOREIGN as error:
            raise self._translated(error) from error
        except (ValueError, KeyError, TypeError) as error:
            # the address cannot be taken apart, or the far side speaks no AMQP
            raise AgencyAnswerUnreadable(
                "对方应答不是有效的 AMQP",
                "The answer is not valid AMQP",
                endpoint=self.endpoint,
                detail=type(error).__name__,
            ) from error

    def _translated(self, error: BaseException) -> AgencyError:
        found = translate(error, endpoint=self.endpoint)
        if not isinstance(found, AgencyError):
            raise found from error
        return found

    def _oversized(self, found: AbstractIncomingMessage) -> AgencyAnswerUnreadable:
        return AgencyAnswerUnreadable(
            f"有一条消息超过 {self._max_bytes} 字节，已留在队列中",
            f"A message is larger than {self._max_bytes} bytes; it stays in the queue",
            endpoint=self.endpoint,
            body=found.body[: self._max_bytes],
        )

    def _connected(self) -> AbstractConnection:
        if self._connection is None:
            raise RuntimeError("enter the Queue before using it")
        return self._connection

    def _ready(self) -> AbstractChannel:
        if self._channel is None:
            raise RuntimeError("enter the Queue before using it")
        return self._channel


async def _acknowledge(found: AbstractIncomingMessage) -> None:
    await found.ack()


def _check(address: str, endpoint: str) -> None:
    try:
        told = urlsplit(address)
        is_good = told.scheme in {"amqp", "amqps"} and bool(told.hostname)
    except ValueError:
        is_good = False
    if not is_good:
        raise SettingInvalid(
            "消息队列地址应写作 amqp://账号:口令@主机:端口/虚拟主机",
            "Write a broker's address as amqp://account:password@host:port/vhost",
            where=f"endpoints.{endpoint}.address",
        )


def _message(found: AbstractIncomingMessage) -> Message:
    digest = hashlib.sha256(found.body).hexdigest()
    return Message(
        id=found.message_id or f"bytes-{digest[:32]}",
        body=found.body,
        media=found.content_type or "application/octet-stream",
        correlation_id=found.correlation_id or "",
        sent_at=found.timestamp,
        is_again=bool(found.redelivered),
        headers={name: str(value) for name, value in found.headers.items()},
    )


async def _closed(open_: AbstractConnection | AbstractChannel, deadline: float) -> None:
    """Close what may be broken already: nothing depends on how that ends."""
    try:
        async with asyncio.timeout(deadline):
            await open_.close()
    except FOREIGN:
        return
