"""Opening hours: closed is not broken, and closed time does not age anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract.hours import SHANGHAI, Hours

DAY = Hours.of("08:00-20:00")
MOMENTS = st.integers(0, 10 * 366 * 86_400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2023-09-01 08:00", "2023-09-01 08:00"),
        ("2023-09-01 19:59", "2023-09-01 19:59"),
        ("2023-09-01 20:00", "2023-09-02 08:00"),
        ("2023-09-01 23:30", "2023-09-02 08:00"),
        ("2023-09-02 00:10", "2023-09-02 08:00"),
        ("2023-12-31 21:00", "2024-01-01 08:00"),
    ],
)
def test_it_opens_next(now: str, opening: str) -> None:
    assert DAY.opening(_at(now)) == _at(opening)
    assert DAY.is_open(_at(now)) == (now == opening)


@pytest.mark.parametrize(
    ("start", "hours", "after"),
    [
        ("2023-09-01 10:00", 1, "2023-09-01 11:00"),
        ("2023-09-01 19:30", 1, "2023-09-02 08:30"),
        ("2023-09-01 22:00", 1, "2023-09-02 09:00"),
        ("2023-09-01 10:00", 24, "2023-09-03 10:00"),
    ],
)
def test_only_open_time_counts(start: str, hours: float, after: str) -> None:
    assert DAY.after(_at(start), hours * 3600) == _at(after)


def test_without_hours_it_is_always_open() -> None:
    always = Hours.of("")
    assert always == Hours() == Hours.of("00:00-24:00")


@given(start=MOMENTS, seconds=st.floats(0, 40 * 86_400))
def test_always_open_is_plain_addition(start: datetime, seconds: float) -> None:
    assert Hours().after(start, seconds) == start + timedelta(seconds=seconds)


@given(start=MOMENTS, seconds=st.floats(1, 20 * 86_400))
def test_the_moment_found_is_not_before_and_in_the_hours(
    start: datetime, seconds: float
) -> None:
    found = DAY.after(start, seconds)
    assert found >= start + timedelta(seconds=seconds)
    assert DAY.is_open(found - timedelta(microseconds=1))


@pytest.mark.parametrize(
    "text", ["20:00-08:00", "08:00-08:00", "8-20", "08:00-25:00", "08:61-20:00", "x-y"]
)
def test_what_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no "):
        Hours.of(text)
