"""What only the police system can be asked: shifting pages, faults, hand-overs."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.police_case.adapter import PoliceCase
from hub.contract.messages import Outcome, RawRecord, Watermark
from hub.engine.registry import load_manifests
from hub.entry.assembly import ADAPTERS
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyFaultUnknown,
    AgencyLoginRefused,
    AgencyUnreachable,
)
from tests.adapters import handover
from tests.adapters import subject as subjects
from tests.adapters.police_case import bench
from tests.adapters.subject import Subject
from tests.simulators.launch import launch

NODE = "RETURN_FOR_SUPPLEMENT"
NEW = {
    "title": "某甲危险驾驶案",
    "summary": "2023年8月1日，某甲酒后驾驶小型汽车。",
    "division": "421381",
    "filed": "2023-08-01",
    "crimes": ["CL1330101"],
    "persons": [
        {
            "name": "某甲",
            "sex": "1",
            "birth": "1900-01-01",
            "id_number": "421381190001010010",
            "measures": [{"kind": "BAIL", "start": "2023-08-02", "end": "2024-07-31"}],
        }
    ],
    "documents": [
        {"type": "FILING_DECISION", "name": "立案决定书", "issued": "2023-08-01"}
    ],
}


def _act(subject: Subject, **order: Any) -> dict[str, Any]:
    address = f"{subject.running.address}/_sim/act"
    with urllib.request.urlopen(address, json.dumps(order).encode()) as page:
        found: dict[str, Any] = json.loads(page.read())
    return found


def _mapped(subject: Subject, record: RawRecord) -> dict[str, Any]:
    mapped = subject.mapping.read("case", subject.open().read(record))
    assert mapped.faults == ()
    assert mapped.remainder == ()
    return mapped.body


def _news(again: list[RawRecord], before: list[RawRecord]) -> list[str]:
    """What a second look brought that was not known byte for byte.

    A row of the newest second is looked at once more, since it may still change.
    """
    known = {(record.key, record.body) for record in before}
    return [record.key for record in again if (record.key, record.body) not in known]


async def test_pages_that_shift_lose_no_case(tmp_path: Path) -> None:
    running = launch("police_case", tmp_path, cases=350, settings={"shifts": "3"})
    try:
        found = subjects.Subject(
            "police_case",
            load_manifests(ADAPTERS)["police_case"],
            None,  # type: ignore[arg-type]  # nothing is mapped here
            bench,
            running,
        )
        records, marks = await found.pulled()
        assert len({record.key for record in records}) == 350
        assert len(records) == 353, "a case saved meanwhile comes again, as saved"
        again, _ = await found.pulled(marks[-1])
        assert _news(again, records) == []
    finally:
        running.stop()


async def test_a_simulator_killed_and_started_again_has_forgotten_nothing(
    tmp_path: Path,
) -> None:
    first = subjects.start("police_case", tmp_path, 40)
    number = _act(first, do="file", case=NEW)["police_number"]
    before, marks = await first.pulled()
    first.running.stop(hard=True)
    second = subjects.start("police_case", tmp_path, 40)
    try:
        after, _ = await second.pulled()
        assert number in {record.key for record in after}
        assert {r.key: r.body for r in before} == {r.key: r.body for r in after}
        again, _ = await second.pulled(marks[-1])
        assert _news(again, after) == []
    finally:
        second.running.stop()


async def test_a_case_is_filed_touched_and_finished(police: Subject) -> None:
    _, marks = await police.pulled()
    number = _act(police, do="file", case=NEW)["police_number"]
    records, marks = await police.pulled(marks[-1])
    filed = records[-1]
    told = _mapped(police, filed)
    assert (filed.key, told["stage"]) == (number, "S020_FILED")
    assert told["persons"][0]["charges"] == [
        {"crime": "CL1330101", "wording": "危险驾驶罪"}
    ]
    _act(police, do="finish", police_number=number)
    records, _ = await police.pulled(marks[-1])
    done = _mapped(police, records[-1])
    kinds = {paper["type"] for paper in done["documents"]}
    row = subjects.tables().table("node").row("PROSECUTION_TRANSFER")
    assert row is not None
    assert set(row.value("required_docs").split(";")) <= kinds
    assert done["stage"] == "S100_PROSECUTION_INTAKE"


async def test_an_order_nobody_knows_is_refused_by_the_officer(police: Subject) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        _act(police, do="dance")
    with caught.value as answer:
        assert answer.code == 400


async def test_a_returned_case_changes_its_stage_once(police: Subject) -> None:
    _, marks = await police.pulled()
    parcel = handover.parcel(police, NODE, 10)
    await police.fault(silent_after_commit=1)
    async with police.open() as adapter:
        with pytest.raises(AgencyUnreachable):
            await adapter.push(parcel)
        receipt = await adapter.push(parcel)
    assert receipt.outcome is Outcome.ACCEPTED
    assert receipt.numbers == {"police": parcel.numbers["police"]}
    changed, _ = await police.pulled(marks[-1])
    stages = {record.key: _mapped(police, record)["stage"] for record in changed}
    assert stages[parcel.numbers["police"]] == "S120_SUPPLEMENT_1"
    assert len(police.received(parcel)) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"AJBH": "A4213810000002099010001"}, "R01"),
        ({"AJMC": "另一案"}, "R07"),
    ],
)
async def test_a_case_that_is_not_theirs_is_returned_with_the_reason(
    police: Subject, change: dict[str, str], reason: str
) -> None:
    parcel = handover.parcel(police, NODE, 11)
    told = dict(parcel.body)
    told["AJ"] = {**told["AJ"], **change}  # type: ignore[dict-item]  # a tree
    mark = reason.encode().hex().ljust(32, "0")
    async with police.open() as adapter:
        receipt = await adapter.push(replace(parcel, body=told, message_id=mark))
    assert receipt.outcome is Outcome.RETURNED
    assert [told.code for told in receipt.reasons] == [reason]


async def test_a_letter_that_is_not_valid_is_a_fault_and_not_kept(
    police: Subject,
) -> None:
    parcel = handover.parcel(police, NODE, 12)
    async with police.open() as adapter:
        with pytest.raises(AgencyFaultUnknown):
            await adapter.push(replace(parcel, body=parcel.body | {"XX": "1"}))
    assert police.received(parcel) == []


@pytest.mark.parametrize(
    ("fault", "leaf"),
    [
        ({"fault_code": "Server.Busy"}, AgencyBusy),
        ({"fault_code": "Server"}, AgencyUnreachable),
        ({"fault_code": "Client.Schema"}, AgencyFaultUnknown),
        ({"fault_code": "Server.Unheard"}, AgencyFaultUnknown),
        ({"code": "9001"}, AgencyBusy),
        ({"code": "8888"}, AgencyFaultUnknown),
        ({"page": True}, AgencyUnreachable),
        ({"garbage": 1}, AgencyAnswerUnreadable),
        ({"down": True}, AgencyBusy),
        ({"login_refused": True}, AgencyLoginRefused),
    ],
)
async def test_what_the_list_says_ends_in_its_leaf(
    police: Subject, fault: dict[str, Any], leaf: type[AgencyError]
) -> None:
    await police.fault(**fault)
    with pytest.raises(leaf) as caught:
        await police.pulled()
    assert caught.value.endpoint == "police-suizhou"


async def test_a_wrong_secret_is_refused(police: Subject) -> None:
    endpoint = bench.endpoint(police.running, secret="wrong")
    async with PoliceCase(endpoint, police.manifest) as adapter:
        with pytest.raises(AgencyLoginRefused):
            await adapter.probe()


async def test_garbage_instead_of_one_case_stops_the_pull_and_keeps_the_page(
    police: Subject,
) -> None:
    async with police.open() as adapter:
        pages = adapter.pull(Watermark())
        first = await anext(pages)
        await police.fault(garbage=1000)
        with pytest.raises(AgencyAnswerUnreadable):
            await anext(pages)
    await police.fault()
    rest, _ = await police.pulled(first.watermark)
    assert rest
    assert not {r.key for r in rest} & {r.key for r in first.records}
