"""A window loses no tie and no late commit, and looks twice at nothing."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.contract.messages import Watermark
from hub.contract.window import Change, Window

LAG = 600


def _fresh() -> Window:
    return Window.resume(Watermark(), LAG)


def test_an_empty_watermark_asks_from_the_beginning() -> None:
    assert _fresh().since == ""


def test_ties_at_the_edge_are_taken_once_each() -> None:
    first = [Change("a", "2023-08-01 08:00:00")]
    window = _fresh().advance(first)
    again = [*first, Change("b", "2023-08-01 08:00:00")]
    assert [row.key for row in window.unseen(again)] == ["b"]


def test_a_late_commit_inside_the_lag_is_found() -> None:
    window = _fresh().advance([Change("a", "2023-08-01 08:10:00")])
    late = Change("b", "2023-08-01 08:05:00")
    assert window.since == "2023-08-01 08:00:00"
    assert window.unseen([late]) == (late,)


def test_a_record_changed_again_is_taken_again() -> None:
    window = _fresh().advance([Change("a", "2023-08-01 08:00:00")])
    newer = Change("a", "2023-08-01 08:00:01")
    assert window.unseen([newer]) == (newer,)


def test_what_left_the_lag_is_forgotten() -> None:
    window = _fresh().advance([Change("a", "2023-08-01 08:00:00")])
    window = window.advance([Change("b", "2023-08-01 09:00:00")])
    assert dict(window.seen) == {"b": "2023-08-01 09:00:00"}


def test_a_window_survives_its_watermark() -> None:
    window = _fresh().advance([Change("a", "2023-08-01 08:00:00")])
    assert Window.resume(window.watermark(), LAG) == window


def test_a_row_of_the_second_that_still_runs_is_looked_at_again() -> None:
    row = Change("a", "2023-08-01 08:00:00")
    window = _fresh().advance([row])
    soon = datetime(2023, 8, 1, 8, 0, 1)  # noqa: DTZ001 - local clock
    resumed = Window.resume(window.watermark(soon), LAG)
    assert resumed.unseen([row]) == (row,)
    late = datetime(2023, 8, 1, 9)  # noqa: DTZ001 - local clock
    assert Window.resume(window.watermark(late), LAG).unseen([row]) == ()


def test_a_row_is_settled_once_a_later_second_was_listed() -> None:
    rows = [Change("a", "2023-08-01 08:00:00"), Change("b", "2023-08-01 08:00:01")]
    now = datetime(2023, 8, 1, 8, 0, 1)  # noqa: DTZ001 - local clock
    kept = _fresh().advance(rows).watermark(now)
    assert Window.resume(kept, LAG).unseen(rows) == (rows[1],)


_seconds = st.integers(0, 3599)
_stamps = _seconds.map(lambda s: f"2023-08-01 08:{s // 60:02d}:{s % 60:02d}")
_changes = st.builds(Change, st.text("abcdef", min_size=1), _stamps)
_rows = st.lists(_changes, max_size=30)


@given(_rows, st.integers(1, 5))
def test_in_pieces_nothing_is_lost_or_doubled(rows: list[Change], size: int) -> None:
    rows = list({row.key: row for row in rows}.values())
    rows.sort(key=lambda row: row.modified)
    window, taken = _fresh(), []
    for start in range(0, len(rows), size):
        there = rows[: start + size]
        part = window.unseen(row for row in there if row.modified >= window.since)
        taken += part
        window = window.advance(part)
    assert sorted(row.key for row in taken) == sorted(row.key for row in rows)


def test_a_time_that_no_clock_shows_yet_asks_for_everything_anew() -> None:
    now = datetime(2023, 8, 1, 12, 0, 0)  # noqa: DTZ001 - the far side's local clock
    told = {"high": "2023-08-01 12:30:00", "seen": {"a": "2023-08-01 12:30:00"}}
    assert Window.resume(Watermark(told), 600, now) == Window(timedelta(seconds=600))
    told["high"] = "2023-08-01 12:20:00"
    assert Window.resume(Watermark(told), 600, now).high == told["high"]
