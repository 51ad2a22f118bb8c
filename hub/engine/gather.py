"""Small pages put together before they are written: a page costs two commits."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator

from hub.contract.messages import Page, RawRecord, Watermark
from hub.errors import HubError

#: records that are worth writing
ENOUGH = 400
#: seconds after which a page waits for no other
PATIENCE = 1.0


async def gather(pages: AsyncIterator[Page]) -> AsyncGenerator[Page, None]:
    """The same records in fewer pages, each with the watermark of its last one.

    Where the source fails, what came before is handed on first and the error after
    it, so a run that fails keeps every page it was given.
    """
    held: list[RawRecord] = []
    late: list[RawRecord] = []
    after: Watermark | None = None
    since = 0.0
    failed: HubError | None = None
    try:
        async for page in pages:
            since = since if after else time.monotonic()
            held.extend(page.records)
            late.extend(page.overtaken)
            after = page.watermark
            if len(held) >= ENOUGH or time.monotonic() - since >= PATIENCE:
                yield Page(tuple(held), after, tuple(late))
                held, late, after = [], [], None
    except HubError as error:
        failed = error
    if after is not None:
        yield Page(tuple(held), after, tuple(late))
    if failed is not None:
        raise failed
