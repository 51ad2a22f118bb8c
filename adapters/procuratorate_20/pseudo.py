"""Pseudo-JSON: what the system's log writes into ``xxnr`` and no parser takes.

Like JSON, but strings stand in single quotes (double quotes are taken too), a
quote inside is escaped by a back slash, and a back slash before anything that JSON
knows no escape for is itself (Windows paths). Anything else is refused, never
repaired: a guessed document would be worse than none.
"""

from __future__ import annotations

import re

from hub.contract.messages import Tree

#: longer texts and deeper nesting are refused, not parsed
MAX_LENGTH = 200_000
MAX_DEPTH = 16

_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[{}\[\]:,])"
    r"|'(?P<single>(?:[^'\\]|\\.)*)'"
    r'|"(?P<double>(?:[^"\\]|\\.)*)"'
    r"|(?P<number>-?\d{1,18}(?:\.\d{1,18})?)(?![\w.])"
    r"|(?P<word>null|None|true|True|false|False)\b)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "/": "/"}
_WORDS = {"null": None, "None": None, "true": True, "True": True}
_Token = tuple[str, str]


def parse(text: str) -> Tree:
    """The tree of a pseudo-JSON text; raises ``ValueError``. Fractions stay text."""
    if len(text) > MAX_LENGTH:
        raise ValueError("pseudo-JSON is too long")
    tokens = _tokens(text)
    tree, position = _value(tokens, 0, 0)
    if position != len(tokens):
        raise ValueError("pseudo-JSON goes on after its end")
    return tree


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        token = _TOKEN.match(text, position)
        if token is None or token.lastgroup is None:
            raise ValueError(f"pseudo-JSON breaks at character {position}")
        found.append((token.lastgroup, token[token.lastgroup]))
        position = token.end()
    return found


def _value(tokens: list[_Token], at: int, depth: int) -> tuple[Tree, int]:
    if at >= len(tokens):
        raise ValueError("pseudo-JSON ends too early")
    kind, text = tokens[at]
    if kind == "mark" and depth >= MAX_DEPTH:
        raise ValueError("pseudo-JSON is nested too deep")
    if (kind, text) == ("mark", "{"):
        return _object(tokens, at + 1, depth + 1)
    if (kind, text) == ("mark", "["):
        return _list(tokens, at + 1, depth + 1)
    if kind == "mark":
        raise ValueError("pseudo-JSON has a mark where a value should be")
    return _scalar(kind, text), at + 1


def _scalar(kind: str, text: str) -> Tree:
    if kind == "number":
        return text if "." in text else int(text)
    if kind == "word":
        return _WORDS.get(text, False)
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    told = found[1]
    if len(told) > 1:
        return chr(int(told[1:], 16))
    return _ESCAPES.get(told, found[0])


def _object(tokens: list[_Token], at: int, depth: int) -> tuple[Tree, int]:
    tree: dict[str, Tree] = {}
    while not _is(tokens, at, "}"):
        if at >= len(tokens) or tokens[at][0] not in ("single", "double"):
            raise ValueError("pseudo-JSON has an object without a name")
        name = str(_scalar(*tokens[at]))
        if name in tree or not _is(tokens, at + 1, ":"):
            raise ValueError("pseudo-JSON has a doubled name or one without a value")
        tree[name], at = _value(tokens, at + 2, depth)
        at = _after(tokens, at, "}")
    return tree, at + 1


def _list(tokens: list[_Token], at: int, depth: int) -> tuple[Tree, int]:
    tree: list[Tree] = []
    while not _is(tokens, at, "]"):
        element, at = _value(tokens, at, depth)
        tree.append(element)
        at = _after(tokens, at, "]")
    return tree, at + 1


def _after(tokens: list[_Token], at: int, end: str) -> int:
    """Past a comma, which must not stand right before the end; or at the end."""
    if _is(tokens, at, end):
        return at
    if not _is(tokens, at, ",") or _is(tokens, at + 1, end):
        raise ValueError("pseudo-JSON lacks a comma or its end")
    return at + 1


def _is(tokens: list[_Token], at: int, mark: str) -> bool:
    return at < len(tokens) and tokens[at] == ("mark", mark)
