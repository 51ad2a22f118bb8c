"""What only this system can be asked: its hours, its counters, its stages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.detention_centre.adapter import DetentionCentre
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
from tests.adapters.detention_centre import bench, words
from tests.adapters.detention_centre.conftest import MANIFEST, Centre
from tests.adapters.detention_centre.simulator import ACCOUNT, KEY
from tests.simulators import world

HY = "CUSTODY_CHANGE"


def _cases(*reaches: str) -> Iterator[world.Case]:
    """Cases whose persons are all held, told right and, by and large, in time."""
    for case in world.build(7, 220):
        held = list(words.held(case))
        dirty = any(words.planted(7, case, place) for place, _ in held)
        if case.reach in reaches and len(held) == len(case.persons) and not dirty:
            yield case


def _parcel(mappings: Mappings, case: world.Case, node: str = HY) -> Parcel:
    written = mappings.system("detention_centre").write(
        node, handover.record(case, node)
    )
    assert written.faults == ()
    return Parcel(
        key="talk/1",
        message_id="ab" * 16,
        node=node,
        sender=f"PROC-{case.division}",
        receiver=f"DETENTION-{case.division}",
        numbers={"police": case.police_number},
        body=written.body,
        submitted_at=datetime(2023, 9, 1, tzinfo=UTC),
    )


async def _push(centre: Centre, parcel: Parcel) -> Receipt:
    async with centre.open() as adapter:
        return await adapter.push(parcel)


def _codes(receipt: Receipt) -> list[str]:
    assert receipt.outcome is Outcome.RETURNED
    return [reason.code for reason in receipt.reasons]


async def test_closed_is_busy_until_it_opens_and_never_unreachable(
    centre: Centre, mappings: Mappings
) -> None:
    centre.act("clock", at="2023-09-01 20:00:00")
    case = next(_cases("PROSECUTION"))
    parcel = _parcel(mappings, case)
    async with centre.open() as adapter:
        for call in (
            adapter.probe,
            lambda: adapter.push(parcel),
            lambda: adapter.enquire(parcel),
            lambda: adapter.lookup("case", "421381121202308010001"),
            lambda: anext(adapter.pull(Watermark())),
        ):
            with pytest.raises(AgencyBusy) as caught:
                await call()
            wait = caught.value.retry_after
            assert wait is not None
            assert 11.9 * 3600 < wait <= 12 * 3600
            assert "2023-09-02 08:00:00" in caught.value.message.zh
    centre.act("clock", at="2023-09-02 07:59:50")
    async with centre.open() as adapter:
        with pytest.raises(AgencyBusy) as caught:
            await adapter.probe()
        assert (caught.value.retry_after or 99) <= 10
    centre.act("clock", at="2023-09-02 08:00:00")
    assert (await _push(centre, parcel)).outcome is Outcome.ACCEPTED


async def test_a_centre_that_closes_in_the_middle_loses_no_page(
    centre: Centre,
) -> None:
    whole, _ = await centre.pull()
    async with centre.open(page_size=7) as adapter:
        pages = adapter.pull(Watermark())
        first = await anext(pages)
        centre.switch(closed=True)
        with pytest.raises(AgencyBusy):
            await anext(pages)
    centre.switch()
    rest, _ = await centre.pull(first.watermark)
    found = [record.key for record in (*first.records, *rest)]
    assert sorted(found) == sorted(record.key for record in whole)


@pytest.mark.parametrize(
    ("fault", "leaf"),
    [
        ({"html": 9}, AgencyAnswerUnreadable),
        ({"down": True}, AgencyBusy),
        ({"busy": 9}, AgencyBusy),
        ({"garbage": 9}, AgencyAnswerUnreadable),
        ({"closed": True}, AgencyBusy),
        ({"login_refused": True}, AgencyLoginRefused),
        ({"fhm": "9002"}, AgencyBusy),
        ({"fhm": "9003"}, AgencyLoginRefused),
        ({"fhm": "9005"}, AgencyUnreachable),
        ({"fhm": "7777"}, AgencyFaultUnknown),
    ],
)
async def test_each_fault_ends_in_its_leaf(
    centre: Centre, mappings: Mappings, fault: dict[str, Any], leaf: type[AgencyError]
) -> None:
    centre.switch(**fault)
    parcel = _parcel(mappings, next(_cases("PROSECUTION")))
    async with centre.open() as adapter:
        for call in (
            adapter.probe,
            lambda: adapter.push(parcel),
            lambda: anext(adapter.pull(Watermark())),
        ):
            with pytest.raises(leaf) as caught:
                await call()
            assert caught.value.endpoint == "detention-test"


async def test_a_custody_change_moves_stage_unit_and_term(
    centre: Centre, mappings: Mappings
) -> None:
    case = next(case for case in _cases("PROSECUTION") if not words.is_overdue(case))
    _, mark = await centre.pull()
    parcel = _parcel(mappings, case)
    assert (await _push(centre, parcel)).outcome is Outcome.ACCEPTED
    records, _ = await centre.pull(mark)
    assert {record.key for record in records} == {
        words.number(case, place) for place, _ in words.held(case)
    }
    for record in records:
        mapped = mappings.system("detention_centre").read(
            "case", centre.open().read(record)
        )
        assert (mapped.faults, mapped.remainder) == ((), ())
        (person,) = mapped.body["persons"]
        assert person["stage"] == "S110_PROSECUTION_REVIEW"
        assert person["custody"]["holds_for"] == f"PROC-{case.division}"
        assert person["custody"]["ends_on"] == "2023-12-31"
    # the new stage is open: it has to be closed before the next change
    later = replace(parcel, message_id="cd" * 16, body=parcel.body | {"XHJ": "31"})
    assert _codes(await _push(centre, later)) == ["R03"]
    centre.act("close_stage", police_number=case.police_number)
    again = replace(later, message_id="ce" * 16)
    assert (await _push(centre, again)).outcome is Outcome.ACCEPTED


async def test_a_change_is_refused_while_the_stage_before_is_not_closed(
    centre: Centre, mappings: Mappings
) -> None:
    case = next(case for case in _cases("INVESTIGATION") if not words.is_overdue(case))
    parcel = _parcel(mappings, case)
    parcel = replace(parcel, body=parcel.body | {"XHJ": "21"})
    assert _codes(await _push(centre, parcel)) == ["R03"]


async def test_a_change_is_refused_when_the_term_has_passed(
    centre: Centre, mappings: Mappings
) -> None:
    case = next(case for case in _cases("PROSECUTION") if not words.is_overdue(case))
    centre.act("clock", at="2023-11-20 09:00:00")
    assert _codes(await _push(centre, _parcel(mappings, case))) == ["R09"]
    term = _parcel(mappings, case, "CUSTODY_TERM_NOTICE")
    term = replace(term, message_id="cd" * 16)
    assert (await _push(centre, term)).outcome is Outcome.ACCEPTED
    later = replace(_parcel(mappings, case), message_id="ce" * 16)
    assert (await _push(centre, later)).outcome is Outcome.ACCEPTED


async def test_refusals_come_back_as_reasons_of_the_house(
    centre: Centre, mappings: Mappings
) -> None:
    case = next(case for case in _cases("PROSECUTION") if not words.is_overdue(case))
    whole = _parcel(mappings, case)

    async def said(number: int, **body: Any) -> list[str]:
        told = replace(whole, message_id=f"{number:032x}", body=whole.body | body)
        return _codes(await _push(centre, told))

    assert await said(1, XHJ="99") == ["R15"]
    assert await said(2, XHJ="11") == ["R07"]
    assert await said(3, MORE="1") == ["R99"]
    assert await said(4, AJBH="A4213810000002099010001") == ["R08"]
    elsewhere = replace(whole, receiver="DETENTION-110000", message_id="e" * 32)
    assert _codes(await _push(centre, elsewhere)) == ["R01"]
    body = {name: told for name, told in whole.body.items() if name != "WSLB"}
    bare = replace(whole, message_id="f" * 32, body=body)
    assert _codes(await _push(centre, bare)) == ["R02"]
    centre.act("release", police_number=case.police_number)
    assert await said(5) == ["R08"]


async def test_half_a_person_and_nobody_are_kept_and_set_aside(centre: Centre) -> None:
    records, _ = await centre.pull()
    dirty = {record.key: record for record in records}
    kinds = {
        words.planted(7, case, place): words.number(case, place)
        for case in world.build(7, 220)
        for place, _ in words.held(case)
    }
    for kind in ("truncated", "gone"):
        with pytest.raises(RecordUnreadable):
            centre.open().read(dirty[kinds[kind]])


async def test_one_person_is_looked_up_as_a_pull_would_bring_it(
    centre: Centre,
) -> None:
    records, _ = await centre.pull()
    async with centre.open() as adapter:
        assert await adapter.lookup("case", records[0].key) == records[0]
        assert await adapter.lookup("case", "421381121209901010001") is None


async def test_a_name_beyond_gbk_arrives_as_it_is(
    centre: Centre, mappings: Mappings
) -> None:
    case = next(case for case in _cases("PROSECUTION") if not words.is_overdue(case))
    whole = _parcel(mappings, case)
    body = whole.body | {"AJMC": "㛃㵘𠮷盗窃案"}
    assert (await _push(centre, replace(whole, body=body))).outcome is Outcome.ACCEPTED


def test_an_interrogation_slot_is_given_once_and_within_the_hours(
    centre: Centre,
) -> None:
    case = next(_cases("INVESTIGATION"))
    unit = words.local("agency")[f"POLICE-{case.division}"]

    def book(number: int, at: str, by: str = unit) -> str:
        message = {
            "SJBS": f"{number:032x}",
            "FSSJ": "2023-09-01 10:00:00",
            "RYBH": words.number(case, 0),
            "BADW": by,
            "KSSJ": at,
        }
        said = centre.post(
            "/tx/yy", words.xml("TX", message).encode(), X_JKZH=ACCOUNT, X_JKMY=KEY
        )
        return said.decode("gb18030").partition("<FHM>")[2][:4]

    assert book(1, "2023-09-02 09:30:00") == "0000"
    assert book(1, "2023-09-02 09:30:00") == "0000"
    assert book(2, "2023-09-02 09:30:00") == "2008"
    assert book(3, "2023-09-02 09:45:00") == "2008"
    assert book(4, "2023-09-02 20:00:00") == "2008"
    assert book(5, "2023-09-02 11:00:00", unit[:-1] + "1") == "2007"


@pytest.mark.parametrize("lacking", ["options", "secrets"])
def test_an_account_that_is_not_configured_is_told_by_its_setting(
    centre: Centre, lacking: str
) -> None:
    endpoint = replace(bench.endpoint(centre.running), **{lacking: {}})
    with pytest.raises(SettingInvalid) as caught:
        DetentionCentre(endpoint, MANIFEST)
    assert caught.value.where.startswith(f"endpoints.detention-test.{lacking}.")
