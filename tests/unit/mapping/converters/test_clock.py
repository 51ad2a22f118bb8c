"""The clock of China: summer time, skipped and repeated hours."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hub.mapping.converters.clock import (
    BEFORE,
    NEVER,
    TOO_FAR,
    TWICE,
    day_of,
    meant,
    shown,
)


@pytest.mark.parametrize(
    ("iso", "told"),
    [
        ("2023-08-01T08:05:09", "2023-08-01T08:05:09+08:00"),
        ("1992-07-01T00:00:00", "1992-07-01T00:00:00+08:00"),
        ("1991-07-01T00:00:00", "1991-07-01T00:00:00+09:00"),
        ("1986-05-04T01:59:59", "1986-05-04T01:59:59+08:00"),
        ("1986-05-04T03:00:00", "1986-05-04T03:00:00+09:00"),
        ("1986-05-04T02:00:00", NEVER),
        ("1991-09-15T01:00:00", TWICE),
        ("1901-01-01T00:00:00", "1901-01-01T00:00:00+08:00"),
        ("1900-12-31T23:00:00", BEFORE),
    ],
)
def test_a_local_time_has_the_offset_of_its_day(iso: str, told: object) -> None:
    assert meant(iso) == told


def test_a_fraction_keeps_every_digit() -> None:
    assert meant("2023-08-01T08:05:09", "5") == "2023-08-01T08:05:09.500000+08:00"
    assert meant("1990-08-01T08:05:09", "1234567") == (
        "1990-08-01T08:05:09.1234567+09:00"
    )


def test_a_moment_is_shown_by_the_clock_of_china() -> None:
    moment = datetime(1986, 6, 26, 15, 0, tzinfo=UTC)
    assert shown(moment) == "1986-06-27T00:00:00+09:00"
    assert day_of(moment) == date(1986, 6, 27)


def test_a_moment_out_of_the_calendar_has_no_day() -> None:
    moment = datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert day_of(moment) is None
    assert shown(moment) == TOO_FAR
