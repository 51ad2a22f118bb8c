"""What becomes of odd values and changed shapes: told, and never made up or dropped.

A record that came well is changed in one place of its tree, then mapped again.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from hub.contract.messages import Tree
from hub.contract.place import at, taken_apart
from hub.errors import CodeUnknown, RecordUnreadable
from hub.mapping.read import Mapped
from hub.mapping.trace import Origin
from tests.adapters.subject import Subject
from tests.conformance.exempt import exempt
from tests.conformance.test_pull import every

#: how many records are changed in every place
MANY = 4
NOBODY = "ZZ#7"
KIND = "case"

Changed = tuple[Origin, str, Mapped, Mapped]  # where, raw place, before, after


async def _trees(subject: Subject) -> list[dict[str, Any]]:
    """Some trees that map without a fault."""
    records, _ = await subject.pulled()
    found: list[dict[str, Any]] = []
    for record in records:
        try:
            tree = subject.open().read(record)
        except RecordUnreadable:
            continue
        if isinstance(tree, dict) and not subject.mapping.read(KIND, tree).faults:
            found.append(tree)
        if len(found) == MANY:
            break
    assert found, "not one record maps"
    return found


def _changed(subject: Subject, tree: Tree, value: Tree) -> Iterator[Changed]:
    """The record with each of its mapped leaves changed, one at a time."""
    before = subject.mapping.read(KIND, tree)
    for origin in subject.mapping.trace(KIND, tree):
        if origin.outcome != "value":
            continue
        for place in origin.places:
            other = copy.deepcopy(tree)
            if _put(other, place, value):
                yield origin, place, before, subject.mapping.read(KIND, other)


def _put(tree: Tree, place: str, value: Tree) -> bool:
    """Put a value at a raw place where a scalar stands; was there one?"""
    holder, name = _holder(tree, place)
    if not isinstance(holder, dict) or isinstance(holder.get(name), dict | list):
        return False
    if name not in holder:
        return False
    holder[name] = value
    return True


def _holder(tree: Tree, place: str) -> tuple[Tree, str]:
    steps = list(taken_apart(place))
    if not steps or steps[-1][1]:
        return None, ""  # an element of a list has no name to be changed
    above = place.rpartition("/")[0]
    holder = at(tree, above) if above else tree
    if isinstance(holder, list) and len(holder) == 1:
        holder = holder[0]
    return holder, steps[-1][0]


def _is_told(before: Mapped, after: Mapped) -> bool:
    """Is something said of the change: a fault, a loss, a remainder?"""
    news = set(after.remainder) - set(before.remainder)
    return bool(after.faults or news or len(after.losses) > len(before.losses))


@pytest.mark.conformance("E3-15")
@every
async def test_an_unknown_code_is_a_failure_that_says_so(subject: Subject) -> None:
    codes = set()
    for tree in await _trees(subject):
        for origin, _, _, after in _changed(subject, tree, NOBODY):
            if origin.table:
                codes |= {fault.code for fault in after.faults}
    assert CodeUnknown.code in codes


@pytest.mark.conformance("F12")
@every
async def test_no_coded_field_guesses_a_value_outside_its_table(
    subject: Subject,
) -> None:
    asked = 0
    for tree in await _trees(subject):
        for origin, place, before, after in _changed(subject, tree, NOBODY):
            if not origin.table:
                continue
            asked += 1
            told = _is_told(before, after) or after.body == before.body
            assert told, f"{place} went through as something"
    assert asked > 0


@pytest.mark.conformance("E3-12")
@every
async def test_a_new_field_is_left_over_and_told(subject: Subject) -> None:
    for tree in await _trees(subject):
        for holder in _records(subject, tree):
            holder["XIN_ZD"] = "1"
            mapped = subject.mapping.read(KIND, tree)
            assert any("XIN_ZD" in one for one in mapped.remainder)
            del holder["XIN_ZD"]


def _records(subject: Subject, tree: Tree) -> list[dict[str, Any]]:
    """Every object of a tree from which something is mapped."""
    found: dict[int, dict[str, Any]] = {}
    for origin in subject.mapping.trace(KIND, tree):
        for place in origin.places:
            holder, _ = _holder(tree, place)
            if isinstance(holder, dict):
                found[id(holder)] = holder
    return list(found.values())


@pytest.mark.conformance("E3-12")
@every
async def test_a_field_of_another_shape_is_told(subject: Subject) -> None:
    for tree in await _trees(subject):
        for _, place, before, after in _changed(subject, tree, {"A": "1", "B": "2"}):
            assert _is_told(before, after), f"{place} changed its shape unseen"


@pytest.mark.conformance("E3-12")
@every
async def test_a_lost_field_is_not_made_up(subject: Subject) -> None:
    for tree in await _trees(subject):
        for origin, place, before, after in _changed(subject, tree, None):
            is_only = len(origin.places) == 1 and origin.rule
            if is_only and not after.faults and after.body == before.body:
                assert _is_ambiguous(subject, tree, place), f"{place} was made up"


def _is_ambiguous(subject: Subject, tree: Tree, place: str) -> bool:
    """Does the record tell the same in another place, so that nothing is lost?"""
    value = at(tree, place)
    holder, name = _holder(tree, place)
    others = holder.items() if isinstance(holder, dict) else ()
    text = str(value)
    return any(
        key != name and other not in (None, "") and _alike(str(other), text)
        for key, other in others
    ) or bool(_elsewhere(subject, tree, place))


def _alike(one: str, other: str) -> bool:
    return one in other or other in one or one[:2] == other[:2]


def _elsewhere(subject: Subject, tree: Tree, place: str) -> list[str]:
    """Other raw places from which the same canonical field could come."""
    wanted = {
        one.where.partition("[")[0]
        for one in subject.mapping.trace(KIND, tree)
        if place in one.places
    }
    return [
        other
        for one in subject.mapping.trace(KIND, tree)
        for other in one.places
        if other != place and one.where.partition("[")[0] in wanted
    ]


@pytest.mark.conformance("F22")
@every
async def test_a_renamed_field_is_left_over_under_its_new_name(
    subject: Subject,
) -> None:
    asked = 0
    for tree in await _trees(subject):
        for origin in subject.mapping.trace(KIND, tree):
            for place in origin.places:
                other = copy.deepcopy(tree)
                holder, name = _holder(other, place)
                if not isinstance(holder, dict) or holder.get(name) in (None, ""):
                    continue
                holder[f"{name}_XIN"] = holder.pop(name)
                mapped = subject.mapping.read(KIND, other)
                told = any(f"{name}_XIN" in one for one in mapped.remainder)
                assert told or mapped.faults, f"{place} was renamed unseen"
                asked += 1
    assert asked > 0


@pytest.mark.conformance("F13")
@every
async def test_an_identity_number_of_15_digits_is_made_one_of_18(
    subject: Subject,
) -> None:
    asked = 0
    for tree in await _trees(subject):
        for origin in subject.mapping.trace(KIND, tree):
            number = str(origin.value)
            old = re.fullmatch(r"(\d{6})19(\d{9})[\dX]", number)
            if not origin.where.endswith("id_number") or old is None:
                continue
            other = copy.deepcopy(tree)
            if _put(other, origin.places[0], old[1] + old[2]):
                mapped = subject.mapping.read(KIND, other)
                assert not mapped.faults, origin.places
                assert number in str(mapped.body)
                asked += 1
    if not asked:
        exempt("no record of its world tells a number that once had 15 digits")
