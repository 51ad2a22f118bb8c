"""Two readings differ exactly where they mean something else."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import Fault, Text
from hub.mapping.dryrun.align import pairs
from hub.mapping.dryrun.difference import Change, State, difference
from hub.mapping.dryrun.parcels import parcel_difference
from hub.mapping.read import Mapped
from hub.mapping.write import Written
from hub.records.shape import SHAPES, UNREADABLE

quick = settings(max_examples=60, derandomize=True, deadline=None)
_WORDS = st.sampled_from(["1", "2", "张三", "欧阳震华", "2023-08-01"])


@cache
def _record(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies as mappings make them: what is not told is absent, no list is empty."""
    plain = {name: _WORDS for name, shape in SHAPES[kind].items() if ":" not in shape}
    held = st.dictionaries(st.sampled_from(sorted(plain)), _WORDS, min_size=1)
    fields: dict[str, st.SearchStrategy[Any]] = {**plain, UNREADABLE: held}
    for name, shape in SHAPES[kind].items():
        many, _, inner = shape.partition(":")
        if many == "one":
            fields[name] = _record(inner).filter(bool)
        elif many == "many":
            fields[name] = st.lists(_record(inner).filter(bool), min_size=1, max_size=2)
    return st.fixed_dictionaries({}, optional=fields)


def _fault(where: str, code: str = "CODE_UNKNOWN") -> Fault:
    return Fault(code, where, Text("坏", "bad"))


@st.composite
def _reading(draw: st.DrawFn) -> Mapped:
    body = draw(_record("case"))
    places = ["title", "stage", "persons[0].sex", "persons[1].sex"]
    codes = st.sampled_from(["CODE_UNKNOWN", "RECORD_INVALID"])
    told = draw(st.dictionaries(st.sampled_from(places), codes, max_size=2))
    for place in told:  # a refused field has no value
        body.pop(place, None)
        for one in body.get("persons", []):
            one.pop("sex", None)
            one.get(UNREADABLE, {}).pop("sex", None)
    return Mapped(body, tuple(_fault(place, code) for place, code in told.items()))


def _codes(mapped: Mapped) -> set[tuple[str, str]]:
    return {(one.where, one.code) for one in mapped.faults}


def _bare(body: Any) -> Any:
    """A body without empty notes of what was unreadable."""
    if isinstance(body, dict):
        return {k: _bare(v) for k, v in body.items() if (k, v) != (UNREADABLE, {})}
    return [_bare(one) for one in body] if isinstance(body, list) else body


@quick
@given(one=_reading(), other=_reading())
def test_there_is_a_difference_exactly_where_bodies_or_faults_differ(
    one: Mapped, other: Mapped
) -> None:
    same = _bare(one.body) == _bare(other.body) and _codes(one) == _codes(other)
    assert bool(difference(one, other)) != same


def _leaves(body: Any) -> list[tuple[Any, Any]]:
    """Every place in a body where a text stands: the container and the key."""
    items = body.items() if isinstance(body, dict) else enumerate(body)
    found = []
    for key, value in items:
        found += [(body, key)] if isinstance(value, str) else _leaves(value)
    return found


@quick
@given(one=_reading(), pick=st.integers(0, 10**6))
def test_one_changed_text_is_never_missed(one: Mapped, pick: int) -> None:
    body = copy.deepcopy(one.body)
    leaves = _leaves(body)
    if leaves:
        place, key = leaves[pick % len(leaves)]
        place[key] = "another text"
        assert difference(one, Mapped(body, one.faults))


@quick
@given(one=_reading())
def test_a_reading_does_not_differ_from_itself(one: Mapped) -> None:
    assert difference(one, copy.deepcopy(one)) == []


@quick
@given(
    persons=st.lists(_record("person").filter(bool), min_size=1, max_size=5),
    new=_record("person").filter(bool),
    place=st.integers(0, 5),
)
def test_one_more_person_is_one_change(
    persons: list[dict[str, Any]], new: dict[str, Any], place: int
) -> None:
    after = [*persons[:place], new, *persons[place:]]
    found = difference(Mapped({"persons": persons}), Mapped({"persons": after}))
    assert len(found) == 1
    assert (found[0].field, found[0].before.outcome) == ("persons[]", "absent")
    back = difference(Mapped({"persons": after}), Mapped({"persons": persons}))
    assert [one.after.outcome for one in back] == ["absent"]


def _persons(*names: str, **more: str) -> Mapped:
    return Mapped({"persons": [{"name": name, "role": "S", **more} for name in names]})


def test_the_states_of_a_field_are_all_told_apart() -> None:
    readings = {
        "value": Mapped({"title": "x"}),
        "held": Mapped({UNREADABLE: {"title": "x"}}),
        "passed": Mapped({"title": "x", UNREADABLE: {"title": "x"}}),
        "refused": Mapped({}, (_fault("title"),)),
        "refused otherwise": Mapped({}, (_fault("title", "RECORD_INVALID"),)),
        "absent": Mapped({}),
    }
    for name, one in readings.items():
        for other_name, other in readings.items():
            told = [change.field for change in difference(one, other)]
            assert told == ([] if name == other_name else ["title"]), other_name


def test_a_change_is_told_in_the_person_it_is_of_wherever_that_stands() -> None:
    before = _persons("甲", "乙", sex="1")
    after = _persons("丙", "甲", "乙", sex="1")
    after.body["persons"][2]["sex"] = "2"  # type: ignore[index]
    assert set(difference(before, after)) == {
        Change("persons[0]", "persons[]", State("absent"), State("record")),
        Change("persons[2].sex", "persons[].sex", *_values("1", "2")),
    }


def _values(old: str, new: str) -> tuple[State, State]:
    return State("value", old), State("value", new)


def test_the_same_persons_in_another_order_are_one_change() -> None:
    (found,) = difference(_persons("甲", "乙"), _persons("乙", "甲"))
    assert (found.field, found.after.value) == ("persons[]", "moved")


def test_a_fault_in_a_person_who_came_is_told_beside_the_person() -> None:
    after = _persons("甲", "乙")
    broken = Mapped(after.body, (_fault("persons[1].sex"),))
    fields = [one.field for one in difference(_persons("甲"), broken)]
    assert fields == ["persons[]", "persons[].sex"]


def test_a_list_that_is_refused_is_no_list_of_nothing() -> None:
    refused = Mapped({}, (_fault("persons", "RECORD_INVALID"),))
    (found,) = difference(Mapped({}), refused)
    assert found.after == State("refused", "RECORD_INVALID")


def test_the_order_of_faults_means_nothing() -> None:
    faults = (_fault("title"), _fault("stage"))
    assert difference(Mapped({}, faults), Mapped({}, faults[::-1])) == []


def test_one_element_more_in_a_very_long_list_is_one_pair_without_a_partner() -> None:
    many = [{"name": f"n{number}"} for number in range(1000)]
    found = pairs(many, [*many[:500], {"name": "new"}, *many[500:]])
    assert [pair for pair in found if None in pair] == [(None, 500)]


def test_every_element_is_paired_once() -> None:
    before = [{"name": "甲"}, {"name": "乙"}, {"name": "乙"}]
    found = pairs(before, [{"name": "乙"}, {"name": "丁"}])
    assert sorted(old for old, _ in found if old is not None) == [0, 1, 2]
    assert sorted(new for _, new in found if new is not None) == [0, 1]


def test_parcels_differ_by_place_and_by_fault() -> None:
    before = Written({"AJ": {"AJBH": "1"}, "RY": [{"XM": "甲", "XB": "1"}]})
    after = Written(
        {"AJ": {"AJBH": "1", "LX": "2"}, "RY": [{"XM": "乙"}, {"XM": "甲", "XB": "3"}]},
        (_fault("persons[0].sex"),),
    )
    told = {(one.where, one.field) for one in parcel_difference(before, after)}
    assert told == {
        ("AJ/LX", "AJ/LX"),
        ("RY[0]", "RY[]"),
        ("RY[1]/XB", "RY[]/XB"),
        ("persons[0].sex", "persons[].sex"),
    }
    assert parcel_difference(after, after) == []
