"""Messages of a queue as pages for ``pull``: one line in an adapter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from hub.contract.inbox import REMEMBERED, Inbox
from hub.contract.messages import Page, RawRecord, Watermark
from hub.errors import AgencyAnswerUnreadable, RecordUnreadable
from hub.wire.queue import Message, Queue

#: whose record is it, and of when? Raises ``RecordUnreadable`` where none can say
Identify = Callable[[Message], RawRecord]


async def pages(
    queue: Queue,
    name: str,
    watermark: Watermark,
    identify: Identify,
    *,
    kind: str = "case",
    size: int = 50,
    most: int = REMEMBERED,
) -> AsyncIterator[Page]:
    """The messages that wait in a queue, as pages of raw records.

    A message that ``identify`` cannot read becomes a record of ``kind`` under the
    key ``message:ID``: its bytes are kept, ``read`` refuses it, and the run goes on.
    """
    inbox = Inbox.resume(watermark)
    held: list[Message] = []
    failed: AgencyAnswerUnreadable | None = None
    try:
        async for message in queue.messages(name, inbox, most):
            held.append(message)
            if len(held) >= size:
                inbox, page = _page(inbox, held, identify, kind)
                held = []
                yield page
    except AgencyAnswerUnreadable as error:
        failed = error
    if held:
        inbox, page = _page(inbox, held, identify, kind)
        yield page
    if failed is not None:
        raise failed


def _page(
    inbox: Inbox, held: list[Message], identify: Identify, kind: str
) -> tuple[Inbox, Page]:
    records = [_record(message, identify, kind) for message in held]
    fresh, overtaken, inbox = inbox.sort(records)
    inbox = inbox.take(message.mark for message in held)
    return inbox, Page(fresh, inbox.watermark(), overtaken)


def _record(message: Message, identify: Identify, kind: str) -> RawRecord:
    try:
        return identify(message)
    except RecordUnreadable:
        return RawRecord(kind, f"message:{message.id}", message.body, message.media)
