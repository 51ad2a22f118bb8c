"""The register's own words against the world's facts: traps change nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from adapters.detention_centre.adapter import DetentionCentre
from hub.contract.messages import RawRecord
from hub.errors import RecordUnreadable
from hub.mapping.load import Mappings
from tests.adapters import facts
from tests.adapters.detention_centre import words
from tests.adapters.detention_centre.conftest import MANIFEST
from tests.adapters.subject import Subject
from tests.simulators import world

HELD = [(case, place) for case in world.build(7, 300) for place, _ in words.held(case)]


def _facts(case: world.Case, place: int) -> dict[str, Any]:
    centre = "DETENTION-421381" if case.division == "421381" else "DETENTION-421300"
    modified = case.modified + timedelta(seconds=place)
    return {
        "police_number": case.police_number,
        "title": case.title,
        "investigator": f"POLICE-{case.division}",
        "handler": centre,
        "modified_at": f"{modified:%Y-%m-%dT%H:%M:%S}+08:00",
        "persons": [_person(case, place, centre)],
    }


def _person(case: world.Case, place: int, centre: str) -> dict[str, Any]:
    person = case.persons[place]
    custody = {
        "number": words.number(case, place),
        "centre": centre,
        "ground": words.ground(case),
        "holds_for": f"POLICE-{case.division}",
        "admitted_on": case.filed.isoformat(),
        "ends_on": words.ends_on(case, person).isoformat(),
    }
    if words.is_released(case):
        custody["released_on"] = person.measures[0].end.isoformat()
    return facts.person(person) | {
        "source_id": words.number(case, place),
        "role": "SUSPECT",
        "stage": "S020_FILED",
        "charges": [
            {"crime": crime, "wording": world.CRIME_NAMES[crime]}
            for crime in person.crimes
        ],
        "custody": custody,
    }


@pytest.mark.parametrize("subject", ["detention_centre"], indirect=True)
async def test_every_clean_record_says_exactly_what_the_world_says(
    subject: Subject,
) -> None:
    records, _ = await subject.pulled()
    held = {record.key: record for record in records}
    adapter = subject.open()
    clean = [one for one in HELD if not words.planted(7, *one)]
    assert len(clean) > 80
    touched = {row["body"] for row in subject.ask("received")}
    for case, place in clean:
        if any(case.police_number in body for body in touched):
            continue  # a test handed something over for this person
        tree = adapter.read(held[words.number(case, place)])
        mapped = subject.mapping.read("case", tree)
        assert mapped.body == _facts(case, place)


@pytest.mark.parametrize("kind", words.KINDS)
def test_each_kind_of_dirt_ends_as_the_failure_it_declares(
    kind: str, mappings: Mappings
) -> None:
    adapter = DetentionCentre.__new__(DetentionCentre)
    for case, place in HELD[:30]:
        form = words.soil(words.form(case, place, 7), kind)
        body = words.answer("0000", "成功", {"ZYRY": form})
        if kind == "gone":
            body = words.answer("1404", "在押人员不存在")
        cut = len(body) * 2 // 3 if kind == "truncated" else len(body)
        try:
            tree = adapter.read(RawRecord("case", "K", body[:cut], "text/xml"))
            mapped = mappings.system("detention_centre").read("case", tree)
            codes = {fault.code for fault in mapped.faults}
        except RecordUnreadable as error:
            codes = {error.code}
        assert codes == {words.KINDS[kind]}


def test_every_kind_of_dirt_is_planted_and_every_trap_is_there() -> None:
    planted = {
        words.planted(7, case, place)
        for case in world.build(7, 1000)
        for place, _ in words.held(case)
    }
    assert planted == {"", *words.KINDS}
    forms = [words.form(case, place, 7) for case, place in HELD]
    numbers = [form["RYXX"]["SFZH"].strip() for form in forms]
    assert any(len(number) == 15 for number in numbers)
    assert any("x" in number for number in numbers)
    assert {len(form["SYXX"]["JYQXJZRQ"].split("年")) for form in forms} == {1, 2}
    assert any("、" in form["SYXX"]["SXZM"] for form in forms)
    assert any("　" in form["RYXX"]["XM"] for form in forms)
    assert MANIFEST.hours == "08:00-20:00"
