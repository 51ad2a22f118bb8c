"""What holds for every tree whatever: nothing raises, the shape is kept."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.mapping.load import SystemMapping
from hub.mapping.read import Mapped
from hub.records.shape import SHAPES

from .conftest import Load
from .test_read import SECTIONS

quick = settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


KEYS = st.sampled_from(
    ["AJ", "AJBH", "AJMC", "LASJ", "AJJD", "RYLB", "RY", "XM", "CSRQ", "ZM", "XB", "N"]
)
TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=5)
    ),
    max_leaves=25,
)


@pytest.fixture
def mapping(load: Load) -> SystemMapping:
    return load(SECTIONS)


@quick
@given(tree=TREES)
def test_no_tree_whatever_raises(mapping: SystemMapping, tree: Any) -> None:
    before = copy.deepcopy(tree)
    for raw in (tree, {"AJ": tree}):
        mapped = mapping.read("case", raw)
        assert isinstance(mapped, Mapped)
        check_shape("case", mapped.body)
    assert tree == before


def check_shape(kind: str, body: Any) -> None:
    """A body holds nothing but what the canonical shape allows."""
    for name, value in body.items():
        if name == "unreadable":
            assert set(value) <= set(SHAPES[kind])
            continue
        many, _, inner = SHAPES[kind][name].partition(":")
        if many in ("one", "many"):
            for item in value if many == "many" else [value]:
                check_shape(inner, item)
        else:
            assert isinstance(value, str | int)
            assert value != ""
