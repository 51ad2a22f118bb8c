"""What only the court can be asked: views, corrections, refusals in words."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from adapters.court_case.adapter import CourtCase
from hub.contract.messages import Outcome, Parcel, Receipt, Watermark
from hub.contract.window import STAMP
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
    AgencyUnreachable,
    SettingInvalid,
)
from tests.adapters import handover
from tests.adapters.court_case import bench, words
from tests.adapters.court_case.conftest import CASES, MANIFEST, House
from tests.simulators import world


def _keys() -> list[str]:
    found = world.build(7, CASES)
    return sorted(
        words.row_id("aj", case.court_number) for case in found if case.reached("TRIAL")
    )


def _parcel(house: House, number: int = 0) -> Parcel:
    found = [case for case in world.build(7, 300) if case.reach == "PROSECUTION"]
    case = found[number]
    record = handover.record(case, "INDICTMENT")
    written = house.mappings.system("court_case").write("INDICTMENT", record)
    assert written.faults == ()
    return Parcel(
        key=f"talk/{number}",
        message_id=f"{number:032x}",
        node="INDICTMENT",
        sender=f"PROC-{case.division}",
        receiver=f"COURT-{case.division}",
        numbers={"unified": case.unified_number},
        body=written.body,
        submitted_at=datetime(2023, 9, 1, tzinfo=UTC),
    )


async def _push(house: House, parcel: Parcel) -> Receipt:
    async with house.open() as adapter:
        return await adapter.push(parcel)


async def _probe(house: House) -> None:
    async with house.open() as adapter:
        await adapter.probe()


@pytest.mark.parametrize("size", [1, 2, 7])
async def test_ties_across_pages_lose_nothing_and_bring_nothing_twice(
    house: House, size: int
) -> None:
    records, mark = await house.pull(page_size=size)
    assert sorted(record.key for record in records) == _keys()
    assert (await house.pull(mark, page_size=size))[0] == []


async def test_a_pull_that_died_goes_on_after_any_page(house: House) -> None:
    async with house.open(page_size=9) as adapter:
        pages = [page async for page in adapter.pull(Watermark())]
    for done, page in enumerate(pages, 1):
        rest, _ = await house.pull(page.watermark, page_size=9)
        taken = [record.key for page in pages[:done] for record in page.records]
        assert sorted(taken + [record.key for record in rest]) == _keys()


async def test_a_late_commit_is_found_by_the_overlap(house: House) -> None:
    records, mark = await house.pull()
    late, high = records[0].key, datetime.strptime(str(mark.value["high"]), STAMP)  # noqa: DTZ007
    moment = (high - timedelta(minutes=2)).strftime(STAMP)
    change = f"set d_zhgxsj = '{moment}' where c_bh = '{late}'"
    house.sql(f"update {{}}.t_aj {change}")
    again, mark = await house.pull(mark)
    assert [record.key for record in again] == [late]
    assert (await house.pull(mark))[0] == []


async def test_a_case_goes_from_intake_to_effect_and_is_pulled_at_each_step(
    house: House,
) -> None:
    _, mark = await house.pull()
    receipt = await _push(house, _parcel(house))
    assert receipt.outcome is Outcome.ACCEPTED
    number = receipt.numbers["court"]
    assert "（" not in number
    told, mark = await _next(house, mark)
    assert (told["court_number"], told["stage"]) == (number, "S210_FIRST_INSTANCE")
    assert [paper["type"] for paper in told["documents"]] == ["COURT_ACCEPT_NOTICE"]

    sentence = {"result": "GUILTY_PROBATION", "penalty": "FIXED_TERM", "months": 18}
    sentence |= {"probation_months": 24, "fine": 3000}
    house.act("judge", court_number=number, **sentence)
    told, mark = await _next(house, mark)
    given = told["persons"][0]["sentence"]
    assert (given["years"], given["months"], given["fine"]) == (1, 6, "3000.00")
    assert "effective_on" not in given
    assert told["stage"] == "S230_JUDGED_PENDING"
    kinds = [paper["type"] for paper in told["documents"]]
    assert kinds[1:] == ["JUDGMENT_DOC", "SERVICE_RECEIPT"]

    house.act("correct", court_number=number, fine=5000)
    told, mark = await _next(house, mark)
    given = told["persons"][0]["sentence"]
    assert (given["years"], given["months"], given["fine"]) == (1, 6, "5000.00")

    house.act("effective", court_number=number)
    told, mark = await _next(house, mark)
    assert told["stage"] == "S260_EFFECTIVE"
    assert told["persons"][0]["sentence"]["effective_on"]
    assert told["documents"][-1]["type"] == "CASE_CLOSING_FORM"


async def _next(house: House, mark: Any) -> tuple[dict[str, Any], Any]:
    (record,), following = await house.pull(mark)
    return house.body(record), following


async def test_dead_application_and_living_views_are_no_fresh_source(
    house: House,
) -> None:
    house.switch(down=True)
    with pytest.raises(AgencyBusy):
        await house.pull()
    async with house.open() as adapter:
        house.running.stop(hard=True)
        with pytest.raises(AgencyUnreachable):
            _ = [page async for page in adapter.pull(Watermark())]


@pytest.mark.parametrize(
    ("fault", "leaf"),
    [
        ({"html": 9}, AgencyUnreachable),
        ({"bad_gateway": 9}, AgencyUnreachable),
        ({"down": True}, AgencyBusy),
        ({"busy": 9}, AgencyBusy),
        ({"garbage": 9}, AgencyAnswerUnreadable),
        ({"login_refused": True}, AgencyLoginRefused),
    ],
)
async def test_each_fault_ends_in_its_leaf(
    house: House, fault: dict[str, Any], leaf: type[AgencyError]
) -> None:
    house.switch(**fault)
    calls = (house.pull, partial(_probe, house), partial(_push, house, _parcel(house)))
    for call in calls:
        with pytest.raises(leaf) as caught:
            await call()
        assert caught.value.endpoint == "court-test"
    house.switch()
    assert house.ask("received") == []


async def test_a_view_that_is_gone_is_unreadable_and_not_empty(house: House) -> None:
    house.sql("drop view {}.V_XS_PJ")
    with pytest.raises(AgencyAnswerUnreadable):
        await house.pull()


async def test_a_reader_whose_grant_is_gone_is_refused(house: House) -> None:
    house.sql("revoke select on {}.V_XS_AJ from court_reader")
    with pytest.raises(AgencyLoginRefused):
        await _probe(house)


async def test_the_reader_sees_views_and_no_table(house: House) -> None:
    async with house.open() as adapter, adapter._views.snapshot() as snapshot:
        await snapshot.rows(f"select C_BH from {house.schema}.V_XS_WS limit 1")  # noqa: S608
        with pytest.raises(Exception, match="permission denied"):
            await snapshot.rows(f"select * from {house.schema}.t_aj")  # noqa: S608


async def test_a_page_out_of_order_is_noticed_and_not_walked_for_ever(
    house: House,
) -> None:
    house.sql("drop view {}.V_XS_AJ cascade")
    house.sql("alter table {}.t_aj alter column d_zhgxsj type timestamp(6)")
    house.sql("update {}.t_aj set d_zhgxsj = d_zhgxsj + interval '0.4 seconds'")
    house.sql("create view {0}.V_XS_AJ as select * from {0}.t_aj")
    house.sql("grant select on {}.V_XS_AJ to court_reader")
    with pytest.raises(AgencyAnswerUnreadable):
        await house.pull(page_size=1)


async def test_refusals_in_words_come_back_as_reasons(house: House) -> None:
    whole = _parcel(house)
    papers = [paper for paper in whole.body["ws"] if paper["wslx"] != "9058"]
    bare = replace(whole, body=whole.body | {"ws": papers})
    assert await _codes(house, bare) == ["R02"]
    elsewhere = replace(whole, receiver="COURT-110000", message_id="1" * 32)
    assert await _codes(house, elsewhere) == ["R01"]
    extra = replace(whole, body=whole.body | {"more": 1}, message_id="2" * 32)
    assert await _codes(house, extra) == ["R99"]
    parties = [party | {"xb": "7"} for party in whole.body["dsr"]]
    odd = replace(whole, body=whole.body | {"dsr": parties}, message_id="3" * 32)
    assert await _codes(house, odd) == ["R15"]
    parties = [party | {"csrq": "1900-02-30"} for party in whole.body["dsr"]]
    never = replace(whole, body=whole.body | {"dsr": parties}, message_id="4" * 32)
    assert await _codes(house, never) == ["R99"]
    taken = replace(whole, message_id="5" * 32)
    assert (await _push(house, taken)).outcome is Outcome.ACCEPTED
    assert await _codes(house, replace(whole, message_id="6" * 32)) == ["R13"]


async def _codes(house: House, parcel: Parcel) -> list[str]:
    receipt = await _push(house, parcel)
    assert receipt.outcome is Outcome.RETURNED
    assert json.loads(receipt.body)["accepted"] is False
    return [reason.code for reason in receipt.reasons]


async def test_a_plug_pulled_after_the_commit_leaves_one_case(house: House) -> None:
    parcel = _parcel(house)
    house.switch(silent_after_commit=1)
    async with house.open(deadline_seconds=1) as adapter:
        with pytest.raises(AgencyUnreachable):
            await adapter.push(parcel)
    await asyncio.to_thread(house.restart)
    async with house.open() as adapter:
        known = await adapter.enquire(parcel)
        repeated = await adapter.push(parcel)
    assert known is not None
    assert (known.outcome, known.numbers) == (Outcome.ACCEPTED, repeated.numbers)
    records, _ = await house.pull()
    assert len(records) == len(_keys()) + 1, "seeded once, taken in once"


@pytest.mark.mariadb
async def test_on_mariadb_a_case_is_taken_in_and_pulled(maria_house: House) -> None:
    _, mark = await maria_house.pull()
    receipt = await _push(maria_house, _parcel(maria_house))
    assert receipt.outcome is Outcome.ACCEPTED
    maria_house.act(
        "judge",
        court_number=receipt.numbers["court"],
        result="GUILTY_PROBATION",
        penalty="CRIMINAL_DETENTION_PENALTY",
        months=2,
        probation_months=3,
        fine=2500,
    )
    (record,), _ = await maria_house.pull(mark)
    given = maria_house.body(record)["persons"][0]["sentence"]
    assert (given["months"], given["fine"]) == (2, "2500.00")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"options": {"schema": "s"}}, "options.database"),
        ({"options": {"database": "postgresql+psycopg://", "schema": ""}}, "schema"),
        (
            {"options": {"database": "postgresql+psycopg://", "schema": "a; drop"}},
            "schema",
        ),
        ({"options": {"database": "oracle://x", "schema": "s"}}, "options.database"),
        ({"secrets": {}}, "secrets.token"),
    ],
)
def test_a_setting_that_cannot_be_is_told_by_its_name(
    house: House, change: dict[str, Any], where: str
) -> None:
    with pytest.raises(SettingInvalid) as caught:
        CourtCase(replace(bench.endpoint(house.running), **change), MANIFEST)
    assert caught.value.where.endswith(where)
