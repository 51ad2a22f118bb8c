"""Projection: who wins, who disagrees, and who is the same person."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hub.contract.messages import Record
from hub.engine.project import project
from hub.mapping.precedence import Precedence
from hub.store.facets import Facet

AT = datetime(2023, 8, 1, tzinfo=UTC)


@pytest.fixture
def rules(precedence: Precedence) -> Precedence:
    """The product's own precedence."""
    return precedence


def _facet(number: int, system: str, **body: object) -> Facet:
    return Facet(number, f"{system}-x", system, f"k{number}", 1, dict(body), AT)  # type: ignore[arg-type]


def _person(**body: object) -> Record:
    return dict(body)  # type: ignore[arg-type]


def test_the_believed_system_wins_and_the_other_value_stays_visible(
    rules: Precedence,
) -> None:
    court = _facet(2, "court_case", title="张三危险驾驶案", persons=[])
    police = _facet(1, "police_case", title="张三醉驾案", persons=[])
    case = project([court, police], rules).case
    assert case.values["title"] == "张三醉驾案"
    assert case.sources["title"]["endpoint"] == "police_case-x"
    assert [lost["value"] for lost in case.disagreements["title"]] == ["张三危险驾驶案"]


def test_an_older_record_of_the_same_endpoint_is_no_disagreement(
    rules: Precedence,
) -> None:
    older = _facet(1, "justice_drop", title="旧名", persons=[])
    newer = _facet(2, "justice_drop", title="新名", persons=[])
    court = _facet(3, "court_case", title="新名", persons=[])
    police = _facet(4, "police_case", title="警名", persons=[])
    case = project([older, newer], rules).case
    assert case.values["title"] == "新名"
    assert case.disagreements == {}
    case = project([older, newer, court, police], rules).case
    assert case.values["title"] == "警名"
    lost = {one["endpoint"]: one["value"] for one in case.disagreements["title"]}
    assert lost == {"court_case-x": "新名", "justice_drop-x": "新名"}


def test_the_stage_is_that_of_the_agency_furthest_down(rules: Precedence) -> None:
    police = _facet(9, "police_case", stage="S020_FILED", persons=[])
    court = _facet(2, "court_case", stage="S210_FIRST_INSTANCE", persons=[])
    case = project([police, court], rules).case
    assert case.values["stage"] == "S210_FIRST_INSTANCE"
    assert "stage" not in case.disagreements


def test_one_identity_number_is_one_person_whatever_the_name(rules: Precedence) -> None:
    police = _facet(1, "police_case", persons=[_person(name="张三", id_number="1X")])
    court = _facet(2, "court_case", persons=[_person(name="张叁", id_number="1X")])
    persons = project([police, court], rules).persons
    assert len(persons) == 1
    assert persons[0].told.disagreements["name"][0]["value"] == "张叁"


def test_a_name_without_a_number_joins_the_person_of_that_name(
    rules: Precedence,
) -> None:
    police = _facet(1, "police_case", persons=[_person(name="张三", id_number="1X")])
    drop = _facet(2, "justice_drop", persons=[_person(name="张三")])
    persons = project([police, drop], rules).persons
    assert [one.match_key for one in persons] == ["1X"]


def test_two_numbers_stay_two_persons_even_under_one_name(rules: Precedence) -> None:
    police = _facet(1, "police_case", persons=[_person(name="张三", id_number="1X")])
    court = _facet(2, "court_case", persons=[_person(name="张三", id_number="2X")])
    assert len(project([police, court], rules).persons) == 2


def test_namesakes_within_one_facet_stay_two(rules: Precedence) -> None:
    both = [_person(name="张三"), _person(name="张三")]
    persons = project([_facet(1, "police_case", persons=both)], rules).persons
    assert len({one.match_key for one in persons}) == 2


def test_stage_and_measures_are_kept_per_person(rules: Precedence) -> None:
    held = {"kind": "ARREST", "started_on": "2023-08-01"}
    facet = _facet(
        1,
        "police_case",
        stage="S020_FILED",
        persons=[
            _person(name="张三", id_number="1X", measures=[held]),
            _person(name="李四", id_number="2X", stage="S080_CANCELLED", measures=[]),
        ],
    )
    first, second = project([facet], rules).persons
    assert first.told.values["stage"] == "S020_FILED"
    assert second.told.values["stage"] == "S080_CANCELLED"
    assert [one.values["kind"] for one in first.measures] == ["ARREST"]
    assert second.measures == []


def test_a_deleted_facet_says_nothing_while_another_lives(rules: Precedence) -> None:
    deleted = _facet(1, "police_case", title="旧", is_withdrawn=True, persons=[])
    living = _facet(2, "court_case", title="新", persons=[])
    case = project([deleted, living], rules).case
    assert (case.values["title"], case.values["is_withdrawn"]) == ("新", False)
    assert project([deleted], rules).case.values["is_withdrawn"] is True


def test_an_unreadable_value_is_not_an_absent_one(rules: Precedence) -> None:
    person = _person(name="张三", unreadable={"birth_date": "二月"})
    facet = _facet(1, "police_case", persons=[person])
    told = project([facet], rules).persons[0].told
    assert "birth_date" not in told.values
    assert told.unreadable == {"birth_date": "二月"}


def test_charges_that_differ_are_a_disagreement_of_the_list(rules: Precedence) -> None:
    police = _facet(
        1,
        "police_case",
        persons=[_person(name="张三", charges=[{"crime": "CL2640001"}])],
    )
    court = _facet(
        2,
        "court_case",
        persons=[_person(name="张三", charges=[{"crime": "CL1330101"}])],
    )
    (person,) = project([police, court], rules).persons
    assert len(person.charges) == 1
    assert len(person.told.disagreements["charges"]) == 1


def test_older_bytes_that_were_read_again_do_not_win(rules: Precedence) -> None:
    """A replay makes a new facet; of one system the newest bytes are believed."""
    newer = replace(_facet(3, "court_case", title="新"), raw_id=20)
    again = replace(_facet(9, "court_case", title="旧"), raw_id=10)
    for told in ([newer, again], [again, newer]):
        assert project(told, rules).case.values["title"] == "新"
