"""Every leaf of a raw record is mapped, ignored or ledgered; the sums prove it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.mapping.account import Account, Known, account, count_leaves

from .conftest import Load

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
        kept=("AJ/FREMD/X[]", "AJ/FREMD/Y", "AJ/RY[]/NEU"),
    )
    assert told.is_balanced


def test_a_text_where_records_were_asked_for_is_kept(load: Load) -> None:
    told = load(SECTIONS).read("case", {"AJ": {"AJBH": "1", "RY": "no list"}}).account
    assert told.kept == ("AJ/RY",)
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
