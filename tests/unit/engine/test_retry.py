"""Waits: exponential with full jitter, an end, and a worker that is kept at work."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from hub.engine.retry import Pace, is_spent, keep_at_it, knock_wait, pause, steady


@given(st.integers(1, 10_000), st.floats(0.01, 10), st.floats(10, 1000))
def test_a_pause_is_never_longer_than_the_exponential_or_the_cap(
    attempt: int, first: float, longest: float
) -> None:
    waited = pause(attempt, first, longest)
    assert 0 <= waited <= longest
    if attempt <= 20:
        assert waited <= first * 2**attempt


def test_pauses_are_jittered_over_the_whole_window() -> None:
    waits = [pause(6, 1.0, 1000.0) for _ in range(500)]
    assert min(waits) < 8
    assert max(waits) > 24


def test_pauses_grow_until_the_cap() -> None:
    means = [sum(pause(n, 1.0, 64.0) for _ in range(400)) / 400 for n in (1, 4, 12)]
    assert means[0] < means[1] < means[2] < 64


def test_enquiries_come_at_steady_growing_waits() -> None:
    waits = [steady(attempt, 2.0, 60.0) for attempt in range(1, 15)]
    assert waits == sorted(waits)
    assert waits[0] == 2.0
    assert waits[-1] == 60.0


def test_every_series_has_an_end() -> None:
    pace = Pace(attempts=20)
    assert not is_spent(19, pace)
    assert is_spent(20, pace)


def test_lanes_do_not_knock_in_step() -> None:
    pace = Pace(knock=10.0)
    waits = {round(knock_wait(pace), 3) for _ in range(50)}
    assert len(waits) > 10
    assert min(waits) >= 5
    assert max(waits) <= 10


async def test_work_is_begun_again_whenever_it_ends_until_told_to_stop() -> None:
    stop = asyncio.Event()
    begun = 0

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun == 3:
            stop.set()
        if begun == 2:
            raise ConnectionError

    await keep_at_it(work, stop, 0.001, 0.01)
    assert begun == 3


async def test_a_rest_between_two_begins_ends_at_once_when_told_to_stop() -> None:
    stop = asyncio.Event()

    async def work() -> None:
        asyncio.get_running_loop().call_later(0.01, stop.set)

    await asyncio.wait_for(keep_at_it(work, stop, 100.0, 100.0), 30)
