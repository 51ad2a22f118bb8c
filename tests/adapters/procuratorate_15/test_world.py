"""What the hub reads from system 1.5 is what happened in the world."""

from __future__ import annotations

from typing import Any

import pytest

from hub.contract.messages import RawRecord
from tests.adapters.procuratorate_15 import paper, words
from tests.adapters.procuratorate_15.conftest import CASES
from tests.adapters.subject import Subject
from tests.simulators.world import CRIME_NAMES, Case, Document, Person, build

WORLD = {
    case.department_number: case for case in build(7, CASES) if words.belongs(case)
}
#: what is the system's own and stands in no world
_OWN = ("source_id", "due_on", "closed_on")


def _person(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth.isoformat(),
        "id_type": "111",
        "id_number": person.id_number,
        "ethnic_group": person.ethnic_group,
        "education": person.education,
        "household": person.household,
        "address": person.address,
        "occupation": person.occupation,
        "role": "SUSPECT",
        "charges": list(person.crimes),
        "measures": [
            {
                "kind": measure.kind,
                "started_on": measure.start.isoformat(),
                "ends_on": measure.end.isoformat(),
            }
            for measure in person.measures
        ],
    }


def _paper(paper: Document) -> dict[str, Any]:
    return {
        "type": paper.type,
        "name": paper.name,
        "number": paper.number,
        "issued_on": paper.issued.isoformat(),
        "file_name": f"{paper.name}.pdf",
    }


def _facts(case: Case) -> dict[str, Any]:
    told = {
        "department_number": case.department_number,
        "unified_number": case.unified_number,
        "police_number": case.police_number,
        "title": case.title,
        "summary": words.facts(case, 7),
        "stage": words.stage(case),
        "investigator": f"POLICE-{case.division}",
        "handler": f"PROC-{case.division}",
        "accepted_on": case.accepted.isoformat(),
        "modified_at": f"{case.modified:%Y-%m-%dT%H:%M:%S}+08:00",
        "is_withdrawn": False,
        "persons": [_person(person) for person in case.persons],
    }
    papers = case.documents_of("PROC") if case.reached("TRIAL") else ()
    return told | ({"documents": [_paper(one) for one in papers]} if papers else {})


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    people = [
        {name: told for name, told in person.items() if name not in _OWN}
        | {"charges": [charge["crime"] for charge in person["charges"]]}
        for person in body["persons"]
    ]
    told = {name: told for name, told in body.items() if name not in _OWN}
    return told | {"persons": people}


async def _clean(subject: Subject) -> dict[str, dict[str, Any]]:
    """Every acceptance that is not dirty, mapped, by its number."""
    records, _ = await subject.pulled()
    dirty = {dirt["key"] for dirt in subject.ask("declared")}
    adapter = subject.open()
    found = {}
    for record in records:
        if record.key not in dirty:
            mapped = subject.mapping.read(record.kind, adapter.read(record))
            assert mapped.faults == ()
            assert mapped.remainder == ()
            found[record.key] = mapped.body
    assert len(found) + len(dirty) == len(records)
    return found


async def test_every_clean_acceptance_tells_the_facts_of_the_world(
    tyyw: Subject,
) -> None:
    found = await _clean(tyyw)
    mains = {key: body for key, body in found.items() if key in WORLD}
    assert len(mains) > len(WORLD) * 0.9
    for key, body in mains.items():
        assert _plain(body) == _facts(WORLD[key])


async def test_other_acceptances_stand_under_the_same_unified_number(
    tyyw: Subject,
) -> None:
    found = await _clean(tyyw)
    unified = {case.unified_number: case for case in WORLD.values()}
    others = [body for key, body in found.items() if key not in WORLD]
    reviews = [body for body in others if not body["is_withdrawn"]]
    deleted = [body for body in others if body["is_withdrawn"]]
    assert len(reviews) > 5
    assert len(deleted) > 5
    for body in others:
        case = unified[str(body["unified_number"])]
        assert body["police_number"] == case.police_number
        assert body["department_number"] != case.department_number
    assert {body["stage"] for body in reviews} == {"S040_ARREST_DECIDED"}


async def test_a_code_wins_over_the_name_that_disagrees(tyyw: Subject) -> None:
    found = await _clean(tyyw)
    charges = [
        charge
        for body in found.values()
        for person in body["persons"]
        for charge in person["charges"]
    ]
    differing = [c for c in charges if CRIME_NAMES[c["crime"]] != c["wording"]]
    assert len(differing) > 5


async def test_the_traps_are_there(tyyw: Subject) -> None:
    records, _ = await tyyw.pulled()
    bodies = [record.body for record in records]
    texts = [
        body.decode("gb18030" if b'encoding="GBK"?><soap' in body else "utf-8")
        for body in bodies
    ]
    assert sum(b'encoding="GBK"?><soap' in body for body in bodies) > 10
    assert all('<?xml version="1.0" encoding="GBK"?><RESULT>' in text for text in texts)
    assert all("]]]]><![CDATA[>" in text for text in texts[:20])
    assert sum("]]]]]]><![CDATA[><![CDATA[>" in text for text in texts) > 3
    assert sum("<AYDM></AYDM>" in text for text in texts) > 5


@pytest.mark.parametrize("kind", sorted(words.KINDS))
async def test_each_kind_of_dirt_gives_its_one_failure(
    tyyw: Subject, kind: str
) -> None:
    case = next(one for one in WORLD.values() if not words.planted(one.index, 7))
    clean = next(words.acceptances(case, 7))
    body = bytes(paper.case_reply("AjxxXq", words.soiled(clean, kind)).body)
    key = case.department_number
    record = RawRecord("case", key, body, "text/xml; charset=utf-8")
    failed, remainder = tyyw.verdicts([record])
    assert failed == {key: words.KINDS[kind]}
    assert remainder == set()
