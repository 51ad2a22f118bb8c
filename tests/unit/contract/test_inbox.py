"""What an inbox remembers, and what it says of records that come in odd orders."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from hub.contract.inbox import REMEMBERED, Inbox
from hub.contract.messages import RawRecord, Watermark


def _record(key: str, modified: str, body: bytes = b"") -> RawRecord:
    return RawRecord("case", key, body or f"{key}{modified}".encode(), "", modified)


def _stored(inbox: Inbox) -> Inbox:
    return Inbox.resume(Watermark(json.loads(json.dumps(inbox.watermark().value))))


def test_an_inbox_comes_back_from_the_store_as_it_was() -> None:
    _, _, inbox = Inbox().take(["a/1", "b/2"]).sort([_record("K", "2026-01-02")])
    assert _stored(inbox) == inbox
    assert inbox.has("a/1")
    assert not inbox.has("a/2")


def test_of_one_record_in_a_page_the_newest_stands_and_the_others_are_kept() -> None:
    old, new, late = _record("K", "1"), _record("K", "3"), _record("K", "2")
    fresh, overtaken, _ = Inbox().sort([old, new, late])
    assert fresh == (new,)
    assert set(overtaken) == {old, late}


def test_an_older_record_of_a_later_pull_is_overtaken() -> None:
    _, _, inbox = Inbox().sort([_record("K", "2"), _record("L", "1")])
    late, other = _record("K", "1"), _record("L", "1")
    assert _stored(inbox).sort([late, other])[:2] == ((other,), (late,))


def test_the_memory_has_an_end_and_forgets_the_oldest() -> None:
    marks = [f"{n}/x" for n in range(REMEMBERED + 5)]
    inbox = Inbox().take(marks)
    assert len(inbox.taken) == REMEMBERED
    assert not inbox.has("4/x")
    assert inbox.has("5/x")


@given(st.lists(st.tuples(st.sampled_from("KLM"), st.sampled_from("12345"))))
def test_in_whatever_order_the_newest_of_each_record_is_worked_last(rows) -> None:
    worked: dict[str, str] = {}
    kept = 0
    inbox = Inbox()
    for start in range(0, len(rows), 2):
        page = [_record(key, at) for key, at in rows[start : start + 2]]
        fresh, overtaken, inbox = _stored(inbox).sort(page)
        kept += len(fresh) + len(overtaken)
        worked |= {one.key: one.modified for one in fresh}
    assert kept == len(rows), "nothing vanishes"
    for key, at in worked.items():
        assert at == max(told for one, told in rows if one == key)
