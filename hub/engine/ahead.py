"""One step ahead: the next item is made while the present one is worked on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

Item = TypeVar("Item")


async def ahead(source: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
    """The items of a source in their order, each made one step early.

    An error of the source is raised after the items before it. Closing this ends
    the source too, in the middle of a step if need be.
    """
    coming = asyncio.create_task(_next(source))
    try:
        while (item := await coming) is not None:
            coming = asyncio.create_task(_next(source))
            yield item
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await source.aclose()


async def _next(source: AsyncGenerator[Item, None]) -> Item | None:
    return await anext(source, None)
