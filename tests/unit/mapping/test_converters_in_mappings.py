"""Converters at work: in a mapping, compiled and interpreted, in and out."""

from __future__ import annotations

from typing import Any

from .conftest import Load

SECTIONS = """
records:
  case:
    fields:
      police_number: { from: AJBH, convert: police_number }
      investigator:
        { from: AJBH, convert: unit_of_police_number, table: agency, by: police12 }
      modified_at: { from: XGSJ, convert: local_time }
      filed_on: { from: LASJ, convert: date, unknown: hold }
      summary: { from: LASJ, convert: partial_date }
      persons: { each: RY, record: person }
  person:
    fields:
      name: { from: XM, convert: name }
      former_name: { from: XM, convert: name_alias }
      sex: { from: ZJHM, convert: sex_of_id_number, table: sex, by: code }
      birth_date: { from: ZJHM, convert: birth_of_id_number }
      sentence: { from: ., record: sentence }
  sentence:
    fields:
      penalty:
        from: PJ
        convert: [sentence_main, term_penalty]
        table: penalty_type
        by: name_zh
      years: { from: PJ, convert: [sentence_main, term_years] }
      months: { from: PJ, convert: [sentence_main, term_months] }
      probation_months: { from: PJ, convert: [sentence_probation, probation_months] }
      fine: { from: PJ, convert: [sentence_fine, amount] }
parcels:
  INDICTMENT:
    fields:
      xgsj: { from: modified_at, convert: time_dash }
      dsr: { each: persons, record: dsr }
  dsr:
    fields:
      xq: { from: sentence, convert: term_ym }
      fj: { from: sentence/fine, convert: amount_cn }
"""
TREE: Any = {
    "AJBH": "A4213810000002023080001",
    "XGSJ": "1986-06-27 08:00:00.1234567",
    "LASJ": "2023年8月",
    "RY": [
        {
            "XM": "张 三（别名：老三）",
            "ZJHM": "422224620731101",
            "PJ": "判处有期徒刑一年六个月，缓刑二年，并处罚金人民币三千元。",
        },
        {"XM": "李四", "PJ": "无期徒刑"},
    ],
}


def test_parts_of_texts_and_numbers_fill_fields_of_their_own(load: Load) -> None:
    mapping = load(SECTIONS)
    mapped = mapping.read("case", TREE)
    assert mapped.faults == ()
    assert mapped == mapping.interpret("case", TREE)
    assert mapped.body == {
        "police_number": "A4213810000002023080001",
        "investigator": "POLICE-421381",
        "modified_at": "1986-06-27T08:00:00.1234567+09:00",
        "summary": "2023-08",
        "unreadable": {"filed_on": "2023年8月"},
        "persons": [
            {
                "name": "张三",
                "former_name": "老三",
                "sex": "1",
                "birth_date": "1962-07-31",
                "sentence": {
                    "penalty": "FIXED_TERM",
                    "years": 1,
                    "months": 6,
                    "probation_months": 24,
                    "fine": "3000.00",
                },
            },
            {"name": "李四", "sentence": {"penalty": "LIFE"}},
        ],
    }
    written = mapping.write("INDICTMENT", mapped.body)
    assert written.faults == ()
    assert written.body["xgsj"] == "1986-06-27 08:00:00"
    assert written.body["dsr"] == [{"xq": "0106", "fj": "叁仟元整"}]


def test_what_cannot_be_told_is_a_fault_with_its_reason(load: Load) -> None:
    record: Any = {"modified_at": "2023-08-01T08:00:00", "persons": []}
    written = load(SECTIONS).write("INDICTMENT", record)
    assert "xgsj" not in written.body
    assert "canonical form" in written.faults[0].message.en
