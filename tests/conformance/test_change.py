"""What an adapter does while things change at the far side, by its own officers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hub.contract.messages import Outcome, RawRecord, Watermark
from hub.contract.window import STAMP
from hub.errors import AgencyFaultUnknown, RecordUnreadable
from tests.adapters import handover
from tests.adapters.lines import lines
from tests.adapters.subject import Subject
from tests.conformance.exempt import exempt
from tests.conformance.test_pull import SMALL, every, keys, stored
from tests.simulators.proxy.plan import Plan

CASES = 80
#: its simulators are its own
CHANGES = True
#: a division that no endpoint of the invented city serves
ELSEWHERE = "429999"


def _saved(subject: Subject, record: RawRecord, at: str = "") -> None:
    """An officer saves a record; ``at``: by a commit that took long."""
    if not hasattr(subject.bench, "touch"):
        pytest.skip("its bench offers no touch: nobody can change anything there")
    order = subject.bench.touch(record, subject.open().read(record))
    subject.act(order | ({"at": at} if at else {}))


def _clean(subject: Subject, records: list[RawRecord]) -> Iterator[RawRecord]:
    for record in records:
        try:
            subject.open().read(record)
        except RecordUnreadable:
            continue
        yield record


@pytest.mark.conformance("contract.unknown_code")
@every
async def test_a_code_nobody_listed_is_not_guessed(subject: Subject) -> None:
    if not hasattr(subject.bench, "STRANGE"):
        pytest.skip("its bench does not say how to have it answer with such a code")
    await subject.fault(**subject.bench.STRANGE)
    with pytest.raises(AgencyFaultUnknown) as caught:
        await subject.pulled()
    assert caught.value.endpoint == subject.endpoint.code


@pytest.mark.conformance("E3-05")
@every
async def test_a_late_commit_inside_the_lag_is_found(subject: Subject) -> None:
    records, marks = await subject.pulled()
    if not subject.manifest.increment.lag_seconds:
        exempt("its manifest declares no lag")
    high = max(datetime.fromisoformat(one.modified) for one in records)
    lag = timedelta(seconds=subject.manifest.increment.lag_seconds)
    late = next(_clean(subject, records))
    _saved(subject, late, _spelled(high - lag / 2, late.modified))
    again, marks = await subject.pulled(stored(marks[-1]))
    assert keys(again) == [late.key]
    assert (await subject.pulled(stored(marks[-1])))[0] == []


def _spelled(moment: datetime, like: str) -> str:
    """A time as this system writes its own."""
    if "T" not in like:
        return moment.strftime(STAMP)
    return moment.isoformat(timespec="milliseconds" if "." in like else "seconds")


@pytest.mark.conformance("F24")
@every
async def test_pages_that_shift_lose_no_record(subject: Subject) -> None:
    whole, _ = await subject.pulled()
    found: dict[str, RawRecord] = {}
    mark, touched = Watermark(), ""
    async with subject.open(page_size=SMALL) as adapter:
        async for page in adapter.pull(Watermark()):
            mark = page.watermark
            found |= {record.key: record for record in page.records}
            if not touched:  # what was listed first moves to the end
                first = next(_clean(subject, list(page.records)))
                _saved(subject, first)
                touched = first.key
    assert set(found) == set(keys(whole)), "a record slipped between two pages"
    later, _ = await subject.pulled(stored(mark))
    found |= {record.key: record for record in later}
    now, _ = await subject.pulled()
    assert found[touched].body == {one.key: one.body for one in now}[touched]


@pytest.mark.conformance("F14")
@every
@pytest.mark.parametrize("skew", [1200, -1200])
async def test_a_clock_that_is_off_loses_and_doubles_nothing(
    subject: Subject, skew: int
) -> None:
    if subject.manifest.transport == "sql":
        exempt("its times come over a database's line, which the proxy cannot read")
    whole, _ = await subject.pulled()
    async with lines(subject) as way:
        way.set(Plan(skew=skew))
        found, marks = await subject.pulled(page_size=SMALL, endpoint=way.endpoint)
        assert set(keys(found)) == set(keys(whole))
        again, _ = await subject.pulled(stored(marks[-1]), endpoint=way.endpoint)
    news = {(one.key, one.body) for one in again} - {(o.key, o.body) for o in found}
    assert news == set()


receivers = pytest.mark.parametrize(
    ("subject", "node"), handover.receiving(), indirect=["subject"]
)


@pytest.mark.conformance("F04")
@receivers
async def test_the_same_content_under_a_new_id_makes_no_second_case(
    subject: Subject, node: str
) -> None:
    parcel = handover.parcel(subject, node, 0)
    other = replace(parcel, key=f"{parcel.key}/again", message_id="ab" * 16)
    async with subject.open() as adapter:
        first = await subject.answer(adapter, parcel)
        second = await subject.answer(adapter, other)
    assert first.outcome is Outcome.ACCEPTED, first.reasons
    if second.outcome is Outcome.ACCEPTED:
        assert second.numbers == first.numbers, "a second case was opened"
    else:
        assert second.outcome is Outcome.RETURNED
        assert second.reasons


@pytest.mark.conformance("F25")
@receivers
async def test_a_message_for_the_wrong_unit_is_returned(
    subject: Subject, node: str
) -> None:
    parcel = handover.parcel(subject, node, 1)
    kind = parcel.receiver.partition("-")[0]
    stray = replace(parcel, receiver=f"{kind}-{ELSEWHERE}")
    async with subject.open() as adapter:
        answered = await subject.answer(adapter, stray)
    assert answered.outcome is Outcome.RETURNED
    assert answered.reasons
