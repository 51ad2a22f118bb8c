"""Changed places are told by path, never by value."""

from hub.engine.changes import changed_paths


def test_a_changed_value_is_told_by_its_path() -> None:
    before = {"persons": [{"name": "甲"}]}
    assert changed_paths(before, {"persons": [{"name": "乙"}]}) == ["persons[0].name"]


def test_a_longer_list_is_told_whole() -> None:
    assert changed_paths({"persons": []}, {"persons": [{"name": "乙"}]}) == ["persons"]


def test_the_same_is_no_change() -> None:
    assert changed_paths({"a": 1}, {"a": 1}) == []
