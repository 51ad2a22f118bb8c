import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.procuratorate_20 import pseudo


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("{}", {}),
        ("[]", []),
        ("{'a':'b'}", {"a": "b"}),
        (" [ 'x' , \"y\" ,\n1 , -2.50, null, None, true, False ] ", None),
        (r"{'p':'D:\ws\2023\1.pdf'}", {"p": r"D:\ws\2023" + "\\1.pdf"}),
        (r"{'q':'it\'s \"so\"'}", {"q": 'it\'s "so"'}),
        (r"['\u5e7f']", ["广"]),
        ("{'单号':'〔2023〕1号, {x: [1]}'}", {"单号": "〔2023〕1号, {x: [1]}"}),
    ],
)
def test_what_the_log_writes_is_read(text: str, tree: Any) -> None:
    expected = ["x", "y", 1, "-2.50", None, None, True, False] if tree is None else tree
    assert pseudo.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{'a'}",
        "{'a':}",
        "{'a':'b'",
        "{'a':'b',}",
        "['a' 'b']",
        "[1,]",
        "[,1]",
        "{'a':'it's'}",
        "{a:'b'}",
        "{1:'b'}",
        "{'a':1,'a':2}",
        "'a' 'b'",
        "{'a':__import__('os')}",
        "[1.2.3]",
        "[1abc]",
        "}",
        "[" * 17 + "]" * 17,
        "[" * 50_000,
        "'" + "x" * pseudo.MAX_LENGTH + "'",
    ],
)
def test_anything_else_is_refused_and_not_repaired(text: str) -> None:
    with pytest.raises(ValueError, match="pseudo-JSON"):
        pseudo.parse(text)


_trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


def _spelt(tree: Any) -> str:
    if isinstance(tree, str):
        return "'" + tree.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if isinstance(tree, list):
        return "[" + ",".join(map(_spelt, tree)) + "]"
    if isinstance(tree, dict):
        told = (f"{_spelt(name)}: {_spelt(value)}" for name, value in tree.items())
        return "{" + ", ".join(told) + "}"
    return json.dumps(tree)


@given(_trees)
def test_every_tree_comes_back_as_it_was_written(tree: Any) -> None:
    assert pseudo.parse(_spelt(tree)) == tree


@given(st.text(alphabet="{}[]:,'\"\\ nul1.-ab"))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        pseudo.parse(text)
    except ValueError:
        return
