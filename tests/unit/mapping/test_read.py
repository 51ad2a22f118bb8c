"""The walk in: trees become facet bodies, faults and a remainder."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.contract.messages import Tree
from hub.mapping.code_tables.tables import Tables

from .conftest import Load

SECTIONS = """
records:
  case:
    root: AJ
    fields:
      police_number: { from: AJBH, convert: police_number, required: true }
      title: { from: [AJMC, XM], convert: trimmed }
      filed_on: { from: LASJ, convert: date }
      stage: { from: AJJD, table: stage }
      summary: { each: JYAQ/D, join: "；" }
      persons: { each: RYLB/RY, record: person }
      documents: { each: [WSLB/WS, FJ], record: document }
    ignore: { CZRXM: internal, "/HEAD": the envelope }
  person:
    fields:
      name: { from: XM, convert: name, required: true }
      birth_date: { from: CSRQ, convert: birth_date }
      sex: { from: XB, table: sex, unknown: hold }
      role: { constant: SUSPECT }
      charges: { from: ZM, split: "、,", record: charge }
      sentence: { from: ., record: sentence }
  charge: { fields: { crime: { from: ., table: crime, by: name_zh } } }
  sentence:
    fields:
      months: { from: XQ, convert: term_months }
      judged_on: { from: /AJ/PJRQ, convert: date }
  document: { fields: { name: { from: MC } } }
"""
NUMBER = "A4213810000002023080001"


def tree(**fields: Tree) -> Tree:
    return {"HEAD": {"ID": "1"}, "AJ": {"AJBH": NUMBER, **fields}}


def people(*persons: Tree) -> Tree:
    return tree(RYLB={"RY": list(persons)})


def test_a_record_is_mapped(load: Load) -> None:
    mapped = load(SECTIONS).read(
        "case",
        tree(
            AJMC=" 张三案 ",
            LASJ="2023/8/1",
            AJJD="S020_FILED",
            PJRQ="20230901",
            RYLB={"RY": {"XM": "张 三", "ZM": "危险驾驶罪、盗窃罪", "XQ": "0106"}},
            CZRXM="x",
        ),
    )
    assert mapped.faults == ()
    assert mapped.remainder == ()
    assert mapped.body == {
        "police_number": NUMBER,
        "title": "张三案",
        "filed_on": "2023-08-01",
        "stage": "S020_FILED",
        "persons": [
            {
                "name": "张三",
                "role": "SUSPECT",
                "charges": [{"crime": "CL1330101"}, {"crime": "CL2640001"}],
                "sentence": {"months": 6, "judged_on": "2023-09-01"},
            }
        ],
    }


def test_faults_name_both_places_and_the_rule_but_never_the_value(load: Load) -> None:
    mapped = load(SECTIONS).read(
        "case",
        {
            "AJ": {
                "AJBH": "secret-number",
                "AJJD": "secret-stage",
                "RYLB": {
                    "RY": [
                        {"XM": "张三"},
                        {"CSRQ": "secret-day", "ZM": "secret-crime"},
                    ]
                },
            }
        },
    )
    told = [
        (fault.code, fault.where, fault.source, fault.rule) for fault in mapped.faults
    ]
    assert told == [
        ("RECORD_INVALID", "police_number", "AJ/AJBH", "police_number"),
        ("CODE_UNKNOWN", "stage", "AJ/AJJD", "stage"),
        ("RECORD_INVALID", "persons[1].name", "AJ/RYLB/RY[1]/XM", "required"),
        (
            "RECORD_INVALID",
            "persons[1].birth_date",
            "AJ/RYLB/RY[1]/CSRQ",
            "birth_date",
        ),
        (
            "CODE_UNKNOWN",
            "persons[1].charges[0].crime",
            "AJ/RYLB/RY[1]/ZM",
            "crime",
        ),
    ]
    assert all(fault.message.zh and fault.message.en for fault in mapped.faults)
    assert "secret" not in str(mapped.faults)


def test_a_missing_required_field_is_a_fault(load: Load) -> None:
    mapped = load(SECTIONS).read("case", {"AJ": {"AJMC": "x", "AJBH": " "}})
    assert [(fault.where, fault.rule) for fault in mapped.faults] == [
        ("police_number", "required")
    ]


def test_the_first_alternative_that_tells_something_wins(load: Load) -> None:
    mapping = load(SECTIONS)
    assert mapping.read("case", tree(AJMC="-", XM="b")).body["title"] == "b"
    assert mapping.read("case", tree(AJMC="a", XM="b")).body["title"] == "a"
    assert "title" not in mapping.read("case", tree(AJMC="", XM=None)).body


def test_a_held_value_is_kept_with_its_original_text(load: Load) -> None:
    mapped = load(SECTIONS).read("case", people({"XM": "张三", "XB": " 男? "}))
    assert mapped.faults == ()
    assert mapped.body["persons"] == [
        {"name": "张三", "role": "SUSPECT", "unreadable": {"sex": " 男? "}}
    ]


def test_a_record_of_nothing_but_constants_and_borrowed_fields_is_absent(
    load: Load,
) -> None:
    mapped = load(SECTIONS).read(
        "case", tree(PJRQ="20230901", RYLB={"RY": [{"XM": "", "XB": "-"}, ""]})
    )
    assert mapped.faults == ()
    assert "persons" not in mapped.body
    person = load(SECTIONS).read("case", tree(PJRQ="x", RYLB={"RY": {"XM": "张三"}}))
    assert person.body["persons"] == [{"name": "张三", "role": "SUSPECT"}]
    assert person.faults == ()


@pytest.mark.parametrize(
    "persons", ["", "  ", None, [], {}, {"RY": ""}, {"RY": []}, {"RY": None}]
)
def test_an_empty_list_has_no_elements(load: Load, persons: Tree) -> None:
    mapped = load(SECTIONS).read("case", tree(RYLB=persons))
    assert mapped.faults == ()
    assert mapped.remainder == ()
    assert "persons" not in mapped.body


def test_lists_from_two_places_follow_one_another(load: Load) -> None:
    mapped = load(SECTIONS).read(
        "case", tree(WSLB={"WS": [{"MC": "a"}, {"MC": "b"}]}, FJ={"MC": "c"})
    )
    assert mapped.body["documents"] == [{"name": "a"}, {"name": "b"}, {"name": "c"}]


def test_elements_are_joined_each_once(load: Load) -> None:
    mapped = load(SECTIONS).read("case", tree(JYAQ={"D": ["a", "b", "", "a"]}))
    assert mapped.body["summary"] == "a；b"


@pytest.mark.parametrize("value", [["a", "b"], {"x": "y"}])
def test_several_values_or_a_record_are_no_single_value(
    load: Load, value: Tree
) -> None:
    mapped = load(SECTIONS).read("case", tree(AJMC=value))
    assert [(fault.code, fault.where) for fault in mapped.faults] == [
        ("RECORD_INVALID", "title")
    ]


def test_a_record_in_place_of_a_splittable_text_is_a_fault(load: Load) -> None:
    mapped = load(SECTIONS).read("case", people({"XM": "张三", "ZM": {"a": "b"}}))
    assert [fault.where for fault in mapped.faults] == ["persons[0].charges"]


def test_texts_in_a_list_are_split_one_by_one(load: Load) -> None:
    mapped = load(SECTIONS).read(
        "case", people({"XM": "张三", "ZM": ["盗窃罪", "诈骗罪、盗窃罪"]})
    )
    persons = mapped.body["persons"]
    assert isinstance(persons, list)
    assert isinstance(persons[0], dict)
    assert persons[0]["charges"] == [
        {"crime": "CL2640001"},
        {"crime": "CL2660001"},
        {"crime": "CL2640001"},
    ]


def test_a_list_of_one_is_its_element(load: Load) -> None:
    mapping = load(SECTIONS)
    assert mapping.read("case", tree(AJMC=["a"])).body["title"] == "a"
    assert mapping.read("case", {"AJ": [{"AJBH": NUMBER}]}).faults == ()


@pytest.mark.parametrize("raw", [{}, {"AJ": ""}, {"AJ": [{}, {}]}, "x", [], None])
def test_a_missing_record_is_a_fault(load: Load, raw: Tree) -> None:
    mapped = load(SECTIONS).read("case", raw)
    assert [fault.code for fault in mapped.faults] == ["RECORD_INVALID"]
    assert mapped.body == {}


def test_the_remainder_tells_each_unknown_leaf_once(load: Load) -> None:
    mapped = load(SECTIONS).read(
        "case",
        {
            "HEAD": {"ID": "1", "MORE": {"X": "1"}},
            "TAIL": "x",
            "AJ": {
                "AJBH": NUMBER,
                "@version": "2",
                "NEW": {"A": "1", "B": [{"C": "1"}, {"C": "2"}], "E": {}},
                "BLANK": "",
                "RYLB": {"RY": [{"XM": "a", "NEW": "1"}, {"XM": "b", "NEW": "2"}]},
                "WSLB": "stray text",
            },
        },
    )
    assert mapped.remainder == (
        "AJ/@version",
        "AJ/BLANK",
        "AJ/NEW/A",
        "AJ/NEW/B[]/C",
        "AJ/NEW/E",
        "AJ/RYLB/RY[]/NEW",
        "AJ/WSLB",
        "TAIL",
    )


def test_a_system_s_own_codes_go_by_its_crosswalk(load: Load, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    (folder / "sex" / "crosswalk").mkdir(parents=True)
    (folder / "sex" / "1.tsv").write_text(
        "code\tname_zh\tname_en\n1\t男\tmale\n2\t女\tfemale\n", "utf-8"
    )
    (folder / "sex" / "crosswalk" / "demo.tsv").write_text(
        "raw\tcode\trelation\tnote\nM\t1\tequal\t\n0\t\tnone\t\n-\t2\tequal\t\n",
        "utf-8",
    )
    mapping = load(
        """
        records:
          person: { fields: { sex: { from: X, table: sex }, name: { from: N } } }
        """,
        Tables.load(folder),
    )

    def read(raw: Tree) -> object:
        mapped = mapping.read("person", {"N": "a", "X": raw})
        return mapped.body.get("sex") or [fault.code for fault in mapped.faults]

    assert [read(raw) for raw in ("M", " M ", "-", "0", 0, "", None)] == [
        "1",
        "1",
        "2",
        [],
        [],
        [],
        [],
    ]
    assert [read(raw) for raw in ("1", "m", "Ｍ")] == [["CODE_UNKNOWN"]] * 3


def test_a_second_layout_of_a_kind_has_a_name_of_its_own(load: Load) -> None:
    mapping = load(
        """
        records:
          case:
            fields:
              documents: { each: A, record: paper }
          paper: { kind: document, fields: { name: { from: N } } }
        """
    )
    assert mapping.read("case", {"A": {"N": "x"}}).body == {
        "documents": [{"name": "x"}]
    }
