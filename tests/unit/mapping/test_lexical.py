"""Every form of the data standards and of SOAP, by table: ``lexical/*.tsv``."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest

from hub.mapping.converters.converter import Converter
from hub.mapping.value import Unreadable, as_text

from .conftest import Load
from .lexicon import CASES, OUTCOMES, Case, outcome

Converters = dict[str, Converter]

#: sides that cannot give all three answers, and those that they give
NARROWER = {
    ("text", "read"): {"value", "absent"},
    ("name_self_stated", "read"): {"value", "absent"},
}
#: converters whose write side has something to leave out
OMITTING = {"term_cn", "term_ymd", "term_ym", "term_in_months"}


def answer(converters: Converters, case: Case) -> object:
    converter = converters[case.converter]
    side = converter.read if case.side == "read" else converter.write
    assert side is not None
    return side(case.input)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.place)
def test_a_converter_answers_as_its_row_says(
    converters: Converters, case: Case
) -> None:
    found = answer(converters, case)
    assert outcome(found) == case.outcome, found
    if case.outcome == "value":
        assert json.dumps(found) == json.dumps(json.loads(case.expected))
    elif isinstance(found, Unreadable):
        assert found.reason is not None
        assert case.expected in found.reason.en
        assert case.expected
        assert found.reason.zh
        assert found.original == (as_text(case.input) if case.side == "read" else "")


def test_every_converter_has_a_row_of_every_answer_that_it_can_give(
    converters: Converters,
) -> None:
    told = defaultdict(set)
    for case in CASES:
        told[case.converter, case.side].add(case.outcome)
    wanted = {}
    for name, converter in converters.items():
        if converter.read is not None:
            wanted[name, "read"] = NARROWER.get((name, "read"), set(OUTCOMES))
        if converter.write is not None:
            wanted[name, "write"] = {"value", "unreadable"}
            if name in OMITTING:
                wanted[name, "write"].add("absent")
    assert {key: sorted(one) for key, one in told.items()} == {
        key: sorted(one) for key, one in wanted.items()
    }


def test_every_converter_states_its_source(converters: Converters) -> None:
    sides = {name: one.read or one.write for name, one in converters.items()}
    assert not [
        name for name, side in sides.items() if "Source: " not in (side.__doc__ or "")
    ]


@pytest.mark.parametrize(
    ("tree", "body", "fault"),
    [
        ({"AJMC": "x", "AJBH": ""}, {"title": "x", "summary": ""}, ""),
        ({"AJMC": "x"}, {"title": "x"}, ""),
        ({"AJMC": "x", "AJBH": None}, {"title": "x"}, ""),
        ({"AJMC": "", "AJBH": "y"}, {"summary": "y"}, "required"),
        ({"AJBH": "y"}, {"summary": "y"}, "required"),
    ],
    ids=["empty", "missing", "nil", "mandatory and empty", "mandatory and missing"],
)
def test_an_empty_element_a_missing_and_a_nil_one_are_told_apart(
    load: Load, tree: Any, body: dict[str, str], fault: str
) -> None:
    mapped = load(
        """
        records:
          case:
            fields:
              title: { from: AJMC, convert: trimmed, required: true }
              summary: { from: AJBH, convert: text_exact }
        """
    ).read("case", tree)
    assert mapped.body == body
    assert [one.rule for one in mapped.faults] == ([fault] if fault else [])


def test_an_unexpected_element_is_kept_and_counted(load: Load) -> None:
    mapping = load("records: { case: { fields: { title: { from: AJMC } } } }")
    mapped = mapping.read("case", {"AJMC": "x", "XZ": "y"})
    assert (mapped.body, mapped.faults) == ({"title": "x"}, ())
    assert mapped.remainder == ("XZ",)
