"""Every leaf of a raw record is mapped, ignored or ledgered; the sums prove it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.mapping.account import Account, Known, account, count_leaves
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings, SystemMapping

from .conftest import Load

HEAD = "system: demo\nrevision: 1\ntitle: { zh: 演示, en: Demo }\n"
SECTIONS = """
records:
  case:
    root: AJ
    fields:
      police_number: { from: AJBH }
      filed_on:
        - { from: LASJ, when: "BZ == '1'", convert: date }
        - { from: SLSJ, convert: date }
      persons: { each: RY, record: person }
    ignore: { CZR: the clerk, "/HEAD": the envelope }
  person:
    fields: { name: { from: XM }, charges: { from: ZM, split: "、", record: charge } }
  charge: { fields: { wording: { from: . } } }
"""


def test_each_leaf_is_counted_once(load: Load) -> None:
    tree = {
        "HEAD": {"A": "1", "B": ["2", "3"]},
        "AJ": {
            "AJBH": "A1",
            "LASJ": "20230801",
            "SLSJ": "",
            "BZ": "1",
            "CZR": "x",
            "RY": [
                {"XM": "张三", "ZM": "甲、乙", "NEU": "?"},
                {"XM": "李四", "NEU": "?"},
            ],
            "FREMD": {"X": ["1", "-", None], "Y": 5},
        },
    }
    told = load(SECTIONS).read("case", tree).account
    assert told == Account(
        leaves=17,
        mapped=7,
        ledgered=6,
        ignored=4,
        kept=(("AJ/FREMD/X[]", 3), ("AJ/FREMD/Y", 1), ("AJ/RY[]/NEU", 2)),
    )
    assert told.is_balanced


def test_a_text_where_records_were_asked_for_is_kept(load: Load) -> None:
    told = load(SECTIONS).read("case", {"AJ": {"AJBH": "1", "RY": "no list"}}).account
    assert told.kept == (("AJ/RY", 1),)
    assert told.is_balanced


_texts = st.sampled_from(["", "-", "x", "n", "null", " ", "－", "5"])
_leaf = _texts | st.none() | st.integers(0, 3)
_tree = st.recursive(
    _leaf,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("ABC"), inner, max_size=3)
    ),
    max_leaves=20,
)


def _known(told: object) -> Known:
    if isinstance(told, dict):
        return Known({name: _known(inner) for name, inner in told.items()})
    return Known(verdict=0 if told == "m" else 1 if told == "i" else -1)


_knowns = st.recursive(
    st.sampled_from(["m", "i", ""]),
    lambda inner: st.dictionaries(st.sampled_from("ABC"), inner, max_size=3),
    max_leaves=8,
).map(_known)


@given(_tree, _knowns)
def test_two_walks_agree_on_any_tree(tree: object, known: Known) -> None:
    told = account(tree, known)
    assert told.is_balanced
    assert told.leaves == count_leaves(tree)


def test_a_leaf_that_no_rule_could_read_is_ledgered_where_it_stands(load: Load) -> None:
    tree = {
        "AJ": {
            "AJBH": "A1",
            "BZ": "1",
            "LASJ": "gestern",
            "SLSJ": "20230801",
            "RY": [{"XM": "张三"}, {"XM": {"X": "1", "Y": "2"}}],
        }
    }
    found = load(SECTIONS).read("case", tree)
    assert [(one.place, one.where, one.reason, one.leaves) for one in found.losses] == [
        ("AJ/LASJ", "filed_on", "refused", 1),
        ("AJ/RY[1]/XM", "persons[1].name", "refused", 2),
    ]
    assert found.account == Account(leaves=7, mapped=4, ledgered=3)


HELD = """
records:
  case:
    fields:
      police_number: { from: A }
      filed_on: { from: B, convert: date, unknown: hold }
      closed_on: { merge: [C, D], join: "-", convert: date, unknown: hold }
      persons: { each: P, record: person }
  person:
    fields:
      name: { from: X }
      sex: { from: S, table: sex, unknown: hold }
    ignore: { S/I: none of it }
"""
_words = st.sampled_from(["20230801", "quatsch", "", "1", "2023", "08"])
_odd = st.fixed_dictionaries(
    {},
    optional={
        "A": _words,
        "B": _words | st.lists(_words, max_size=3),
        "C": _words,
        "D": _words | st.dictionaries(st.sampled_from("IJ"), _words, max_size=2),
        "F": _words,
        "P": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "X": _words,
                    "S": _words | st.fixed_dictionaries({"I": _words, "J": _words}),
                    "F": _words,
                },
            ),
            max_size=3,
        ),
    },
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, standard: Tables) -> SystemMapping:
    folder = tmp_path_factory.mktemp("held")
    (folder / "demo.yaml").write_text(HEAD + HELD, "utf-8")
    return Mappings.load(folder, standard).system("demo")


@given(_odd)
def test_whatever_is_unreadable_the_sums_agree(held: SystemMapping, tree: dict) -> None:
    found = held.read("case", tree)
    assert found.account.is_balanced
    assert min(found.account.mapped, found.account.ledgered) >= 0
    assert found.account.leaves == count_leaves(tree)
    told = sum(one.leaves for one in found.losses)
    assert found.account.ledgered == told + sum(n for _, n in found.account.kept)
    lost = bool(found.faults) or "unreadable" in str(found.body)
    assert bool(found.losses) == lost
