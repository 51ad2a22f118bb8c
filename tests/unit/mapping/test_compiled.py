"""The compiled reader gives what the interpreter gives, whatever comes."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings, SystemMapping

HEAD = "system: demo\nrevision: 1\ntitle: { zh: 演示, en: Demo }\n"
SECTIONS = """
records:
  case:
    root: AJ
    fields:
      police_number: { from: A, convert: police_number }
      unified_number: { from: A, when: "B == '1'", convert: unified_number }
      title: { merge: [A, B], join: "-", convert: trimmed, required: true }
      summary: { each: L, join: "；" }
      stage: { from: B, table: stage, unknown: hold }
      filed_on:
        - { from: C, when: "len(L) > 1", convert: date }
        - { from: [D, B], convert: date }
      modified_at: { from: /T, convert: local_time }
      is_withdrawn: { constant: false, when: "A != ''" }
      persons: { each: P/Q, record: person, required: true }
      documents: { each: [L, E], record: document }
  person:
    when: "A != 'x'"
    fields:
      name: { from: A, convert: name, required: true }
      former_name: { from: B, convert: name, unknown: pass }
      sex: { from: C, table: sex }
      household: { from: D, convert: division6, table: division }
      role: { constant: SUSPECT }
      address: { from: E }
      charges: { from: L, split: "、,", record: charge }
      measures: { each: L, record: measure }
      sentence: { from: ., record: sentence }
  charge:
    fields: { crime: { from: ., table: crime, by: name_zh }, wording: { from: . } }
  measure:
    fields:
      kind: { from: A, table: compulsory_measure }
      started_on: { from: B, convert: date }
  sentence:
    fields:
      months: { from: B, convert: term_months }
      judged_on: { from: /AJ/D, convert: date }
  document: { fields: { name: { from: . }, type: { from: B, table: document_type } } }
"""

_texts = st.sampled_from(
    [
        "",
        "-",
        " ",
        "1",
        "2",
        "x",
        "张 三",
        "20230801",
        "2023-02-30",
        "危险驾驶罪、盗窃罪",
        "421381000000",
        "S020_FILED",
        "BAIL",
        "A4213810000002023080001",
        "\ufffd",
        "6个月",
    ]
)
_scalars = (
    _texts | st.integers(-5, 30_000_000) | st.booleans() | st.none() | st.floats(-3, 3)
)
_names = st.sampled_from(["A", "B", "C", "D", "E", "L", "P", "Q"])
_trees = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=6)
    ),
    max_leaves=25,
)
_person = st.dictionaries(_names, _trees, max_size=7)
_case = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys("ABCDEL", _trees)
    | {
        "P": st.fixed_dictionaries(
            {"Q": _person | st.lists(_person | _trees, max_size=3)}
        )
        | _trees
    },
)


@pytest.fixture(scope="module")
def mapping(
    standard: Tables, tmp_path_factory: pytest.TempPathFactory
) -> SystemMapping:
    folder = tmp_path_factory.mktemp("mappings")
    (folder / "demo.yaml").write_text(HEAD + SECTIONS, "utf-8")
    return Mappings.load(folder, standard).system("demo")


@settings(max_examples=600, deadline=None)
@given(_case, _scalars)
def test_both_readers_give_the_same(
    mapping: SystemMapping, case: dict, top: object
) -> None:
    tree = {"AJ": case, "T": top}
    assert mapping.read("case", tree) == mapping.interpret("case", tree)


@pytest.mark.parametrize(
    "tree",
    [None, [], "x", {"AJ": []}, {"AJ": [{}]}, {"AJ": "x"}, {"AJ": [{"A": "1"}, {}]}],
)
def test_odd_tops_give_the_same(mapping: SystemMapping, tree: object) -> None:
    assert mapping.read("case", tree) == mapping.interpret("case", tree)


def test_the_straight_lines_are_taken_for_an_ordinary_record(
    mapping: SystemMapping,
) -> None:
    tree = {
        "AJ": {"A": "A4213810000002023080001", "P": {"Q": [{"A": "张三", "C": "1"}]}}
    }
    reader = mapping.readers["case"]
    from hub.mapping.read import Reading

    assert (
        reader(tree["AJ"], tree, Reading(tree, source="AJ"))
        == mapping.interpret("case", tree).body
    )


def test_a_traceback_shows_the_line_of_the_mapping(mapping: SystemMapping) -> None:
    reader = mapping.readers["case"].reader
    case = {"A": "A4213810000002023080001", "P": {"Q": [{"A": "1"}]}}
    with pytest.raises(TypeError) as caught:
        reader(case, {}, (None, None, 0, "AJ", -1), None)
    told = "".join(traceback.format_exception(caught.value))
    assert "<mapping demo.case>" in told
    assert "mark = len(faults)" in told


def test_the_product_reads_the_same_both_ways(standard: Tables) -> None:
    mappings = Mappings.load(Path(__file__).parents[3] / "mappings", standard)
    for name in mappings.names:
        for kind, one in mappings.system(name).readers.items():
            assert f"_{kind}(node, top, spot, faults):" in one.text
