"""What only this system can be asked: tokens, shifting pages, pages of HTML."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import Outcome, Parcel, Receipt, Watermark
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyFaultUnknown,
    AgencyLoginRefused,
    AgencyUnreachable,
    RecordUnreadable,
    SettingInvalid,
)
from hub.mapping.load import Mappings
from tests.adapters import handover
from tests.adapters.procuratorate_20 import bench, dirty
from tests.adapters.procuratorate_20.conftest import MANIFEST, House
from tests.simulators import world
from tests.simulators.state import State


def _keys(seed: int = 7, cases: int = 60) -> list[str]:
    found = world.build(seed, cases)
    return sorted(
        case.department_number
        for case in found
        if not case.in_15 and case.reached("PROSECUTION")
    )


def _parcel(
    mappings: Mappings, node: str = "PROSECUTION_TRANSFER", reach: str = "INVESTIGATION"
) -> Parcel:
    case = next(
        case
        for case in world.build(7, 60)
        if case.reach == reach
        and (reach == "INVESTIGATION" or not case.in_15)
        and not dirty.kind_of(7, case.index)
    )
    record = handover.record(case, node)
    written = mappings.system("procuratorate_20").write(node, record)
    assert written.faults == ()
    return Parcel(
        key="talk/1",
        message_id="ab" * 16,
        node=node,
        sender=f"POLICE-{case.division}",
        receiver=f"PROC-{case.division}",
        numbers={"police": case.police_number},
        body=written.body,
        submitted_at=datetime(2023, 9, 1, tzinfo=UTC),
    )


async def _push(house: House, parcel: Parcel) -> Receipt:
    async with house.open() as adapter:
        return await adapter.push(parcel)


def _codes(receipt: Receipt) -> list[str]:
    assert receipt.outcome is Outcome.RETURNED
    return [reason.code for reason in receipt.reasons]


async def test_rows_that_shift_while_paging_are_all_found(house: House) -> None:
    house.switch(shift=6)
    records, mark = await house.pull(page_size=4)
    assert {record.key for record in records} == set(_keys())
    touched = len(records) - len(_keys())
    assert touched > 0, "rows that changed on the way come again, changed"
    last = {record.key: record.body for record in records}
    more, _ = await house.pull(mark)
    assert all(record.body == last[record.key] for record in more)


async def test_counting_rows_would_have_lost_some(house: House) -> None:
    house.switch(shift=6)
    seen: set[str] = set()
    async with house.open(page_size=4) as adapter:
        cursor = ""
        for _ in range(6):
            changes, cursor = await adapter._changes("", cursor)
            seen |= {change.key for change in changes}
    assert not set(_keys()) <= seen


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_more_rows_in_one_second_than_a_page_holds_are_all_found(
    house: House, size: int
) -> None:
    records, mark = await house.pull(page_size=size)
    assert sorted(record.key for record in records) == _keys()
    assert (await house.pull(mark, page_size=size))[0] == []


async def test_a_late_commit_is_found_by_the_overlap(
    house: House, again: Callable[[], None]
) -> None:
    _, mark = await house.pull()
    high = str(mark.value["high"])
    state = State(house.running.data)
    early = state.changes("case", "", 1, 0)[0]
    state.put("case", early[0], "2023-08-01 08:00:01", early[2])
    state.close()
    assert high > "2023-08-01 08:00:01"
    records, mark = await house.pull(mark)
    assert [record.key for record in records] == [early[0]]
    assert (await house.pull(mark))[0] == []


async def test_a_touched_case_comes_again_and_alone(house: House) -> None:
    records, mark = await house.pull()
    key = records[0].key
    house.act("touch", department_number=key)
    again, _ = await house.pull(mark)
    assert [record.key for record in again] == [key]


async def test_a_token_that_dies_in_the_middle_costs_one_login(house: House) -> None:
    house.switch(expire_token=7)
    records, _ = await house.pull()
    assert sorted(record.key for record in records) == _keys()
    assert house.ask("logins") == {"granted": 2, "refused": 0}


async def test_a_second_hub_revokes_the_token_and_both_go_on(house: House) -> None:
    async with house.open() as one, house.open() as two:
        for _ in range(3):
            await one.probe()
            await two.probe()
    assert house.ask("logins")["granted"] == 6


async def test_a_refused_login_is_knocked_at_once_only(house: House) -> None:
    house.switch(login_refused=True)
    async with house.open() as adapter:
        for _ in range(3):
            with pytest.raises(AgencyLoginRefused):
                await adapter.probe()
    assert house.ask("logins") == {"granted": 0, "refused": 1}


@pytest.mark.parametrize(
    ("fault", "leaf"),
    [
        ({"html": 9}, AgencyUnreachable),
        ({"bad_gateway": 9}, AgencyUnreachable),
        ({"down": True}, AgencyBusy),
        ({"busy": 9}, AgencyBusy),
        ({"gbk": 9}, AgencyAnswerUnreadable),
        ({"garbage": 9}, AgencyAnswerUnreadable),
        ({"ret_code": "5000"}, AgencyBusy),
        ({"ret_code": "5001"}, AgencyUnreachable),
        ({"ret_code": "9403"}, AgencyLoginRefused),
        ({"ret_code": "7777"}, AgencyFaultUnknown),
    ],
)
async def test_each_fault_ends_in_its_leaf(
    house: House, mappings: Mappings, fault: dict[str, Any], leaf: type[AgencyError]
) -> None:
    house.switch(**fault)
    calls = (
        house.pull,
        partial(_probe, house),
        partial(_push, house, _parcel(mappings)),
    )
    for call in calls:
        with pytest.raises(leaf) as caught:
            await call()
        assert caught.value.endpoint == "proc20-test"
    if "busy" in fault:
        assert isinstance(caught.value, AgencyError)
        assert caught.value.retry_after == 2
    house.switch()
    assert house.ask("received") == []


async def _probe(house: House) -> None:
    async with house.open() as adapter:
        await adapter.probe()


async def test_slowness_beyond_the_deadline_is_unreachable(house: House) -> None:
    house.switch(slow=3)
    with pytest.raises(AgencyUnreachable):
        await house.pull(deadline_seconds=0.3)


async def test_half_a_detail_is_kept_as_the_record_it_is(house: House) -> None:
    async with house.open() as adapter:
        changes, _ = await adapter._changes("", "")
        house.switch(garbage=1)
        (record,) = await adapter._details(changes[:1])
        assert record.key == changes[0].key
        with pytest.raises(RecordUnreadable):
            adapter.read(record)


async def test_a_case_gone_between_list_and_detail_is_set_aside(
    house: House,
) -> None:
    async with house.open() as adapter:
        changes, _ = await adapter._changes("", "")
        gone = replace(changes[0], key="广水检刑诉受[2023]421381999999号")
        (record,) = await adapter._details([gone])
        assert json.loads(record.body)["retCode"] == "1404"
        with pytest.raises(RecordUnreadable):
            adapter.read(record)


async def test_a_page_of_html_in_the_middle_of_a_pull_loses_no_stored_page(
    house: House,
) -> None:
    async with house.open(page_size=5) as adapter:
        pages = adapter.pull(Watermark())
        first = await anext(pages)
        house.switch(html=1)
        with pytest.raises(AgencyUnreachable):
            await anext(pages)
    rest, _ = await house.pull(first.watermark)
    found = [record.key for record in (*first.records, *rest)]
    assert sorted(found) == _keys()


async def test_a_case_handed_over_is_pulled_with_its_new_numbers(
    house: House, mappings: Mappings
) -> None:
    _, mark = await house.pull()
    parcel = _parcel(mappings)
    receipt = await _push(house, parcel)
    assert receipt.outcome is Outcome.ACCEPTED
    (record,), mark = await house.pull(mark)
    told = await _body(house, mappings, record)
    assert told["department_number"] == receipt.numbers["department"] == record.key
    assert told["unified_number"] == receipt.numbers["unified"]
    assert told["police_number"] == parcel.numbers["police"]
    assert told["stage"] == "S110_PROSECUTION_REVIEW"
    house.act("indict", department_number=record.key)
    (record,), _ = await house.pull(mark)
    told = await _body(house, mappings, record)
    assert told["stage"] == "S200_COURT_INTAKE"
    assert [paper["type"] for paper in told["documents"]] == [
        "INDICTMENT_DOC",
        "SENTENCING_RECOMMENDATION_DOC",
    ]


async def _body(house: House, mappings: Mappings, record: Any) -> dict[str, Any]:
    mapped = mappings.system("procuratorate_20").read("case", house.open().read(record))
    assert (mapped.faults, mapped.remainder) == ((), ())
    return mapped.body


async def test_a_judgment_served_reaches_the_persons_of_the_case(
    house: House, mappings: Mappings
) -> None:
    _, mark = await house.pull()
    parcel = _parcel(mappings, "JUDGMENT_SERVICE", "TRIAL")
    receipt = await _push(house, parcel)
    assert receipt.outcome is Outcome.ACCEPTED
    (record,), _ = await house.pull(mark)
    told = await _body(house, mappings, record)
    assert told["stage"] == "S230_JUDGED_PENDING"
    assert all(person["sentence"]["result"] for person in told["persons"])


def _without(parcel: Parcel, path: str) -> Parcel:
    body = json.loads(json.dumps(parcel.body))
    *way, last = path.split("/")
    place = body
    for step in way:
        place = place[int(step)] if step.isdecimal() else place[step]
    del place[last]
    return replace(parcel, body=body)


async def test_refusals_come_back_as_reasons_of_the_house(
    house: House, mappings: Mappings
) -> None:
    whole = _parcel(mappings)
    papers = [p for p in whole.body["wsxx"] if p["wsmbbm"] != "230041"]
    unsigned = replace(whole, body=whole.body | {"wsxx": papers})
    assert _codes(await _push(house, unsigned)) == ["R02"]
    elsewhere = replace(whole, receiver="PROC-110000", message_id="cd" * 16)
    assert _codes(await _push(house, elsewhere)) == ["R01"]
    odd = replace(whole, body=whole.body | {"lcjdbh": "9999"}, message_id="ce" * 16)
    assert _codes(await _push(house, odd)) == ["R15"]
    extra = replace(whole, body=whole.body | {"more": 1}, message_id="cf" * 16)
    assert _codes(await _push(house, extra)) == ["R99"]
    nameless = replace(_without(whole, "xyrxx/0/xm"), message_id="d0" * 16)
    assert _codes(await _push(house, nameless)) == ["R99"]


async def test_a_case_is_taken_in_once_whatever_the_message_is_called(
    house: House, mappings: Mappings
) -> None:
    first = await _push(house, _parcel(mappings))
    second = await _push(house, replace(_parcel(mappings), message_id="cd" * 16))
    assert first.outcome is Outcome.ACCEPTED
    assert _codes(second) == ["R13"]


async def test_a_judgment_of_a_case_that_is_not_here_is_returned(
    house: House, mappings: Mappings
) -> None:
    parcel = _parcel(mappings, "JUDGMENT_SERVICE", "TRIAL")
    case = {**parcel.body["ajxx"], "tysah": "42138120239999901"}
    case["bmsah"] = "广水检刑诉受[2023]421381999999号"
    parcel = replace(parcel, body=parcel.body | {"ajxx": case})
    assert _codes(await _push(house, parcel)) == ["R01"]


async def test_a_plug_pulled_after_the_commit_leaves_one_case(
    house: House, mappings: Mappings, again: Callable[[], None]
) -> None:
    parcel = _parcel(mappings)
    house.switch(silent_after_commit=1)
    async with house.open(deadline_seconds=1) as adapter:
        with pytest.raises(AgencyUnreachable):
            await adapter.push(parcel)
    await asyncio.to_thread(again)
    async with house.open() as adapter:
        known = await adapter.enquire(parcel)
        repeated = await adapter.push(parcel)
    assert known is not None
    assert (known.outcome, known.numbers) == (Outcome.ACCEPTED, repeated.numbers)
    records, _ = await house.pull()
    held = [record.key for record in records if record.key not in _keys()]
    assert held == [known.numbers["department"]]


@pytest.mark.parametrize("lacking", ["options", "secrets"])
def test_a_client_that_is_not_configured_is_told_by_its_setting(
    house: House, lacking: str
) -> None:
    endpoint = replace(bench.endpoint(house.running), **{lacking: {}})
    with pytest.raises(SettingInvalid) as caught:
        Procuratorate20(endpoint, MANIFEST)
    assert caught.value.where.startswith(f"endpoints.proc20-test.{lacking}.")
