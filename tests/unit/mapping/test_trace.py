"""Every value knows its way: raw places, rule, steps."""

from __future__ import annotations

import pytest

from hub.mapping.trace import leaves

from .conftest import Load

SECTIONS = """
records:
  case:
    root: AJ
    fields:
      police_number: { from: AJBH, convert: police_number }
      title: { merge: [AJMC, FB], join: "：", convert: trimmed }
      summary: { each: JY/D, join: "；" }
      stage: { from: AJJD, table: stage, unknown: hold }
      persons: { each: RY, record: person }
  person:
    fields:
      name: { from: [XM, CYM], convert: name }
      sex: { from: XB, table: sex }
      role: { constant: SUSPECT }
      charges: { from: ZM, split: "、", record: charge }
      sentence: { from: ., record: sentence }
  charge: { fields: { crime: { from: ., table: crime, by: name_zh } } }
  sentence:
    fields:
      judged_on: { from: /AJ/PJRQ, convert: date }
      fine: { from: FJ, convert: amount }
"""
TREE = {
    "AJ": {
        "AJBH": "A4213810000002023080001",
        "AJMC": " 张三案 ",
        "FB": "一",
        "JY": {"D": ["甲", "乙"]},
        "AJJD": "奇怪",
        "PJRQ": "20230901",
        "RY": [
            {},
            {
                "XM": "",
                "CYM": "张 三",
                "XB": "1",
                "ZM": "危险驾驶罪、盗窃罪",
                "FJ": "2,000",
            },
        ],
    }
}


def test_every_leaf_has_its_origin_and_comes_again_by_it(load: Load) -> None:
    mapping = load(SECTIONS)
    mapped = mapping.read("case", TREE)
    assert mapped.faults == ()
    told = mapping.trace("case", TREE)
    assert {one.where: one.value for one in told} == dict(leaves(mapped.body))
    for one in told:
        assert mapping.reapply(TREE, one) == one.value


def test_an_origin_names_places_rule_and_steps(load: Load) -> None:
    told = {one.where: one for one in load(SECTIONS).trace("case", TREE)}
    assert told["persons[0].name"].places == ("AJ/RY[1]/CYM",)
    assert told["persons[0].name"].rule == "records.person.fields.name"
    assert [(s.name, s.value) for s in told["persons[0].name"].steps] == [
        ("from", "张 三"),
        ("name", "张三"),
    ]
    assert told["title"].places == ("AJ/AJMC", "AJ/FB")
    assert told["summary"].places == ("AJ/JY/D[0]", "AJ/JY/D[1]")
    assert told["persons[0].charges[1].crime"].places == ("AJ/RY[1]/ZM",)
    assert told["persons[0].charges[1].crime"].table == "crime"
    assert told["persons[0].charges[1].crime"].table_revision
    assert told["persons[0].sentence.judged_on"].places == ("AJ/PJRQ",)
    assert told["persons[0].role"].places == ()


def test_what_is_held_is_told_with_its_text(load: Load) -> None:
    told = {one.where: one for one in load(SECTIONS).trace("case", TREE)}
    assert told["stage"].outcome == "unreadable"
    assert told["stage"].value == "奇怪"
    assert told["stage"].steps[-1].note == "unreadable"


def test_a_rule_that_gives_nothing_there_is_told(load: Load) -> None:
    mapping = load(SECTIONS)
    name = next(o for o in mapping.trace("case", TREE) if o.where == "persons[0].name")
    with pytest.raises(LookupError):
        mapping.reapply({"AJ": {"AJBH": "x"}}, name)
