"""Roots drifts and coverage: for the operator, with nothing said without traffic."""

import pytest

from hub.engine.drift.watch import today
from hub.records.drift import Count, Finding
from hub.store import census, drifts
from hub.store.drifts import About
from tests.schema import seeds

OPERATOR = "HUB-OPERATOR"
CAUSE = "police-suizhou|CODE_UNKNOWN|crime|persons[].charges[].crime"
ROWS = (
    {"code": "CL1330101", "name": "危险驾驶罪", "score": 0.9, "reason": "spelling"},
)
DRIFTS = """query ($state: DriftState) { drifts(state: $state) { id endpointCode drift
kind path table code other firstOn beforeCount afterCount afterOf waiting state cause
suggestions { code name score reason path } decidedBy } }"""
COVERAGE = """{ coverage(system: "police_case") { hasTraffic days records askedDays
endpoints fieldsSeen fieldsKnown unread { kind path count of }
unseen { path where } unfilled { where } neverTold
codesUnseen { table raw } codesUnmapped { table raw count path } } }"""


async def _drift(database, code="醉酒开车"):
    found = Finding(
        "code_new", "case", "AJ/RYLB/RY/ZM", today(), 0, 90, 4, 60, "crime", code
    )
    about = About("police-suizhou", "police_case", CAUSE, ROWS)
    async with database.begin() as connection:
        return await drifts.keep(connection, found, about)


async def test_a_drift_names_the_failures_it_makes_and_what_may_mend_it(ask, database):
    await seeds.failure(database, cause=CAUSE)
    number = await _drift(database)
    (found,) = (await ask(OPERATOR, DRIFTS, state="OPEN"))["drifts"]
    assert found["id"] == number
    assert (found["drift"], found["code"]) == ("CODE_NEW", "醉酒开车")
    assert (found["waiting"], found["cause"]) == (1, CAUSE)
    assert found["suggestions"][0]["code"] == "CL1330101"
    assert (found["afterCount"], found["afterOf"], found["other"]) == (4, 60, None)


async def test_a_drift_found_again_is_the_same_drift(ask, database):
    assert await _drift(database) is not None
    assert await _drift(database) is None
    assert len((await ask(OPERATOR, DRIFTS, state=None))["drifts"]) == 1


async def test_only_open_ones_are_shown_unless_asked(ask, database):
    number = await _drift(database)
    async with database.begin() as connection:
        await drifts.decide(connection, number, "dismissed", "王检察官", "测试")
    assert (await ask(OPERATOR, "{ drifts { id } }"))["drifts"] == []
    (found,) = (await ask(OPERATOR, DRIFTS, state="DISMISSED"))["drifts"]
    assert found["decidedBy"] == "王检察官"


async def test_a_system_without_traffic_says_so_and_nothing_else(ask):
    found = (await ask(OPERATOR, COVERAGE))["coverage"]
    assert found["hasTraffic"] is False
    assert (found["days"], found["records"]) == (0, 0)
    assert found["endpoints"] == ["police-suizhou"]
    lists = ("unread", "unseen", "unfilled", "neverTold", "codesUnseen")
    assert all(found[name] == [] for name in lists)


async def test_coverage_tells_what_the_mapping_and_the_traffic_have_not_of_each_other(
    ask, database
):
    counts = [
        Count("case", path, "", "", 10, filled, "")
        for path, filled in (
            ("", 10),
            ("AJ", 10),
            ("AJ/AJBH", 10),
            ("AJ/JYAQ", 0),
            ("AJ/CZRXM", 10),
            ("AJ/BZ", 4),
        )
    ]
    counts.append(Count("case", "AJ/AJJD", "stage", "77", 3, 3, ""))
    async with database.begin() as connection:
        await census.add(connection, "police-suizhou", today(), counts, is_load=False)
    found = (await ask(OPERATOR, COVERAGE))["coverage"]
    assert (found["hasTraffic"], found["days"], found["records"]) == (True, 1, 10)
    assert (found["fieldsSeen"], found["fieldsKnown"]) == (5, 4)
    told = [{"kind": "case", "path": "AJ/BZ", "count": 10, "of": 10}]
    assert found["unread"] == told
    assert {"path": "AJ/LASJ", "where": "filed_on"} in found["unseen"]
    unfilled = {one["where"] for one in found["unfilled"]}
    assert "summary" in unfilled
    assert "police_number" not in unfilled
    assert "persons[].role" not in unfilled  # a constant
    assert "case.closed_on" in found["neverTold"]
    assert "case.title" not in found["neverTold"]
    assert {"table": "stage", "raw": "77"} not in found["codesUnseen"]
    assert found["codesUnseen"]
    assert found["codesUnmapped"] == [
        {"table": "stage", "raw": "77", "count": 3, "path": "AJ/AJJD"}
    ]


@pytest.mark.parametrize("agency", [seeds.POLICE, seeds.PROC, "COMMITTEE-421300"])
async def test_neither_is_for_anybody_but_the_operator(refusal, agency):
    for document in ("{ drifts { id } }", COVERAGE):
        found = await refusal(agency, document)
        assert found["code"] == "NOT_ALLOWED"


async def test_an_unknown_system_and_a_window_nobody_keeps_are_refused(refusal):
    found = await refusal(OPERATOR, '{ coverage(system: "x") { days } }')
    assert found["code"] == "NOT_FOUND"
    asked = '{ coverage(system: "police_case", days: 5000) { days } }'
    found = await refusal(OPERATOR, asked)
    assert found["code"] == "REQUEST_INVALID"
