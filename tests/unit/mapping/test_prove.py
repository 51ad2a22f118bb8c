"""A body is proven leaf by leaf, and what is not proven is named."""

from __future__ import annotations

import copy

import pytest

from hub.mapping.load import SystemMapping
from hub.mapping.prove import unproven

from .conftest import Load
from .test_trace import SECTIONS, TREE


@pytest.fixture
def mapping(load: Load) -> SystemMapping:
    return load(SECTIONS)


def test_what_reading_gave_is_proven(mapping: SystemMapping) -> None:
    body = mapping.read("case", TREE).body
    assert unproven(mapping, "case", TREE, body) == ()


def test_a_value_written_past_the_rules_is_named(mapping: SystemMapping) -> None:
    body = copy.deepcopy(mapping.read("case", TREE).body)
    body["persons"][0]["charges"][1]["crime"] = "CL1330101"
    body["title"] = "另案"
    body["persons"][0]["sentence"]["months"] = 3
    del body["persons"][0]["sex"]
    assert unproven(mapping, "case", TREE, body) == (
        "persons[0].charges[1].crime",
        "persons[0].sentence.months",
        "persons[0].sex",
        "title",
    )


def test_a_raw_value_that_changed_names_what_rests_on_it(
    mapping: SystemMapping,
) -> None:
    body = mapping.read("case", TREE).body
    tree = copy.deepcopy(TREE)
    tree["AJ"]["RY"][1]["ZM"] = "盗窃罪、危险驾驶罪"
    assert unproven(mapping, "case", tree, body) == (
        "persons[0].charges[0].crime",
        "persons[0].charges[1].crime",
    )
