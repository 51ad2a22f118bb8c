"""Conditions: what may stand in one, what it means, and what is refused."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpleeval import EvalWithCompoundTypes

from hub.mapping.condition import ALLOWED, Condition, Wrong, condition
from hub.mapping.value import as_text

NODE = {
    "A": "1",
    "B": "二",
    "L": ["x", "y"],
    "D": {"E": "5"},
    "N": "",
    "X": {"@id": "7"},
}
TOP = {"H": {"V": "2"}, **NODE}


def parsed(text: str) -> Condition:
    found = condition(text)
    assert isinstance(found, Condition), found
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A == '1'", True),
        ("A != '1'", False),
        ("B in ('一', '二')", True),
        ("B not in ['一', '二']", False),
        ("A == '1' and B == '二'", True),
        ("A == '2' or B == '二'", True),
        ("not A == '1'", False),
        ("len(L) > 1", True),
        ("len(L) >= 3", False),
        ("len(D) == 1", True),
        ("len(N) == 0", True),
        ("len(NICHTS) == 0", True),
        ("number(D.E) < 6", True),
        ("number(D.E) <= 4.5", False),
        ("number(B) > 0", False),
        ("number(B) <= 0", False),
        ("D.E == '5'", True),
        ("top.H.V == '2'", True),
        ("field('X/@id') == '7'", True),
        ("number(field('X/@id')) == 7", True),
        ("NICHTS == ''", True),
        ("N == ''", True),
        ("L == ''", True),
        ("A", True),
        ("N", False),
        ("'1' == A", True),
        ("1 < number(D.E) < 9", True),
    ],
)
def test_a_condition_means_what_python_says(text: str, expected: bool) -> None:
    assert parsed(text).holds(NODE, TOP) is expected


@pytest.mark.parametrize(
    "text",
    [
        "A ** 2 == 1",
        "A + B == '1'",
        "-number(A) < 0",
        "lambda: 1",
        "A if B else A",
        "[x for x in L]",
        "{1: 2}",
        "{1}",
        "f'{A}'",
        "A[0]",
        "A is None",
        "A == None",
        "A == True",
        "A == b'1'",
        "A == 1j",
        "__import__('os')",
        "open('x')",
        "len(L, L)",
        "len('x')",
        "len(L)(1)",
        "A.upper()",
        "field(A)",
        "field('')",
        "(A := '1')",
        "A == ('1', B)",
        "await A",
        "*A",
        "A ==",
        "A; B",
        "",
        "  ",
        "A" * 1001,
        "(" * 300 + "A" + ")" * 300,
    ],
)
def test_anything_else_is_refused_with_its_column(text: str) -> None:
    found = condition(text)
    assert isinstance(found, Wrong), text
    assert found.column >= 1
    assert found.message.zh
    assert found.message.en


def test_no_text_is_no_condition() -> None:
    assert isinstance(condition(True), Wrong)


def test_a_condition_knows_what_it_reads() -> None:
    paths = parsed("A == '1' and len(D.E) > 0 and top.H.V == ''").paths
    assert [path.text for path in paths] == ["A", "D/E", "H/V"]
    assert paths[2].is_absolute


def test_the_white_list_holds_no_node_that_calls_or_assigns_by_itself() -> None:
    forbidden = (ast.Lambda, ast.NamedExpr, ast.Await, ast.Yield, ast.Subscript)
    assert not set(forbidden) & set(ALLOWED)


_names = st.sampled_from(["A", "B", "N", "M"])
_texts = st.sampled_from(["", "1", "二", "x", "10"])
_compare = st.builds(
    lambda n, op, t: f"{n} {op} {t!r}", _names, st.sampled_from(["==", "!="]), _texts
) | st.builds(
    lambda n, op, ts: f"{n} {op} {tuple(ts)!r}",
    _names,
    st.sampled_from(["in", "not in"]),
    st.lists(_texts, min_size=2, max_size=3),
)
_count = st.builds(
    lambda op, n: f"len(L) {op} {n}",
    st.sampled_from(["<", "<=", ">", ">=", "=="]),
    st.integers(0, 3),
)
_number = st.builds(
    lambda n, op, v: f"number({n}) {op} {v}",
    _names,
    st.sampled_from(["<", "<=", ">", ">=", "=="]),
    st.integers(0, 11),
)
_tests = st.recursive(
    _compare | _count | _number,
    lambda inner: (
        st.builds(lambda a, b: f"({a}) and ({b})", inner, inner)
        | st.builds(lambda a, b: f"({a}) or ({b})", inner, inner)
        | st.builds(lambda a: f"not ({a})", inner)
    ),
    max_leaves=6,
)
_records = st.fixed_dictionaries(
    dict.fromkeys(("A", "B", "N", "M"), _texts) | {"L": st.lists(_texts, max_size=3)}
)


def _number_of(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


@given(_tests, _records)
def test_an_independent_evaluator_says_the_same(text: str, record: dict) -> None:
    names = {
        name: as_text(value) if name != "L" else value for name, value in record.items()
    }
    oracle = EvalWithCompoundTypes(
        names=names, functions={"len": len, "number": _number_of}
    )
    assert parsed(text).holds(record, record) is bool(oracle.eval(text))
