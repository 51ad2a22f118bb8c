"""Which values became others, and where they are."""

from __future__ import annotations

from hub.engine.differences import differences, path_of, values


def person(name, number="", **more):
    return {"name": name, "id_number": number, "match_key": number or name} | more


def told(before, after):
    return {one.place: (one.before, one.after) for one in differences(before, after)}


def test_equal_records_differ_nowhere():
    record = {"title": "甲", "persons": [person("乙", charges=[{"crime": "x"}])]}
    assert told(record, dict(record)) == {}


def test_a_value_that_comes_goes_or_turns_is_told_with_its_place():
    before = {"title": "甲", "summary": "乙"}
    after = {"title": "丙", "stage": "S020_FILED"}
    assert told(before, after) == {
        "title": ("甲", "丙"),
        "summary": ("乙", None),
        "stage": (None, "S020_FILED"),
    }


def test_a_person_is_found_again_wherever_it_stands():
    one, two = person("甲", "1", sex="1"), person("乙", "2", sex="2")
    after = [person("乙", "2", sex="1"), one]
    assert told({"persons": [one, two]}, {"persons": after}) == {
        "persons[0].sex": ("2", "1")
    }


def test_a_person_whose_identity_was_mended_is_one_person():
    before = {"persons": [person("甲", "1", sex="1"), person("乙", "2")]}
    after = {"persons": [person("甲", "9", sex="1"), person("乙", "2")]}
    assert told(before, after) == {"persons[0].id_number": ("1", "9")}


def test_a_person_more_or_less_is_told_field_by_field():
    one, two = person("甲", "1"), person("乙", "2")
    assert told({"persons": [one]}, {"persons": [one, two]}) == {
        "persons[1].name": (None, "乙"),
        "persons[1].id_number": (None, "2"),
    }
    assert told({"persons": [one, two]}, {"persons": [two]}) == {
        "persons[0].name": ("甲", None),
        "persons[0].id_number": ("1", None),
    }


def test_lists_below_a_person_go_by_their_place():
    before = [person("甲", "1", measures=[{"kind": "BAIL"}, {"kind": "ARREST"}])]
    after = [
        person("甲", "1", measures=[{"kind": "ARREST"}], sentence={"fine": "1.00"})
    ]
    assert told({"persons": before}, {"persons": after}) == {
        "persons[0].measures[0].kind": ("BAIL", "ARREST"),
        "persons[0].measures[1].kind": ("ARREST", None),
        "persons[0].sentence.fine": (None, "1.00"),
    }


def test_a_path_has_no_indexes():
    assert path_of("persons[0].measures[12].kind") == "persons.measures.kind"
    assert path_of("facets[police-suizhou].persons[0].sex") == "facets.persons.sex"


def test_the_values_at_a_path_go_through_every_list():
    record = {
        "title": "甲",
        "persons": [
            {"measures": [{"kind": "BAIL"}, {}]},
            {"measures": [{"kind": "ARREST"}]},
            {},
        ],
    }
    assert values(record, "persons.measures.kind") == ["BAIL", "ARREST"]
    assert values(record, "title") == ["甲"]
    assert values(record, "persons.sex") == []
