from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract.messages import Watermark
from hub.contract.window import Change, Window
from hub.wire.changes import walk


def _stamp(second: int) -> str:
    return f"2023-08-01 08:{second // 60:02}:{second % 60:02}"


class _List:
    """A change list that somebody else goes on changing while it is read."""

    def __init__(self, seconds: Sequence[int], saves: int = 0) -> None:
        self.rows = {f"K{place}": _stamp(at) for place, at in enumerate(seconds)}
        self.saves = saves
        self.asked: list[tuple[str, int, int]] = []

    async def ask(self, since: str, page: int, size: int) -> Sequence[Change]:
        self.asked.append((since, page, size))
        listed = sorted((at, key) for key, at in self.rows.items() if at >= since)
        found = listed[(page - 1) * size : page * size]
        if self.saves and found:  # the first row listed is saved: it moves to the end
            self.saves -= 1
            self.rows[found[0][1]] = _stamp(3000 + len(self.asked))
        return [Change(key, at) for at, key in found]


async def _read(source: _List, since: str = "", size: int = 3, most: int = 6) -> set:  # type: ignore[type-arg]  # a test
    found = set()
    async for changes in walk(source.ask, since, size=size, most=most):
        found.update(changes)
    return found


@given(
    st.lists(st.integers(0, 40), max_size=40),
    st.integers(0, 8),
    st.integers(1, 5),
)
async def test_nothing_is_missed_however_the_pages_shift(
    seconds: list[int], saves: int, size: int
) -> None:
    source = _List(seconds, saves)
    found = await _read(source, size=size, most=64)
    # what is saved after the last answer is the next run's; no case is skipped
    assert {change.key for change in found} == set(source.rows)


async def test_more_rows_in_one_second_than_an_answer_holds_are_all_read() -> None:
    source = _List([5] * 20 + [6])
    assert len(await _read(source, size=3, most=6)) == 21


async def test_an_empty_list_is_asked_once() -> None:
    source = _List([])
    assert await _read(source) == set()
    assert source.asked == [("", 1, 3)]


async def test_the_question_moves_on_by_time_and_not_by_page() -> None:
    source = _List(list(range(10)))
    await _read(source)
    assert [page for _, page, _ in source.asked] == [1] * len(source.asked)
    assert all(one < two for (one, *_), (two, *_) in pairwise(source.asked))


class _Echo(_List):
    """A list whose answers come twice: some gateway has sent one again."""

    def __init__(self, seconds: Sequence[int], echoes: set[int]) -> None:
        super().__init__(seconds)
        self.echoes = echoes
        self.last: Sequence[Change] = ()

    async def ask(self, since: str, page: int, size: int) -> Sequence[Change]:
        if len(self.asked) in self.echoes and self.last:
            self.asked.append((since, page, size))
            return self.last
        self.last = await super().ask(since, page, size)
        return self.last


@given(
    st.lists(st.integers(0, 30), max_size=40),
    st.sets(st.integers(0, 12), max_size=3),
    st.integers(1, 5),
    st.integers(1, 3),
)
async def test_an_answer_that_comes_twice_hides_nothing(
    seconds: list[int], echoes: set[int], size: int, times: int
) -> None:
    far = {one for one in echoes if one + 1 not in echoes and one + 2 not in echoes}
    source = _Echo(seconds, far)
    found = await _read(source, size=size, most=size * times)
    assert {change.key for change in found} == set(source.rows)


async def test_a_last_page_that_repeats_for_ever_ends() -> None:
    rows = [Change(f"K{place}", _stamp(5)) for place in range(4)]

    async def ask(since: str, page: int, size: int) -> Sequence[Change]:
        return rows[:2] if page == 1 else rows[2:]

    found = [one async for one in walk(ask, "", size=2, most=2)]
    assert {row.key for answer in found for row in answer} == {"K0", "K1", "K2", "K3"}


@pytest.mark.parametrize("late", [1, 599])
async def test_a_late_commit_inside_the_lag_is_found_in_the_next_run(late: int) -> None:
    source = _List([0, 1000])
    window = Window.resume(Watermark(), 600)
    async for changes in walk(source.ask, window.since, size=3, most=6):
        window = window.advance(changes)
    source.rows["LATE"] = _stamp(1000 - late)
    resumed = Window.resume(window.watermark(), 600)
    assert resumed.lag == timedelta(seconds=600)
    found = [
        change
        async for changes in walk(source.ask, resumed.since, size=3, most=6)
        for change in resumed.unseen(changes)
    ]
    assert found == [Change("LATE", _stamp(1000 - late))]
