"""What only a pair of directories can do wrong."""

from __future__ import annotations

import io
import json
import os
import time
import urllib.request
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.justice_drop.message import write_message
from hub.contract.messages import Outcome, RawRecord, Watermark
from hub.errors import (
    AgencyFaultUnknown,
    AgencyUnreachable,
    RecordUnreadable,
    SettingInvalid,
)
from hub.wire.archive import md5
from tests.adapters import handover
from tests.adapters.subject import Subject, start

NODE = "COMMUNITY_CORRECTION_HANDOVER"


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory):
    found = start("justice_drop", tmp_path_factory.mktemp("exchange"), 60)
    yield found
    found.running.stop()


@pytest.fixture
async def subject(bureau: Subject) -> AsyncIterator[Subject]:
    await bureau.fault()
    yield bureau
    await bureau.fault()


def _act(subject: Subject, **order: Any) -> Any:
    address = f"{subject.running.address}/_sim/act"
    with urllib.request.urlopen(address, json.dumps(order).encode()) as page:
        return json.loads(page.read())


async def _handed_over(subject: Subject, number: int) -> str:
    parcel = handover.parcel(subject, NODE, number)
    async with subject.open() as adapter:
        receipt = await subject.answer(adapter, parcel)
    assert receipt.outcome is Outcome.ACCEPTED, receipt.reasons
    return receipt.numbers["correction"]


async def _news(
    subject: Subject, mark: Watermark, settle: float
) -> tuple[list[RawRecord], Watermark]:
    """What a pull brings that gives broken file sets this many seconds."""
    endpoint = subject.endpoint
    options = {**endpoint.options, "settle": str(settle)}
    adapter = type(subject.open())(replace(endpoint, options=options), subject.manifest)
    records: list[RawRecord] = []
    async with adapter:
        async for page in adapter.pull(mark):
            records += page.records
            mark = page.watermark
    return records, Watermark(json.loads(json.dumps(dict(mark.value))))


async def test_a_case_handed_over_comes_back_with_its_register(
    subject: Subject,
) -> None:
    _, mark = await _news(subject, Watermark(), 60)
    number = await _handed_over(subject, 0)
    records, mark = await _news(subject, mark, 60)
    adapter = subject.open()
    (body,) = [
        subject.mapping.read("case", adapter.read(record)).body for record in records
    ]
    case = next(handover.cases(subject, NODE))
    assert body["correction_number"] == number
    assert body["police_number"] == case.police_number
    assert body["unified_number"] == case.unified_number
    assert body["stage"] == "S330_COMMUNITY_CORRECTION"
    assert [person["name"] for person in body["persons"]] == [  # type: ignore[index,union-attr,call-overload]  # a list
        person.name for person in case.persons
    ]
    _act(subject, do="report", correction_number=number)
    records, _ = await _news(subject, mark, 60)
    assert len(records) == 1


@pytest.mark.parametrize("fault", ["half_written", "marker_first"])
async def test_a_file_set_that_is_not_complete_waits_for_the_next_pull(
    subject: Subject, fault: str
) -> None:
    number = await _handed_over(subject, 1)
    _, mark = await _news(subject, Watermark(), 60)
    await subject.fault(**{fault: 1})
    _act(subject, do="report", correction_number=number)
    early, mark = await _news(subject, mark, 60)
    assert early == []
    early, mark = await _news(subject, mark, 60)
    assert early == []
    await subject.settle()  # now the rest arrives
    (record,), mark = await _news(subject, mark, 60)
    assert subject.open().read(record)
    assert (await _news(subject, mark, 60))[0] == []


@pytest.mark.parametrize("fault", ["half_written", "marker_first"])
async def test_a_file_set_that_stays_broken_is_kept_and_heals_later(
    subject: Subject, fault: str
) -> None:
    number = await _handed_over(subject, 2)
    _, mark = await _news(subject, Watermark(), 60)
    await subject.fault(**{fault: 1})
    _act(subject, do="report", correction_number=number)
    (broken,), mark = await _news(subject, mark, 0)
    with pytest.raises(RecordUnreadable):
        subject.open().read(broken)
    assert (await _news(subject, mark, 0))[0] == []
    await subject.settle()
    (whole,), _ = await _news(subject, mark, 0)
    assert whole.key == broken.key
    assert subject.open().read(whole)


async def test_a_file_set_dropped_twice_has_the_same_key_and_bytes(
    subject: Subject,
) -> None:
    number = await _handed_over(subject, 3)
    _, mark = await _news(subject, Watermark(), 60)
    await subject.fault(duplicate=1)
    _act(subject, do="report", correction_number=number)
    (first,), mark = await _news(subject, mark, 60)
    await subject.settle()
    (second,), _ = await _news(subject, mark, 60)
    assert (second.key, second.body) == (first.key, first.body)


async def test_a_broken_set_with_a_clock_ahead_is_given_up_by_our_own_clock(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await _handed_over(subject, 4)
    _, mark = await _news(subject, Watermark(), 60)
    await subject.fault(half_written=1)
    name = _act(subject, do="report", correction_number=number)["dropped"]
    ahead = time.time() + 20 * 60
    for ending in ("zip", "ok"):
        os.utime(subject.running.data / "out" / f"{name}.{ending}", (ahead, ahead))
    early, mark = await _news(subject, mark, 60)
    assert early == []
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    (broken,), _ = await _news(subject, mark, 60)
    assert broken.key == name


async def test_a_folder_that_lost_its_mount_is_not_an_empty_source(
    subject: Subject, tmp_path: Path
) -> None:
    _, mark = await _news(subject, Watermark(), 60)
    options = {"outbox": str(tmp_path), "inbox": str(tmp_path)}
    endpoint = replace(subject.endpoint, options=options)
    async with type(subject.open())(endpoint, subject.manifest) as adapter:
        assert [page async for page in adapter.pull(Watermark())] == []
        with pytest.raises(AgencyUnreachable):
            [page async for page in adapter.pull(mark)]


async def test_what_the_agency_moved_away_leaves_the_watermark(
    subject: Subject,
) -> None:
    number = await _handed_over(subject, 5)
    name = _act(subject, do="report", correction_number=number)["dropped"]
    _, mark = await _news(subject, Watermark(), 60)
    for ending in ("zip", "ok"):
        (subject.running.data / "out" / f"{name}.{ending}").unlink()
    records, after = await _news(subject, mark, 60)
    assert records == []
    assert set(mark.value["seen"]) - set(after.value["seen"]) == {name}  # type: ignore[arg-type]  # a dict


def test_the_same_parcel_is_the_same_zip(subject: Subject) -> None:
    parcel = handover.parcel(subject, NODE, 6)
    assert write_message(parcel) == write_message(replace(parcel))
    with zipfile.ZipFile(io.BytesIO(write_message(parcel))) as archive:
        assert archive.namelist() == ["head.xml", "data.csv", "manifest.txt"]


async def test_a_parcel_left_without_its_marker_is_sent_again(
    subject: Subject,
) -> None:
    parcel = handover.parcel(subject, NODE, 7)
    inbox = subject.running.data / "in"
    async with subject.open() as adapter:
        await adapter.push(parcel)
        (inbox / f"{parcel.message_id}.ok").unlink()
        assert await adapter.enquire(parcel) is None
        receipt = await subject.answer(adapter, parcel)
    assert receipt.outcome is Outcome.ACCEPTED


async def test_a_receipt_is_asked_for_only_when_it_is_overdue(
    subject: Subject,
) -> None:
    parcel = handover.parcel(subject, NODE, 8)
    await subject.fault(lost_receipts=1)
    endpoint = subject.endpoint
    options = {**endpoint.options, "patience": "3600"}
    patient = type(subject.open())(replace(endpoint, options=options), subject.manifest)
    async with patient:
        await patient.push(parcel)
        for _ in range(3):
            known = await subject.later(patient, parcel)
            assert known.outcome is Outcome.PENDING
    async with subject.open() as adapter:  # its patience is over
        assert (await subject.later(adapter, parcel)).outcome is Outcome.PENDING
        receipt = await subject.later(adapter, parcel)
    assert receipt.outcome is Outcome.ACCEPTED
    assert len(subject.received(parcel)) == 1


async def test_a_parcel_swallowed_by_the_scanner_is_unknown(
    subject: Subject,
) -> None:
    parcel = handover.parcel(subject, NODE, 9)
    async with subject.open() as adapter:
        await adapter.push(parcel)
        for ending in ("zip", "ok"):
            (subject.running.data / "in" / f"{parcel.message_id}.{ending}").unlink()
        assert await adapter.enquire(parcel) is None


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("罪名", "危险驾驶机动车罪", "R15"),
        ("判决日期", "", "R07"),
        ("出生日期", "1901-02-03", "R03"),
    ],
)
async def test_a_refusal_is_a_receipt_with_its_reason(
    subject: Subject, column: str, value: str, reason: str
) -> None:
    parcel = handover.parcel(subject, NODE, 10)
    row = parcel.body["rows"]["row"][0] | {column: value}  # type: ignore[index,call-overload,operator]  # ours
    body = {**parcel.body, "rows": {"row": [row]}}
    spoilt = replace(parcel, body=body, message_id=md5(column.encode()))
    async with subject.open() as adapter:
        receipt = await subject.answer(adapter, spoilt)
    assert receipt.outcome is Outcome.RETURNED
    assert [found.code for found in receipt.reasons] == [reason]
    assert receipt.reasons[0].text.startswith("第2行：")
    assert "SJBS" in receipt.body.decode("gbk")
    assert subject.received(spoilt) == []


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"WSXX": {"WS": {"WSMC": "刑事判决书"}}}, ["R02"]),
        ({"AH": "(2023)鄂刑初1号"}, ["R03"]),
        ({"GAAJBH": "", "YWLB": "99"}, ["R15"]),
    ],
)
async def test_the_envelope_is_checked_too(
    subject: Subject, change: dict[str, Any], reasons: list[str]
) -> None:
    parcel = handover.parcel(subject, NODE, 11)
    head = {**parcel.body["head"], **change}  # type: ignore[dict-item]  # a dict
    spoilt = replace(
        parcel,
        body={**parcel.body, "head": head},
        message_id=md5(str(change).encode()),
    )
    async with subject.open() as adapter:
        receipt = await subject.answer(adapter, spoilt)
    assert [found.code for found in receipt.reasons] == reasons


async def test_a_unit_out_of_place_is_not_our_jurisdiction(subject: Subject) -> None:
    parcel = handover.parcel(subject, NODE, 12)
    lost = replace(parcel, receiver="JUSTICE-420100", message_id="f" * 32)
    async with subject.open() as adapter:
        receipt = await subject.answer(adapter, lost)
    assert [found.code for found in receipt.reasons] == ["R01"]


async def test_a_case_taken_over_under_another_message_is_a_repeat(
    subject: Subject,
) -> None:
    parcel = handover.parcel(subject, NODE, 13)
    again = replace(parcel, message_id="e" * 32)
    async with subject.open() as adapter:
        assert (await subject.answer(adapter, parcel)).outcome is Outcome.ACCEPTED
        receipt = await subject.answer(adapter, again)
    assert [found.code for found in receipt.reasons] == ["R13"]


async def test_an_unlisted_code_is_not_guessed(subject: Subject) -> None:
    parcel = handover.parcel(subject, NODE, 14)
    async with subject.open() as adapter:
        await adapter.push(parcel)
        digest = md5(write_message(parcel))
        text = f"SJBS={parcel.message_id}\r\nMD5={digest}\r\nCW=0|E77|?\r\n"
        receipt = subject.running.data / "out" / f"{parcel.message_id}.err"
        receipt.write_bytes(text.encode("gbk"))
        with pytest.raises(AgencyFaultUnknown):
            await adapter.enquire(parcel)
        receipt.write_bytes(b"")  # being written
        assert (await adapter.enquire(parcel)).outcome is Outcome.PENDING
        receipt.unlink()


async def test_a_receipt_of_other_content_is_not_ours(subject: Subject) -> None:
    parcel = handover.parcel(subject, NODE, 15)
    other = handover.changed(subject, parcel, 16)
    async with subject.open() as adapter:
        assert (await subject.answer(adapter, parcel)).outcome is Outcome.ACCEPTED
        await adapter.push(other)
        assert (await adapter.enquire(other)).outcome is Outcome.PENDING
        assert (await adapter.enquire(parcel)).outcome is Outcome.ACCEPTED


async def test_an_endpoint_without_directories_is_a_setting_to_mend(
    subject: Subject,
) -> None:
    bare = replace(subject.endpoint, options={})
    with pytest.raises(SettingInvalid) as caught:
        async with type(subject.open())(bare, subject.manifest):
            pass
    assert caught.value.where == "endpoint.justice-suizhou.options.outbox"


async def test_the_bureau_forgets_nothing_when_it_is_killed(
    tmp_path: Path,
) -> None:
    first = start("justice_drop", tmp_path, 60)
    parcel = handover.parcel(first, NODE, 0)
    async with first.open() as adapter:
        told = await first.answer(adapter, parcel)
    first.running.stop(hard=True)
    second = start("justice_drop", tmp_path, 60)
    try:
        async with second.open() as adapter:
            again = await second.answer(adapter, parcel)
        assert again.numbers == told.numbers
        assert len(second.received(parcel)) == 1
        assert second.ask("declared") != []
    finally:
        second.running.stop()
