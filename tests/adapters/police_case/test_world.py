"""What the hub reads from the police is what happened in the world."""

from __future__ import annotations

from typing import Any

import pytest

from hub.contract.messages import RawRecord
from tests.adapters.police_case import paper, words
from tests.adapters.police_case.conftest import CASES
from tests.adapters.subject import Subject
from tests.simulators.world import Case, Document, Person, build

WORLD = {case.police_number: case for case in build(7, CASES)}


def _person(person: Person, case: Case) -> dict[str, Any]:
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
                "decided_by": f"POLICE-{case.division}",
                "started_on": measure.start.isoformat(),
                "ends_on": measure.end.isoformat(),
            }
            for measure in person.measures
        ],
    }


def _paper(paper: Document) -> dict[str, Any]:
    told = {"type": paper.type, "name": paper.name}
    if paper.number:
        told["number"] = paper.number
    return told | {"issued_on": paper.issued.isoformat()}


def _facts(case: Case) -> dict[str, Any]:
    gone = case.reached("PROSECUTION")
    return {
        "police_number": case.police_number,
        "title": case.title,
        "summary": case.summary,
        "investigator": f"POLICE-{case.division}",
        "handler": f"POLICE-{case.division}",
        "filed_on": case.filed.isoformat(),
        "stage": "S100_PROSECUTION_INTAKE" if gone else "S020_FILED",
        "modified_at": f"{case.modified:%Y-%m-%dT%H:%M:%S}+08:00",
        "persons": [_person(person, case) for person in case.persons],
        "documents": [_paper(paper) for paper in case.documents_of("POLICE")],
    }


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """A mapped body without the system's own ids and spellings."""
    people = [
        {name: told for name, told in person.items() if name != "source_id"}
        | {"charges": [charge["crime"] for charge in person["charges"]]}
        for person in body["persons"]
    ]
    return body | {"persons": people}


async def test_every_clean_record_tells_the_facts_of_the_world(police: Subject) -> None:
    records, _ = await police.pulled()
    dirty = {dirt["key"] for dirt in police.ask("declared")}
    adapter = police.open()
    assert {record.key for record in records} == set(WORLD)
    for record in records:
        if record.key in dirty:
            continue
        mapped = police.mapping.read("case", adapter.read(record))
        assert mapped.faults == ()
        assert _plain(mapped.body) == _facts(WORLD[record.key])


async def test_the_traps_are_there(police: Subject) -> None:
    records, _ = await police.pulled()
    adapter = police.open()
    dirty = {dirt["key"] for dirt in police.ask("declared")}
    people = [
        person
        for record in records
        if record.key not in dirty
        for person in _people(adapter.read(record))
    ]
    lies = [record for record in records if _lies(record.body)]
    assert len(lies) > 10
    assert all(b'encoding="UTF-8"' in record.body for record in lies)
    assert sum(len(person["ZJHM"]) == 15 for person in people) > 50
    assert sum(person["HJDXZQH"][:6] in ("422224", "420619") for person in people) > 50
    assert sum(" " in person["XM"] or "\u3000" in person["XM"] for person in people) > 9
    assert len({mark for p in people for mark in p["XM"] if mark in "·•‧・･．"}) > 2
    assert len({mark for p in people for mark in p["ZM"] if mark in "、，,；;|"}) > 4
    assert {person["XB"] for person in people} == {"1", "2"}


def _people(tree: Any) -> list[dict[str, str]]:
    found = tree["AJ"]["RYLB"]["RY"]
    return found if isinstance(found, list) else [found]


def _lies(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


@pytest.mark.parametrize("kind", sorted(words.KINDS))
async def test_each_kind_of_dirt_gives_its_one_failure(
    police: Subject, kind: str
) -> None:
    case = next(case for case in build(7, CASES) if not words.planted(case.index, 7))
    soiled = words.soiled(words.words(case, 7), kind)
    body = bytes(paper.case_reply("AjXq", soiled).body)
    record = RawRecord("case", case.police_number, body, "text/xml; charset=utf-8")
    failed, remainder = police.verdicts([record])
    assert failed == {case.police_number: words.KINDS[kind]}
    assert remainder == set()
