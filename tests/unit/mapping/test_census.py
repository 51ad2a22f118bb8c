"""What is counted of traffic: every field's being there, codes, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.entry.golden import Bench, pairs, systems
from hub.mapping.account import known_places
from hub.mapping.census import OTHERS, Census
from hub.mapping.load import Mappings, SystemMapping
from hub.mapping.path import find_all, parse
from hub.mapping.places import places, verdict
from hub.mapping.value import is_blank
from hub.records.drift import Count

from .conftest import Load

SECTIONS = """
records:
  case:
    root: AJ
    fields:
      police_number: { from: AJBH }
      stage: [ { from: JD, when: "LX == '1'", table: stage }, { from: JD2, table: stage } ]
      persons: { each: RY, record: person }
    ignore: { CZR: the clerk }
  person:
    when: "LB != 'W'"
    fields:
      sex: { from: XB, table: sex }
      household: { from: HJ, convert: division6, table: division }
      ethnic_group: { from: MZ, table: ethnic_group, unknown: hold }
      charges: { from: ZM, split: "、", record: charge }
      stage: { from: /AJ/JD3, table: stage }
  charge: { fields: { crime: { from: ., table: crime, by: name_zh }, wording: { from: . } } }
"""  # noqa: E501


def _counted(mapping: SystemMapping, *trees: Any) -> dict[tuple[str, str, str], Count]:
    census = Census.of(mapping.parsed)
    for tree in trees:
        census.see("case", tree)
    return {(one.path, one.table, one.code): one for one in census.take()}


def _codes(mapping: SystemMapping, *trees: Any) -> dict[tuple[str, str], int]:
    told = _counted(mapping, *trees)
    return {
        (path, code): one.seen for (path, table, code), one in told.items() if table
    }


def test_a_field_is_there_and_filled_and_a_list_counts_its_elements(load: Load) -> None:
    tree = {
        "AJ": {
            "AJBH": "A1",
            "CZR": " ",
            "RY": [{"XM": "甲", "HJ": None}, {"XM": "-"}, {}],
            "NEU": {"TEL": 5, "OFT": []},
        }
    }
    told = _counted(load(SECTIONS), tree, {"AJ": {"AJBH": "A2"}})
    counts = {key[0]: (one.seen, one.filled) for key, one in told.items()}
    assert counts == {
        "": (2, 2),
        "AJ": (2, 2),
        "AJ/AJBH": (2, 2),
        "AJ/CZR": (1, 0),
        "AJ/RY": (3, 2),
        "AJ/RY/XM": (2, 1),
        "AJ/RY/HJ": (1, 0),
        "AJ/NEU": (1, 1),
        "AJ/NEU/TEL": (1, 1),
        "AJ/NEU/OFT": (1, 0),
    }


def test_codes_are_counted_as_the_table_would_be_asked(load: Load) -> None:
    """After splitting and converting, stripped, and nothing for a blank."""
    tree = {
        "AJ": {
            "RY": [
                {"XB": " 1 ", "HJ": "421381000000", "ZM": "盗窃罪、危险驾驶罪"},
                {"XB": "-", "HJ": "x", "ZM": ["盗窃罪"]},
            ]
        }
    }
    assert _codes(load(SECTIONS), tree) == {
        ("AJ/RY/XB", "1"): 1,
        ("AJ/RY/HJ", "421381"): 1,
        ("AJ/RY/ZM", "盗窃罪"): 2,
        ("AJ/RY/ZM", "危险驾驶罪"): 1,
    }


def test_what_a_condition_leaves_out_is_not_counted(load: Load) -> None:
    person = {"XB": "1"}
    tree: Any = {"AJ": {"LX": "2", "JD": "S110", "RY": [person, person | {"LB": "W"}]}}
    assert _codes(load(SECTIONS), tree) == {("AJ/RY/XB", "1"): 1}
    tree["AJ"] |= {"LX": "1", "JD2": "S200"}
    told = _codes(load(SECTIONS), {"AJ": tree["AJ"] | {"RY": []}})
    assert told == {("AJ/JD", "S110"): 1}  # the first that tells something is read
    tree["AJ"]["JD"] = "-"
    told = _codes(load(SECTIONS), {"AJ": tree["AJ"] | {"RY": []}})
    assert told == {("AJ/JD2", "S200"): 1}


def test_no_value_that_is_no_code_is_told(load: Load) -> None:
    """A name and a number written where a code belongs leave their shape alone."""
    story = (
        "本人陈述其于当日饮酒后驾驶小型汽车上路行驶，被交警当场查获，对此供认不讳" * 2
    )
    texts = ("王小明", "42138119030101001X", "13800138000", story)
    people: list[Any] = [{"XB": text} for text in texts]
    people += [{"MZ": "周建国"}, {"ZM": "盗切罪"}]
    told = {code for _, code in _codes(load(SECTIONS), {"AJ": {"RY": people}})}
    shapes = {code for code in told if code.startswith("⟨")}
    assert told - shapes == {"盗切罪"}
    assert {"⟨汉*3⟩", "⟨9*17 A*1⟩", "⟨9*11⟩"} < shapes
    assert len(shapes) == 4


def test_a_text_taken_for_granted_is_told_only_if_it_comes_often(load: Load) -> None:
    few = {"AJ": {"RY": [{"MZ": "穿青人"}] * 4}}
    assert _codes(load(SECTIONS), few) == {("AJ/RY/MZ", "⟨汉*3⟩"): 4}
    often = {"AJ": {"RY": [{"MZ": "穿青人"}] * 5}}
    assert _codes(load(SECTIONS), often) == {("AJ/RY/MZ", "穿青人"): 5}


def test_a_field_of_free_text_does_not_fill_the_books(load: Load) -> None:
    census = Census.of(load(SECTIONS).parsed)
    for page in range(3):
        for number in range(400):
            text = f"X{page}-{number}"
            census.see("case", {"AJ": {"RY": {"XB": text}, f"K{page}-{number}": "1"}})
        told = census.take()
    assert len([one for one in told if one.table]) == 1
    assert next(one for one in told if one.table).code == OTHERS
    assert len(told) < 320


def test_an_identity_number_as_a_name_of_a_field_is_not_told(load: Load) -> None:
    told = _counted(load(SECTIONS), {"42138119030101001X": {"A": "1"}})
    assert {path for path, _, _ in told} == {"", "⟨9*17 A*1⟩", "⟨9*17 A*1⟩/A"}


def test_a_census_begins_anew_once_taken(load: Load) -> None:
    census = Census.of(load(SECTIONS).parsed)
    census.see("case", {"AJ": {"RY": {"XB": "1"}}})
    assert census.take()
    assert census.take() == []
    assert census.has_seen


_TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["AJ", "RY", "XB", "ZM", "HJ", "JD"]), inner),
    ),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def police(mappings: Mappings) -> SystemMapping:
    return mappings.system("police_case")


@given(tree=_TREES)
def test_nothing_that_may_come_raises(police: SystemMapping, tree: Any) -> None:
    census = Census.of(police.parsed)
    census.see("case", tree)
    census.see("unheard-of", tree)
    assert all(one.seen >= one.filled >= 0 for one in census.take())


@pytest.mark.parametrize("system", sorted(set(systems())))
def test_the_census_agrees_with_what_the_mapping_reads(
    system: str, mappings: Mappings
) -> None:
    """Of every fixture: each code that a rule looked up is counted, and no other."""
    bench, mapping = Bench(system), mappings.system(system)
    for pair in pairs(system):
        tree = bench.read(pair.record())
        census = Census.of(mapping.parsed)
        census.see(pair.kind, tree)
        meanings = {
            (one.path, one.table): one.meanings
            for one in census.codes[pair.kind].readers
        }
        told: Counter[tuple[str, str, str]] = Counter()
        for one in census.take():
            if one.table:
                code = meanings[one.path, one.table].get(one.code, one.code)
                if code:  # a row that says nothing leaves no value behind
                    told[one.path, one.table, code] += one.seen
        assert told == _looked_up(mapping, pair.kind, tree)


def _looked_up(
    mapping: SystemMapping, kind: str, tree: Any
) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    done = set()
    for one in mapping.trace(kind, tree):
        if not one.table:
            continue
        place = re.sub(r"\[\d+\]", "", one.places[0])
        # two fields told by one path are one; two crimes in one text are two
        part = one.where if "charges[" in one.where else ""
        key = (one.places[0], one.table, one.value, part)
        if key not in done:
            done.add(key)
            found[place, one.table, str(one.value)] += 1
    return found


@pytest.mark.parametrize("system", sorted(set(systems())))
def test_each_field_is_as_often_there_as_a_search_finds_it(
    system: str, mappings: Mappings
) -> None:
    bench, mapping = Bench(system), mappings.system(system)
    record = mapping.parsed.records["case"]
    for pair in pairs(system):
        tree = bench.read(pair.record())
        told = _counted(mapping, tree)
        for place in places(record):
            for text in place.paths:
                path = parse(text or ".")
                assert not isinstance(path, tuple)
                values = [value for _, value in find_all(path, tree, tree)]
                filled = sum(not is_blank(value) for value in values)
                one = told.get((text, "", ""))
                assert (one.filled if one else 0) == filled, (pair.name, text)


def test_places_are_read_ignored_or_unread(load: Load) -> None:
    known = known_places(load(SECTIONS).parsed.records["case"])
    told = {
        path: verdict(known, path)
        for path in ("AJ", "AJ/AJBH", "AJ/CZR/X", "AJ/RY", "AJ/RY/ZM", "AJ/RY/NEU", "B")
    }
    assert told == {
        "AJ": "read",
        "AJ/AJBH": "read",
        "AJ/CZR/X": "ignored",
        "AJ/RY": "read",
        "AJ/RY/ZM": "read",
        "AJ/RY/NEU": "unread",
        "B": "unread",
    }
