"""The court's own words against the world's facts: traps change nothing."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.court_case import rows
from adapters.court_case.adapter import CourtCase
from hub.contract.messages import RawRecord
from hub.errors import RecordUnreadable
from hub.mapping.load import Mappings
from hub.wire.sql import plain
from tests.adapters import facts
from tests.adapters.court_case import dirty, words
from tests.adapters.court_case.conftest import CASES, House
from tests.adapters.subject import Subject
from tests.simulators import world

STAGES = {"TRIAL": "S230_JUDGED_PENDING", "EXECUTION": "S260_EFFECTIVE"}


def _facts(case: world.Case) -> dict[str, Any]:
    return {
        "court_number": facts.court_number(case),
        "unified_number": case.unified_number,
        "police_number": case.police_number,
        "title": case.title,
        "stage": STAGES[case.reach],
        "handler": f"COURT-{case.division}",
        "accepted_on": case.court_filed.isoformat(),
        "closed_on": case.judged.isoformat(),
        "modified_at": f"{case.modified:%Y-%m-%dT%H:%M:%S}+08:00",
        "is_withdrawn": False,
        "persons": [_person(case, person) for person in case.persons],
        "documents": facts.documents(case, "COURT"),
    }


def _person(case: world.Case, person: world.Person) -> dict[str, Any]:
    assert person.sentence is not None
    return facts.person(person) | {
        "role": "DEFENDANT",
        "stage": STAGES[case.reach],
        "charges": [{"crime": crime} for crime in person.crimes],
        "measures": facts.measures(person.measures[-1:]),
        "sentence": facts.sentence(case, person.sentence),
    }


def _mine(cases: int) -> list[world.Case]:
    return [case for case in world.build(7, cases) if case.reached("TRIAL")]


def _raw(found: dict[str, list[words.Row]]) -> RawRecord:
    told = {
        table: [
            {name.upper(): plain(value) for name, value in row.items()} for row in lines
        ]
        for table, lines in found.items()
    }
    case = told["t_aj"][0]
    told["t_pj"].sort(key=lambda row: (str(row["C_DSRBH"]), str(row["N_PJXH"])))
    others = {
        rows.PARTIES: told["t_dsr"],
        rows.JUDGMENTS: told["t_pj"],
        rows.PAPERS: told["t_ws"],
    }
    return RawRecord("case", str(case["C_BH"]), rows.together(case, others), "x/json")


def _check(cases: int, bodies: dict[str, dict[str, Any]]) -> None:
    clean = [case for case in _mine(cases) if not dirty.kind_of(7, case.index)]
    assert len(clean) > cases / 2
    for case in clean:
        body = bodies[words.row_id("aj", case.court_number)]
        assert facts.without(body, "source_id") == _facts(case)


@pytest.mark.parametrize("subject", ["court_case"], indirect=True)
async def test_every_clean_record_says_exactly_what_the_world_says(
    subject: Subject,
) -> None:
    records, _ = await subject.pulled()
    declared = {dirt["key"] for dirt in subject.ask("declared")}
    adapter = subject.open()
    bodies = {
        record.key: subject.mapping.read("case", adapter.read(record)).body
        for record in records
        if record.key not in declared
    }
    _check(300, bodies)


@pytest.mark.mariadb
async def test_on_mariadb_every_record_has_the_same_bytes(
    maria_house: House, mappings: Mappings
) -> None:
    records, mark = await maria_house.pull()
    assert (await maria_house.pull(mark))[0] == []
    declared = {dirt["key"] for dirt in maria_house.ask("declared")}
    _check(
        CASES,
        {
            record.key: maria_house.body(record)
            for record in records
            if record.key not in declared
        },
    )
    told = [_raw(words.rows(case, 7)) for case in _mine(CASES)]
    expected = {raw.key: raw.body for raw in told if raw.key not in declared}
    held = {record.key: record.body for record in records}
    assert expected.items() <= held.items()


async def test_the_raw_record_is_the_rows_and_nothing_else(house: House) -> None:
    records, _ = await house.pull()
    declared = {dirt["key"] for dirt in house.ask("declared")}
    told = [_raw(words.rows(case, 7)) for case in _mine(CASES)]
    expected = {raw.key: raw.body for raw in told if raw.key not in declared}
    held = {record.key: record.body for record in records}
    assert expected.items() <= held.items()
    assert set(held) == {raw.key for raw in told}


def test_the_seeds_carry_every_trap() -> None:
    found = [words.rows(case, 7) for case in _mine(300)]
    numbers = {row["t_aj"][0]["c_ah"].strip()[0::5][:2] for row in found}
    judgments = [row for case in found for row in case["t_pj"]]
    parties = [row for case in found for row in case["t_dsr"]]
    assert len({number[0] for number in numbers}) == 2, "two widths of brackets"
    assert any(row["n_pjlx"] == 2 for row in judgments)
    assert any(str(row["c_xq"])[:1].isdecimal() for row in judgments)
    assert any("年" in str(row["c_xq"]) for row in judgments)
    assert any(str(row["d_sxrq"]).startswith("9999") for row in judgments)
    assert any(row["d_sxrq"] is None for row in judgments if row["n_pjlx"] == 1)
    assert any("；" in row["c_zm"] for row in parties)
    assert any("　" in row["c_xm"] for row in parties)
    assert {row["n_xb"] for row in parties} == {0, 1}


@pytest.mark.parametrize("kind", dirty.KINDS)
def test_each_kind_of_dirt_ends_as_the_failure_it_declares(
    kind: str, mappings: Mappings
) -> None:
    adapter = CourtCase.__new__(CourtCase)
    for case in _mine(60):
        found = words.rows(case, 7)
        dirty.soil(found, kind)
        try:
            tree = adapter.read(_raw(found))
            faults = mappings.system("court_case").read("case", tree).faults
            codes = {fault.code for fault in faults}
        except RecordUnreadable as error:
            codes = {error.code}
        assert codes == {dirty.KINDS[kind]}


def test_every_kind_of_dirt_is_planted_in_a_thousand_cases() -> None:
    planted = {dirty.kind_of(7, index) for index in range(1000)}
    assert planted - {""} == set(dirty.KINDS)
