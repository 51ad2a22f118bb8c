"""Gives a page the watermark of the page behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import Page, Watermark

INTENDED = "E3-04"


class Mutant(Procuratorate20):
    """Fetches ahead and moves its watermark before it has yielded."""

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        before: Page | None = None
        async for page in super().pull(watermark):
            if before is not None:
                yield replace(before, watermark=page.watermark)
            before = page
        if before is not None:
            yield before
