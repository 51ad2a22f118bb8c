"""A run outside its bounds is told; small runs are not judged by shares."""

from __future__ import annotations

import pytest

from hub.errors import MappingInvalid
from hub.mapping.expect import LEAST, Tally

from .conftest import Load

SECTIONS = """
records:
  case:
    fields: { title: { from: A }, persons: { each: P, record: person } }
    expect:
      records: { min: 5, max: 100 }
      set_aside: 0.1
      filled: { title: 0.9, persons/name: 1 }
  person: { fields: { name: { from: N }, address: { from: Z } } }
"""


@pytest.fixture
def tally(load: Load) -> Tally:
    return Tally(load(SECTIONS).parsed.records["case"].expect)


def objections(tally: Tally, fetched: int, *, is_first: bool = True) -> list[str]:
    return [one.where for one in tally.objections(fetched, is_first=is_first)]


def test_a_good_run_is_not_objected_to(tally: Tally) -> None:
    for _ in range(LEAST):
        tally.good({"title": "x", "persons": [{"name": "a"}]})
    assert objections(tally, LEAST) == []


def test_too_few_and_too_many(tally: Tally) -> None:
    assert objections(tally, 4) == ["records"]
    assert objections(tally, 0, is_first=False) == []
    assert objections(tally, 101, is_first=False) == ["records"]


def test_too_much_set_aside(tally: Tally) -> None:
    for number in range(LEAST):
        if number % 5:
            tally.good({"title": "x"})
        else:
            tally.bad()
    assert objections(tally, LEAST) == ["set_aside"]


def test_a_field_that_nobody_fills_any_more(tally: Tally) -> None:
    for number in range(LEAST):
        tally.good({"persons": [{"name": "a"}, {"address": "b"}] if number else []})
    assert objections(tally, LEAST) == ["filled.title", "filled.persons/name"]


def test_few_records_say_little(tally: Tally) -> None:
    for _ in range(LEAST - 1):
        tally.good({})
    assert objections(tally, LEAST - 1) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "{ records: { min: -1 } }",
        "{ records: { mn: 1 } }",
        "{ set_aside: 2 }",
        "{ set_aside: true }",
        "{ filled: { titel: 0.5 } }",
        "{ filled: { title: x } }",
        "{ fill: {} }",
    ],
)
def test_bad_bounds_are_refused(load: Load, wrong: str) -> None:
    with pytest.raises(MappingInvalid):
        load(
            "records: { case: { fields: { title: { from: A } }, "
            f"expect: {wrong} }} }}"
        )
