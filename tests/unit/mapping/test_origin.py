"""Where a field comes from is told by the rule's place in its file."""

from __future__ import annotations

import pytest

from hub.mapping.origin import Made, made_by, owner_of, shape_of, written_by

from .conftest import Load

SECTIONS = """
records:
  case:
    fields:
      title: [ { from: A, when: "B == '1'" }, { from: C, convert: trimmed } ]
      persons: { each: RY, record: human }
  human:
    kind: person
    fields:
      sex: { from: XB, convert: trimmed, table: sex }
      role: { constant: SUSPECT }
parcels:
  INDICTMENT:
    needs: [title]
    fields:
      AJ/MC: { from: title }
      DSR/R: { each: persons, record: dsr }
  dsr: { fields: { XX/XB: { from: sex, table: sex } } }
"""


@pytest.mark.parametrize(
    ("field", "made"),
    [
        ("title", Made("records.case.fields.title", "convert trimmed")),
        ("persons[]", Made("records.case.fields.persons", "record human")),
        (
            "persons[].sex",
            Made("records.human.fields.sex", "convert trimmed, table sex", "sex"),
        ),
        ("persons[].role", Made("records.human.fields.role", "constant")),
        ("persons[].name", None),
        ("", None),
    ],
)
def test_a_field_knows_its_rule(load: Load, field: str, made: Made | None) -> None:
    assert made_by(load(SECTIONS).parsed, "case", field) == made


def test_a_record_that_the_file_lacks_has_no_rules(load: Load) -> None:
    assert made_by(load(SECTIONS).parsed, "verdict", "title") is None


def test_shape_and_owner_of_a_field() -> None:
    assert shape_of("case", "persons[].charges[].crime") == "code:crime"
    assert shape_of("case", "persons[]") == shape_of("case", "") == ""
    assert owner_of("case", "persons[].charges[].crime") == ("charge", "crime")
    assert owner_of("case", "persons[].measures[]") == ("person", "measures")
    assert owner_of("case", "title") == ("case", "title")


@pytest.mark.parametrize(
    ("place", "how"),
    [
        ("AJ/MC", ""),
        ("DSR/R[]/XX/XB", "table sex"),
        ("DSR/R[]", "record dsr"),
        ("DSR/R[]/XM", None),
        ("AJ", None),
    ],
)
def test_a_place_of_a_parcel_knows_its_rule(
    load: Load, place: str, how: str | None
) -> None:
    made = written_by(load(SECTIONS).parsed, "INDICTMENT", place)
    assert (made.how if made else None) == how


def test_a_node_that_the_file_lacks_writes_nothing(load: Load) -> None:
    assert written_by(load(SECTIONS).parsed, "ARREST", "AJ/MC") is None
