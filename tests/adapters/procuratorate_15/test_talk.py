"""What only system 1.5 can be asked: tickets, locks, faults, two kinds of letters."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from typing import Any

import pytest

from adapters.procuratorate_15.adapter import Procuratorate15
from hub.contract.messages import Outcome, Parcel, RawRecord, Tree
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyFaultUnknown,
    AgencyLoginRefused,
    AgencyUnreachable,
)
from tests.adapters import handover
from tests.adapters.procuratorate_15 import bench
from tests.adapters.subject import Subject

TRANSFER, JUDGMENT = "PROSECUTION_TRANSFER", "JUDGMENT_SERVICE"


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


async def _case(subject: Subject, number: str) -> dict[str, Any]:
    records, _ = await subject.pulled()
    return _mapped(subject, next(one for one in records if one.key == number))


async def test_a_ticket_that_dies_in_the_middle_is_renewed_once_for_all(
    tyyw: Subject,
) -> None:
    records, _ = await tyyw.pulled()
    before = _act(tyyw, do="account")["logins"]
    await tyyw.fault(expire_ticket_after=20)
    again, _ = await tyyw.pulled()
    assert [record.key for record in again] == [record.key for record in records]
    spent = _act(tyyw, do="account")["logins"] - before
    # the first login, one for the fault, and those of tickets grown old: but not
    # one for each of the calls that were under way when a ticket died
    assert 2 <= spent <= 2 + len(records) // 100 + 1


async def test_a_ticket_that_dies_before_a_letter_does_not_lose_it(
    tyyw: Subject,
) -> None:
    parcel = handover.parcel(tyyw, TRANSFER, 10)
    async with tyyw.open() as adapter:
        await adapter.probe()
        await tyyw.fault(expire_ticket_after=0)
        receipt = await adapter.push(parcel)
    assert receipt.outcome is Outcome.ACCEPTED
    assert len(tyyw.received(parcel)) == 1


async def test_a_refused_login_is_never_repeated(tyyw: Subject) -> None:
    endpoint = bench.endpoint(tyyw.running, password="wrong")
    async with Procuratorate15(endpoint, tyyw.manifest) as adapter:
        for _ in range(5):
            with pytest.raises(AgencyLoginRefused):
                await adapter.probe()
    assert _act(tyyw, do="account")["refused"] == 1
    _act(tyyw, do="unlock")


async def test_a_locked_account_refuses_even_the_right_password(
    tyyw: Subject,
) -> None:
    wrong = bench.endpoint(tyyw.running, password="wrong")
    for _ in range(3):
        async with Procuratorate15(wrong, tyyw.manifest) as adapter:
            with pytest.raises(AgencyLoginRefused):
                await adapter.probe()
    async with tyyw.open() as adapter:
        with pytest.raises(AgencyLoginRefused) as caught:
            await adapter.probe()
    assert "锁定" in caught.value.message.zh
    _act(tyyw, do="unlock")
    async with tyyw.open() as adapter:
        assert (await adapter.probe()).version == "1.5.27"


@pytest.mark.parametrize(
    ("fault", "leaf"),
    [
        ({"code": "5000"}, AgencyBusy),
        ({"code": "9999"}, AgencyUnreachable),
        ({"code": "2001"}, AgencyFaultUnknown),
        ({"code": "4711"}, AgencyFaultUnknown),
        ({"code": "1002"}, AgencyBusy),
        ({"page": True}, AgencyUnreachable),
        ({"garbage": 1}, AgencyAnswerUnreadable),
        ({"down": True}, AgencyBusy),
        ({"login_refused": True}, AgencyLoginRefused),
    ],
)
async def test_a_code_inside_http_200_ends_in_its_leaf(
    tyyw: Subject, fault: dict[str, Any], leaf: type[AgencyError]
) -> None:
    await tyyw.fault(**fault)
    with pytest.raises(leaf) as caught:
        await tyyw.pulled()
    assert caught.value.endpoint == "proc15-suizhou"
    await tyyw.fault()
    _act(tyyw, do="unlock")


async def test_a_code_said_of_one_case_is_kept_as_that_record(tyyw: Subject) -> None:
    records, _ = await tyyw.pulled()
    body = records[0].body.replace(b"<CODE>0</CODE>", b"<CODE>2405</CODE>")
    gone = replace(records[0], body=body)
    failed, _ = tyyw.verdicts([gone])
    assert failed == {gone.key: "RECORD_UNREADABLE"}


async def test_a_transfer_becomes_a_case_of_their_own(tyyw: Subject) -> None:
    parcel = handover.parcel(tyyw, TRANSFER, 11)
    async with tyyw.open() as adapter:
        receipt = await adapter.push(parcel)
        known = await adapter.enquire(parcel)
    assert receipt.outcome is Outcome.ACCEPTED
    assert set(receipt.numbers) == {"department", "unified"}
    assert known is not None
    assert known.numbers == receipt.numbers
    told = await _case(tyyw, receipt.numbers["department"])
    case = next(
        one
        for one in handover.cases(tyyw, TRANSFER)
        if one.police_number == told["police_number"]
    )
    sent = handover.record(case, TRANSFER)
    assert told["unified_number"] == receipt.numbers["unified"]
    assert told["stage"] == "S110_PROSECUTION_REVIEW"
    for name in ("title", "summary", "investigator"):
        assert told[name] == sent[name]
    assert [_known(person) for person in told["persons"]] == [
        _known(person)
        for person in sent["persons"]  # type: ignore[union-attr]  # a list of trees
    ]


def _known(person: Any) -> dict[str, Any]:
    dropped = ("stage", "source_id")
    told = {name: value for name, value in person.items() if name not in dropped}
    measures = [
        {name: value for name, value in one.items() if name != "decided_by"}
        for one in told["measures"]
    ]
    return told | {"measures": measures}


async def test_an_answer_lost_after_the_commit_is_enquired(tyyw: Subject) -> None:
    parcel = handover.parcel(tyyw, TRANSFER, 12)
    await tyyw.fault(silent_after_commit=1)
    async with tyyw.open() as adapter:
        assert await adapter.enquire(parcel) is None
        with pytest.raises(AgencyUnreachable):
            await adapter.push(parcel)
        known = await adapter.enquire(parcel)
        again = await adapter.push(parcel)
    assert known is not None
    assert known.outcome is Outcome.ACCEPTED
    assert again.numbers == known.numbers
    assert len(tyyw.received(parcel)) == 1


async def test_a_case_under_review_is_a_duplicate_push(tyyw: Subject) -> None:
    parcel = handover.parcel(tyyw, TRANSFER, 13)
    async with tyyw.open() as adapter:
        assert (await adapter.push(parcel)).outcome is Outcome.ACCEPTED
        other = replace(parcel, message_id="f" * 32)
        receipt = await adapter.push(other)
        known = await adapter.enquire(other)
    assert receipt.outcome is Outcome.RETURNED
    assert [reason.code for reason in receipt.reasons] == ["R13"]
    assert known is not None
    assert known.outcome is Outcome.RETURNED


@pytest.mark.parametrize(
    ("node", "change", "reason"),
    [
        (TRANSFER, "no_opinion", "R02"),
        (TRANSFER, "elsewhere", "R01"),
        (JUDGMENT, "no_judgment", "R02"),
        (JUDGMENT, "unknown_case", "R01"),
    ],
)
async def test_a_refusal_is_a_receipt_with_its_reason(
    tyyw: Subject, node: str, change: str, reason: str
) -> None:
    parcel = _spoilt(handover.parcel(tyyw, node, 14), change)
    async with tyyw.open() as adapter:
        receipt = await adapter.push(parcel)
    assert receipt.outcome is Outcome.RETURNED
    assert [one.code for one in receipt.reasons] == [reason]
    assert receipt.reasons[0].text


def _spoilt(parcel: Parcel, change: str) -> Parcel:
    mark = change.encode().hex()[:32].ljust(32, "0")
    if change == "elsewhere":
        return replace(parcel, receiver="PROC-420100", message_id=mark)
    body: dict[str, Any] = json.loads(json.dumps(parcel.body))
    if change == "unknown_case":
        body["AJXX"]["TYSAH"] = "4" * 17
    else:
        papers = body["WSXX"]["WS"]
        gone = "起诉意见书" if change == "no_opinion" else "刑事判决书"
        body["WSXX"]["WS"] = [paper for paper in papers if paper["WSLX"] != gone]
    told: dict[str, Tree] = body
    return replace(parcel, body=told, message_id=mark)


async def test_a_judgment_is_filed_with_the_case(tyyw: Subject) -> None:
    parcel = handover.parcel(tyyw, JUDGMENT, 15)
    async with tyyw.open() as adapter:
        receipt = await adapter.push(parcel)
    assert receipt.outcome is Outcome.ACCEPTED
    assert receipt.numbers["unified"] == parcel.numbers["unified"]
    told = await _case(tyyw, receipt.numbers["department"])
    assert told["stage"] == "S230_JUDGED_PENDING"
    assert "JUDGMENT_DOC" in {paper["type"] for paper in told["documents"]}


async def test_a_node_they_do_not_take_is_not_sent(tyyw: Subject) -> None:
    parcel = replace(handover.parcel(tyyw, TRANSFER, 16), node="INDICTMENT")
    async with tyyw.open() as adapter:
        with pytest.raises(AgencyFaultUnknown):
            await adapter.push(parcel)
    assert tyyw.received(parcel) == []


async def test_an_indictment_and_a_deletion_are_seen(tyyw: Subject) -> None:
    parcel = handover.parcel(tyyw, TRANSFER, 17)
    async with tyyw.open() as adapter:
        number = (await adapter.push(parcel)).numbers["department"]
    _act(tyyw, do="indict", department_number=number)
    told = await _case(tyyw, number)
    assert told["stage"] == "S200_COURT_INTAKE"
    kinds = {paper["type"] for paper in told["documents"]}
    assert kinds >= {"INDICTMENT_DOC", "SENTENCING_RECOMMENDATION_DOC"}
    _act(tyyw, do="delete", department_number=number)
    assert (await _case(tyyw, number))["is_withdrawn"] is True
