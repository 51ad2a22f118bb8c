"""The walk out: canonical records in a receiver's words."""

from __future__ import annotations

from typing import Any

from .conftest import Load

SECTIONS = """
parcels:
  INDICTMENT:
    needs: [title, persons/name, persons/charges/crime]
    fields:
      ajmc: { from: title }
      lcjd: { constant: "1204" }
      pt: { from: hub_number }
      sj/larq: { from: filed_on, convert: date_compact }
      sj/lrsj: { from: modified_at, convert: time_dash }
      ah: { from: court_number, convert: court_number_full }
      jg: { from: investigator, table: agency, by: police12 }
      zm: { each: persons/charges, from: crime, table: crime, by: name_zh, join: "、" }
      DSR/R: { each: persons, record: dsr }
      tj: { from: is_withdrawn, convert: yes_no_cn, unknown: hold }
  dsr:
    fields:
      xm: { from: name, required: true }
      xb: { from: sex, table: sex }
      bt: { from: /title }
      xq: { from: sentence, convert: term_cn }
      pj: { from: sentence, record: pj }
      qt: { from: education, table: education, unknown: hold }
  pj: { fields: { fj: { from: fine, convert: amount_comma } } }
"""


def record() -> dict[str, Any]:
    return {
        "hub_number": "H1",
        "title": "张三危险驾驶案",
        "filed_on": "2023-08-01",
        "modified_at": "2023-08-01T08:00:00+08:00",
        "court_number": "(2023)鄂1381刑初1号",
        "investigator": "POLICE-421381",
        "is_withdrawn": False,
        "persons": [
            {
                "name": "张三",
                "sex": "1",
                "charges": [{"crime": "CL1330101"}, {"crime": "CL2640001"}],
                "sentence": {"years": 0, "months": 2, "fine": "3000.00"},
            },
            {"name": "李四", "charges": [{"crime": "CL1330101"}]},
        ],
    }


def test_a_record_is_written_in_the_receiver_s_words(load: Load) -> None:
    written = load(SECTIONS).write("INDICTMENT", record())
    assert written.faults == ()
    assert written.body == {
        "ajmc": "张三危险驾驶案",
        "lcjd": "1204",
        "pt": "H1",
        "sj": {"larq": "20230801", "lrsj": "2023-08-01 08:00:00"},
        "ah": "（2023）鄂1381刑初1号",
        "jg": "421381000000",
        "zm": "危险驾驶罪、盗窃罪",
        "DSR": {
            "R": [
                {
                    "xm": "张三",
                    "xb": "1",
                    "bt": "张三危险驾驶案",
                    "xq": "2个月",
                    "pj": {"fj": "3,000.00"},
                },
                {"xm": "李四", "bt": "张三危险驾驶案"},
            ]
        },
        "tj": "否",
    }


def test_every_need_that_is_absent_is_a_fault(load: Load) -> None:
    case = record()
    del case["title"]
    del case["persons"][1]["charges"]
    written = load(SECTIONS).write("INDICTMENT", case)
    assert [(fault.code, fault.where, fault.rule) for fault in written.faults] == [
        ("TRANSFER_NOT_ACCEPTABLE", "title", "needs"),
        ("TRANSFER_NOT_ACCEPTABLE", "persons[1].charges.crime", "needs"),
    ]


def test_nobody_to_tell_of_is_a_fault(load: Load) -> None:
    case = record()
    case["persons"] = []
    written = load(SECTIONS).write("INDICTMENT", case)
    assert [fault.where for fault in written.faults] == [
        "persons.name",
        "persons.charges.crime",
    ]


def test_what_the_receiver_has_no_word_for_is_a_fault(load: Load) -> None:
    case = record()
    case["investigator"] = "COURT-421381"
    case["filed_on"] = "soon"
    case["persons"][1].update(sex="8", name="")
    case["persons"][0]["sentence"]["fine"] = "much"
    written = load(SECTIONS).write("INDICTMENT", case)
    told = [
        (fault.code, fault.where, fault.source, fault.rule) for fault in written.faults
    ]
    assert told == [
        ("TRANSFER_NOT_ACCEPTABLE", "persons[1].name", "", "needs"),
        ("RECORD_INVALID", "filed_on", "sj/larq", "date_compact"),
        ("CODE_UNKNOWN", "investigator", "jg", "agency"),
        (
            "RECORD_INVALID",
            "persons[0].sentence.fine",
            "DSR/R[0]/pj/fj",
            "amount_comma",
        ),
        ("RECORD_INVALID", "persons[1].name", "DSR/R[1]/xm", "required"),
        ("CODE_UNKNOWN", "persons[1].sex", "DSR/R[1]/xb", "sex"),
    ]
    assert "much" not in str(written.faults)


def test_what_may_be_left_out_is_left_out(load: Load) -> None:
    case = record()
    case["persons"][0]["education"] = "no code"
    written = load(SECTIONS).write("INDICTMENT", case)
    assert written.faults == ()


def test_absent_fields_are_left_out(load: Load) -> None:
    written = load(SECTIONS).write("INDICTMENT", {})
    assert written.body == {"lcjd": "1204"}
    assert len(written.faults) == 3


def test_what_was_written_reads_back(load: Load) -> None:
    mapping = load(
        """
        records:
          case:
            fields:
              title: { from: mc }
              filed_on: { from: rq, convert: date }
              stage: { from: jd, table: stage }
              modified_at: { from: sj, convert: local_time }
              is_withdrawn: { from: sc, convert: yes_no }
              persons: { each: r/p, record: person }
          person:
            fields:
              id_number: { from: hm, convert: id_number }
              charges: { from: zm, split: "、", record: charge }
          charge: { fields: { crime: { from: ., table: crime, by: name_zh } } }
        parcels:
          INDICTMENT:
            fields:
              mc: { from: title }
              rq: { from: filed_on, convert: date_cn }
              jd: { from: stage, table: stage }
              sj: { from: modified_at, convert: time_compact }
              sc: { from: is_withdrawn, convert: yes_no_YN }
              r/p: { each: persons, record: p }
          p:
            fields:
              hm: { from: id_number, convert: id_number_15 }
              zm: { each: charges/crime, table: crime, by: name_zh, join: "、" }
        """
    )
    case: dict[str, Any] = {
        "title": "案",
        "filed_on": "2023-08-01",
        "stage": "S020_FILED",
        "modified_at": "2023-08-01T08:00:00+08:00",
        "is_withdrawn": True,
        "persons": [
            {
                "id_number": "422224196207311017",
                "charges": [{"crime": "CL3120001"}, {"crime": "CL2640001"}],
            }
        ],
    }
    written = mapping.write("INDICTMENT", case)
    assert written.faults == ()
    read = mapping.read("case", written.body)
    assert (read.faults, read.remainder) == ((), ())
    assert read.body == case
