"""What an endpoint told ages by the hours in which it answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.contract.endpoint import Endpoint
from hub.contract.hours import SHANGHAI, Hours
from hub.engine.freshness import freshness
from hub.records.agency import EndpointStanding

DAY = Hours.of("08:00-20:00")
ENDPOINT = Endpoint("d", "detention_centre", "DETENTION-421381", "", fresh_for=600)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2023-09-{text}").replace(tzinfo=SHANGHAI)


def _standing(state: str = "up", code: str = "", since: str = "") -> EndpointStanding:
    return EndpointStanding(
        "d",
        state=state,
        error_code=code or None,
        since=_at(since) if since else None,
        synced_at=_at("01 19:58"),
    )


def _is_stale(standing: EndpointStanding, now: str, hours: Hours = DAY) -> bool:
    return freshness(ENDPOINT, standing, _at(now), hours).is_stale


def test_a_night_makes_nothing_stale() -> None:
    assert not _is_stale(_standing(), "02 03:00")
    assert not _is_stale(_standing(), "02 08:07")
    assert _is_stale(_standing(), "02 08:09"), "eight minutes of open time are over"


def test_without_hours_a_night_does() -> None:
    assert _is_stale(_standing(), "02 03:00", Hours())


def test_one_that_says_it_is_closed_is_not_down() -> None:
    closed = _standing("down", "AGENCY_BUSY", "01 20:00")
    assert not _is_stale(closed, "02 03:00")
    assert not _is_stale(closed, "02 08:07")
    assert _is_stale(closed, "02 08:11"), "it is open and still says it is busy"
    assert _is_stale(closed, "02 03:00", Hours())


def test_one_that_cannot_be_reached_is_down_by_night_too() -> None:
    assert _is_stale(_standing("down", "AGENCY_UNREACHABLE", "01 19:59"), "02 03:00")
    assert _is_stale(_standing("held", "AGENCY_LOGIN_REFUSED", "01 19:59"), "02 03:00")


def test_the_end_of_freshness_is_told_in_open_time() -> None:
    found = freshness(ENDPOINT, _standing(), _at("02 09:00"), DAY)
    assert found.since == _at("02 08:08")
    assert found.since == _at("01 20:00") + timedelta(hours=12, minutes=8)
