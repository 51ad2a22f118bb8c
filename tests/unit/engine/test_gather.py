"""Small pages become one, and no page is lost or waits for ever."""

from collections.abc import AsyncIterator

import pytest

from hub.contract.messages import Page, RawRecord, Watermark
from hub.engine import gather as room
from hub.engine.gather import ENOUGH, gather
from hub.errors import AgencyUnreachable


def _page(number: int, size: int) -> Page:
    record = RawRecord("case", str(number), b"", "text/plain")
    return Page((record,) * size, Watermark({"at": number}))


async def _pages(*sizes: int, fails: bool = False) -> AsyncIterator[Page]:
    for number, size in enumerate(sizes):
        yield _page(number, size)
    if fails:
        raise AgencyUnreachable


async def _told(pages: AsyncIterator[Page]) -> list[tuple[int, object]]:
    return [
        (len(page.records), page.watermark.value["at"]) async for page in gather(pages)
    ]


async def test_small_pages_come_together_with_the_last_watermark() -> None:
    half = ENOUGH // 2
    assert await _told(_pages(half, half, 3, 4)) == [(ENOUGH, 1), (7, 3)]


async def test_a_page_without_records_still_moves_the_watermark() -> None:
    assert await _told(_pages(0)) == [(0, 0)]
    assert await _told(_pages(2, 0)) == [(2, 1)]


async def test_no_page_is_no_page() -> None:
    assert await _told(_pages()) == []


async def test_what_came_before_an_error_is_handed_on_first() -> None:
    seen: list[int] = []
    with pytest.raises(AgencyUnreachable):  # noqa: PT012 - raised by the loop
        async for page in gather(_pages(2, 3, fails=True)):
            seen.append(len(page.records))  # noqa: PERF401 - it ends in an error
    assert seen == [5]


async def test_a_page_that_waited_long_enough_waits_for_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "PATIENCE", 0.0)
    assert await _told(_pages(2, 3)) == [(2, 0), (3, 1)]
