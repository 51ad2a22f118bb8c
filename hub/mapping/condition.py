"""Conditions (``when:``): Python's expression grammar, cut down to what a rule needs.

The standard library parses; what stands in the white list below is all there is.
A name is a raw path from the record's own place (``A.B`` for ``A/B``, ``top.A`` from
the top, ``field("@id")`` for a name that is none in Python). It stands for the text
found there, ``""`` where nothing is told. ``len(A)`` counts elements, ``number(A)`` is
the number a text spells; a comparison with a text that spells none is false.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from hub.contract.messages import Tree
from hub.errors import Text
from hub.mapping.path import Path, find, parse
from hub.mapping.value import as_text, is_blank

Holds = Callable[[Tree, Tree], bool]

#: every node of the grammar that may stand in a condition
ALLOWED: Final = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.Compare,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.In,
    ast.NotIn,
    ast.Name,
    ast.Load,
    ast.Attribute,
    ast.Call,
    ast.Constant,
    ast.Tuple,
    ast.List,
)
FUNCTIONS: Final = ("len", "number", "field")
_TOP: Final = "top"


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition. ``paths`` are all that it reads, ``source`` the same as
    Python text over ``node`` and ``top``, for the compiled reader.
    """

    text: str
    paths: tuple[Path, ...]
    source: str
    holds: Holds


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a text is no condition; ``column`` from 1."""

    column: int
    message: Text


def condition(text: object) -> Condition | Wrong:
    """Parse a condition, or tell where and why it is none."""
    if not isinstance(text, str) or not text.strip():
        return Wrong(1, Text("条件应为文字", "a condition must be text"))
    if len(text) > 1000:
        return Wrong(1001, Text("条件过长", "the condition is too long"))
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", 1) or 1
        return Wrong(column, Text("条件语法错误", "the condition's syntax is wrong"))
    rewriter = _Rewriter()
    wrong = next(_objections(tree), None) or rewriter.run(tree)
    if wrong is not None:
        return wrong
    source = ast.unparse(tree)
    code = compile(f"lambda node, top: bool({source})", f"<when {text}>", "eval")
    holds: Holds = eval(code, dict(READERS))  # noqa: S307 - only white-listed nodes
    return Condition(text, tuple(rewriter.paths), source, holds)


def _objections(tree: ast.AST) -> Iterator[Wrong]:
    for node in ast.walk(tree):
        column = getattr(node, "col_offset", 0) + 1
        if not isinstance(node, ALLOWED):
            name = type(node).__name__
            yield Wrong(
                column, Text(f"条件中不能用 {name}", f"{name} may not stand here")
            )
        elif isinstance(node, ast.Constant) and type(node.value) not in (
            str,
            int,
            float,
        ):
            yield Wrong(
                column,
                Text("只能写文字或数字", "only texts and numbers may stand here"),
            )
        elif isinstance(node, ast.Call) and not _is_call(node):
            known = "、".join(FUNCTIONS)
            yield Wrong(
                column,
                Text(
                    f"只能调用 {known}，各带一个参数",
                    f"only {', '.join(FUNCTIONS)} may be called, one argument each",
                ),
            )
        elif isinstance(node, ast.Tuple | ast.List) and not all(
            isinstance(one, ast.Constant) for one in node.elts
        ):
            yield Wrong(
                column, Text("列表中只能是常量", "a list may hold constants only")
            )


def _is_call(node: ast.Call) -> bool:
    is_known = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
    if not is_known or len(node.args) != 1 or node.keywords:
        return False
    assert isinstance(node.func, ast.Name)  # noqa: S101 - just asked
    argument = node.args[0]
    if node.func.id == "field":
        return isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    is_field = isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name)
    if is_field and argument.func.id == "field":  # type: ignore[attr-defined]
        return True
    return isinstance(argument, ast.Name | ast.Attribute)


class _Rewriter(ast.NodeTransformer):
    """Turns names into looks at the record, and remembers which."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.wrong: Wrong | None = None

    def run(self, tree: ast.Expression) -> Wrong | None:
        """Rewrite in place; says what is wrong."""
        tree.body = self.visit(tree.body)
        ast.fix_missing_locations(tree)
        return self.wrong

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._look("text_at", node.id, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._look("text_at", _dotted(node), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        assert isinstance(node.func, ast.Name)  # noqa: S101 - white-listed
        argument = node.args[0]
        if node.func.id == "field":
            assert isinstance(argument, ast.Constant)  # noqa: S101 - white-listed
            return self._look("text_at", str(argument.value), node)
        reader = "count_at" if node.func.id == "len" else "number_at"
        if isinstance(argument, ast.Call):
            inner = argument.args[0]
            assert isinstance(inner, ast.Constant)  # noqa: S101 - white-listed
            return self._look(reader, str(inner.value), node)
        return self._look(reader, _dotted(argument), node)

    def _look(self, reader: str, name: str, node: ast.expr) -> ast.AST:
        path = parse(name)
        if isinstance(path, Text):
            self.wrong = self.wrong or Wrong(node.col_offset + 1, path)
            return node
        self.paths.append(path)
        call = f"{reader}({path.steps!r}, {'top' if path.is_absolute else 'node'})"
        return ast.parse(call, mode="eval").body


def _dotted(node: ast.expr) -> str:
    """``A.B`` as the path ``A/B``; ``top.A`` as ``/A``."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    parts.insert(0, node.id if isinstance(node, ast.Name) else "")
    if parts[0] == _TOP and len(parts) > 1:
        return "/" + "/".join(parts[1:])
    return "/".join(parts)


def _found(steps: tuple[str, ...], start: Tree) -> Tree:
    return find(Path("", steps), start, start)


def text_at(steps: tuple[str, ...], start: Tree) -> str:
    """The text at a path; ``""`` where nothing, or no single value, is told."""
    found = _found(steps, start)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    return (
        ""
        if isinstance(found, dict | list) or is_blank(found)
        else as_text(found).strip()
    )


def count_at(steps: tuple[str, ...], start: Tree) -> int:
    """How many elements are told at a path."""
    found = _found(steps, start)
    if isinstance(found, list):
        return len(found)
    return 0 if is_blank(found) else 1


def number_at(steps: tuple[str, ...], start: Tree) -> float:
    """The number a text spells; none compares as false with everything."""
    try:
        return float(text_at(steps, start))
    except ValueError:
        return float("nan")


#: what the source of a condition calls
READERS: Final = {"text_at": text_at, "count_at": count_at, "number_at": number_at}
