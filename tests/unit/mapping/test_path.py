"""Paths into a tree."""

from __future__ import annotations

import pytest

from hub.contract.messages import Tree
from hub.errors import Text
from hub.mapping.path import Path, find, find_all, join, parse

TREE: Tree = {
    "A": {"B": "1", "L": [{"C": "2"}, {"C": "3"}], "O": [{"C": "4"}], "E": ""}
}


def path(text: str) -> Path:
    found = parse(text)
    assert isinstance(found, Path)
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A/B", "1"),
        ("A/O/C", "4"),
        ("A/X", None),
        ("A/E/X", None),
        ("A/B/X", None),
        ("A/L/C", [{"C": "2"}, {"C": "3"}]),
        ("/A/B", "1"),
        (".", TREE),
    ],
)
def test_a_value_is_found(text: str, value: Tree) -> None:
    assert find(path(text), TREE, TREE) == value


def test_a_leading_slash_starts_at_the_top() -> None:
    assert find(path("/A/B"), {"A": {"B": "inner"}}, TREE) == "1"


def test_lists_are_opened_with_the_place_of_each_element() -> None:
    assert list(find_all(path("A/L/C"), TREE, TREE)) == [
        ("A/L[0]/C", "2"),
        ("A/L[1]/C", "3"),
    ]
    assert list(find_all(path("A/X"), TREE, TREE)) == [("A/X", None)]
    assert list(find_all(path("."), "x", TREE)) == [(".", "x")]


@pytest.mark.parametrize("text", ["", " ", "A//B", "A/../B", "A/", True, 1, None])
def test_what_is_no_path_is_told(text: object) -> None:
    assert isinstance(parse(text), Text)


def test_places_are_put_together() -> None:
    assert join("", "A", ".", "B[0]") == "A/B[0]"
