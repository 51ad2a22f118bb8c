"""Remembers nothing between two pages, so rows at the seam come twice."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import Page, Watermark
from hub.contract.window import Window

INTENDED = "E3-06"


class Mutant(Procuratorate20):
    """Compares each page with what was known before the pull, and no later."""

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        known = Window.resume(watermark, self._manifest.increment.lag_seconds)
        window, since, cursor = known, known.since, ""
        while True:
            changes, following = await self._changes(since, cursor)
            fresh = known.unseen(changes)
            window = window.advance(changes)
            if fresh:
                yield Page(await self._details(fresh), window.watermark())
            if not changes or not following:
                return
            last = changes[-1].modified
            since, cursor = (last, "") if last > since else (since, following)
