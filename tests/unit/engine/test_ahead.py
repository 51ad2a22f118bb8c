"""One step ahead, and never two."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from hub.engine.ahead import ahead


async def _source(made: list[int], fails_at: int = -1) -> AsyncGenerator[int, None]:
    try:
        for number in range(5):
            if number == fails_at:
                raise OSError
            await asyncio.sleep(0)
            made.append(number)
            yield number
    finally:
        made.append(-1)


async def _breathe() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_next_one_is_made_while_the_present_one_is_worked_on() -> None:
    made: list[int] = []
    async for number in ahead(_source(made)):
        await _breathe()
        assert [one for one in made if one >= 0] == list(range(min(number + 2, 5)))


async def test_an_error_comes_after_the_items_before_it() -> None:
    seen: list[int] = []
    with pytest.raises(OSError):  # noqa: PT011, PT012 - the source's own, in the loop
        async for number in ahead(_source([], fails_at=3)):
            await _breathe()
            seen.append(number)
    assert seen == [0, 1, 2]


async def test_whoever_stops_early_stops_the_source() -> None:
    made: list[int] = []
    pages = ahead(_source(made))
    assert await anext(pages) == 0
    await pages.aclose()
    assert made[-1] == -1
