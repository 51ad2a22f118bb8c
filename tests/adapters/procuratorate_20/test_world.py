"""The system's own words against the world's facts: traps change nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import RawRecord
from hub.errors import RecordUnreadable
from hub.mapping.load import Mappings
from tests.adapters import facts
from tests.adapters.procuratorate_20 import dirty, words
from tests.adapters.subject import Subject
from tests.simulators import world

CASES = 300
STAGES = {
    "PROSECUTION": "S200_COURT_INTAKE",
    "TRIAL": "S230_JUDGED_PENDING",
    "EXECUTION": "S260_EFFECTIVE",
}


def _facts(case: world.Case) -> dict[str, Any]:
    at_court = case.reached("TRIAL")
    closed = {
        "court_number": facts.court_number(case),
        "closed_on": case.indicted.isoformat(),
    }
    return {
        "department_number": case.department_number,
        "unified_number": case.unified_number,
        "police_number": case.police_number,
        "title": case.title,
        "summary": case.summary,
        "stage": STAGES[case.reach],
        "investigator": f"POLICE-{case.division}",
        "handler": f"PROC-{case.division}",
        "filed_on": case.filed.isoformat(),
        "accepted_on": case.accepted.isoformat(),
        "due_on": (case.accepted + timedelta(days=30)).isoformat(),
        "modified_at": f"{case.modified:%Y-%m-%dT%H:%M:%S}+08:00",
        "is_withdrawn": False,
        "persons": [_person(case, person) for person in case.persons],
        "documents": facts.documents(case, "PROC"),
        **(closed if at_court else {}),
    }


def _person(case: world.Case, person: world.Person) -> dict[str, Any]:
    told = facts.person(person) | {
        "role": "SUSPECT",
        "stage": STAGES[case.reach],
        "charges": [
            {"crime": crime, "wording": world.CRIME_NAMES[crime]}
            for crime in person.crimes
        ],
        "measures": facts.measures(
            person.measures, decided_by=f"POLICE-{case.division}"
        ),
    }
    if person.sentence:
        told["sentence"] = facts.sentence(case, person.sentence)
    return told


def _mine() -> list[world.Case]:
    found = world.build(7, CASES)
    return [case for case in found if not case.in_15 and case.reached("PROSECUTION")]


def _raw(form: dict[str, Any], kind: str = "") -> RawRecord:
    body = dirty.sent({"retCode": 0, "retMsg": "", "data": form}, kind)
    return RawRecord("case", form["bmsah"], body, "application/json")


@pytest.mark.parametrize("subject", ["procuratorate_20"], indirect=True)
async def test_every_clean_record_says_exactly_what_the_world_says(
    subject: Subject,
) -> None:
    records, _ = await subject.pulled()
    adapter = subject.open()
    held = {record.key: record for record in records}
    clean = [case for case in _mine() if not dirty.kind_of(7, case.index)]
    assert len(clean) > 100
    for case in clean:
        tree = adapter.read(held[case.department_number])
        mapped = subject.mapping.read("case", tree)
        assert facts.without(mapped.body, "source_id") == _facts(case)


def test_the_seeds_carry_every_trap() -> None:
    forms = [words.detail(case, 7) for case in _mine()]
    persons = [person for form in forms for person in form["xyrxx"]]
    numbers = [person["zjhm"] for person in persons]
    assert any("slsj" in form for form in forms)
    assert any("slrq" in form for form in forms)
    assert any(isinstance(form.get("slrq"), str) for form in forms)
    assert {"null", "blank", "missing"} == {
        "missing" if "fyah" not in form else "blank" if form["fyah"] == "" else "null"
        for form in forms
        if not form.get("fyah")
    }
    assert any(len(number) == 15 for number in numbers)
    assert any(number[0] > "9" for number in numbers), "full-width digits"
    assert any(" " in person["xm"] or "　" in person["xm"] for person in persons)
    assert any(set("•‧・") & set(person["xm"]) for person in persons)


@pytest.mark.parametrize("kind", dirty.KINDS)
def test_each_kind_of_dirt_ends_as_the_failure_it_declares(
    kind: str, mappings: Mappings
) -> None:
    adapter = Procuratorate20.__new__(Procuratorate20)
    for case in _mine()[:40]:
        form = words.detail(case, 7)
        dirty.soil(form, kind)
        try:
            tree = adapter.read(_raw(form, kind))
            faults = mappings.system("procuratorate_20").read("case", tree).faults
            codes = {fault.code for fault in faults}
        except RecordUnreadable as error:
            codes = {error.code}
        assert codes == {dirty.KINDS[kind]}


def test_every_kind_of_dirt_is_planted_in_a_thousand_cases() -> None:
    planted = {dirty.kind_of(7, index) for index in range(1000)}
    assert planted - {""} == set(dirty.KINDS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"retCode": 0}',
        b'{"retCode": 0, "data": []}',
        b'{"retCode": 0, "data": [{}, {}]}',
        b'{"retCode": "1404", "retMsg": "", "data": null}',
        b'{"data": {"bmsah": "x"}}',
        b'{"retCode": 0, "data": {"bmsah": "x", "xxnr": "{\'a\':"}}',
    ],
)
def test_a_body_without_a_case_is_unreadable(body: bytes) -> None:
    adapter = Procuratorate20.__new__(Procuratorate20)
    with pytest.raises(RecordUnreadable) as caught:
        adapter.read(RawRecord("case", "K", body, "application/json"))
    assert caught.value.where == "K"


def test_blank_pseudo_json_is_no_document_and_no_fault() -> None:
    adapter = Procuratorate20.__new__(Procuratorate20)
    for blank in ("", "  ", None):
        body = json.dumps({"retCode": "0", "data": {"bmsah": "x", "xxnr": blank}})
        told = adapter.read(RawRecord("case", "K", body.encode(), "application/json"))
        assert told == {"bmsah": "x", "xxnr": blank}
