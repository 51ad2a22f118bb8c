"""Whatever a spreadsheet did to the register, the world's facts come out unchanged."""

from __future__ import annotations

from typing import Any

from adapters.justice_drop.message import read_message
from hub.contract.messages import RawRecord
from hub.entry.assembly import MAPPINGS
from hub.entry.golden import Bench
from hub.mapping import Mappings
from tests.adapters.justice_drop import register
from tests.adapters.subject import tables
from tests.simulators import world

MAPPING = Mappings.load(MAPPINGS, tables(), only=("justice_drop",)).system(
    "justice_drop"
)
CASES = [case for case in world.build(7, 500) if case.reached("EXECUTION")]


def _told(card: register.Card) -> dict[str, Any]:
    mapped = MAPPING.read("case", read_message(register.drop(card)))
    assert not mapped.faults, mapped.faults
    assert not mapped.remainder
    return mapped.body


def _person(person: world.Person, case: world.Case) -> dict[str, Any]:
    assert person.sentence is not None
    months = person.sentence.months
    return {
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth.isoformat(),
        "id_number": person.id_number,
        "ethnic_group": person.ethnic_group,
        "household": person.household,
        "address": person.address,
        "stage": "S330_COMMUNITY_CORRECTION",
        "charges": [
            {"crime": crime, "wording": world.CRIME_NAMES[crime]}
            for crime in person.crimes
        ],
        "sentence": {
            "result": person.sentence.result,
            "penalty": person.sentence.penalty,
            "years": months // 12,
            "months": months % 12,
            "days": 0,
            "probation_months": person.sentence.probation_months,
            "fine": f"{person.sentence.fine}.00",
            "judged_on": case.judged.isoformat(),
            "effective_on": case.effective.isoformat(),
        },
    }


def test_every_case_of_the_register_tells_the_facts_of_the_world() -> None:
    for case in CASES:
        told = _told(register.card_of(case, 7))
        persons = told.pop("persons")
        told.pop("documents")
        assert told == {
            "correction_number": case.correction_number,
            "police_number": case.police_number,
            "court_number": case.court_number.replace("（", "(").replace("）", ")"),
            "unified_number": case.unified_number,
            "title": case.title,
            "stage": "S330_COMMUNITY_CORRECTION",
            "handler": f"JUSTICE-{case.division}",
            "modified_at": f"{case.modified:%Y-%m-%dT%H:%M:%S}+08:00",
        }
        for person in persons:
            assert person.pop("source_id").startswith(f"JZ{case.division}")
        assert persons == [_person(person, case) for person in case.persons]


def test_the_register_really_holds_the_traps_it_speaks_of() -> None:
    lines = "".join(register.table(register.card_of(case, 7)) for case in CASES)
    for trap in (
        ",'42",  # an apostrophe before an identity number
        "'000",  # an apostrophe before a term
        ",200,",  # a term that lost its zeros
        ",10200,",
        "年",
        '"',
        "•",
        "㛃",
        ",1,1",
    ):
        assert trap in lines, trap


def test_a_ten_month_term_that_lost_its_zeros_is_not_ten_years() -> None:
    card = register.card_of(CASES[0], 7)
    card |= {"spoilt": {"0": {"原判刑期": "1000"}}}
    sentence = _told(card)["persons"][0]["sentence"]
    assert (sentence["years"], sentence["months"], sentence["days"]) == (0, 10, 0)


def test_a_file_nobody_has_a_code_for_keeps_its_name() -> None:
    card = register.card_of(CASES[0], 7)
    found = register.members(card)
    del found["manifest.txt"]
    found["files/手写说明.pdf"] = b"%PDF-1.4\n%%EOF\n"
    body = register.zipped(found | {"manifest.txt": register.manifest(found)})
    mapped = MAPPING.read("case", read_message(body))
    assert not mapped.faults
    paper = mapped.body["documents"][-1]  # type: ignore[index,call-overload]  # a list
    assert paper["name"] == "手写说明"
    assert paper["unreadable"] == {"type": "手写说明"}


def test_reading_needs_neither_directories_nor_a_network() -> None:
    record = RawRecord("case", "x", register.drop(register.card_of(CASES[0], 7)), "")
    bench = Bench("justice_drop")
    assert bench.read(record) == bench.read(record)
