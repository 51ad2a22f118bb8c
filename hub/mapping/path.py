"""Paths into a tree, taken apart once at load.

``A/B`` names joined by ``/``; ``.`` the value itself; a leading ``/`` starts at the
top of the whole record instead of at the place of the nested one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hub.contract.messages import Tree
from hub.errors import Text


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path. ``text`` is how it is told in faults, without a slash ahead."""

    text: str
    steps: tuple[str, ...]
    is_absolute: bool = False


def parse(text: object) -> Path | Text:
    """A path, or what is wrong with it."""
    if not isinstance(text, str) or not text.strip():
        return Text(
            "路径应为文字（YAML 会把 no、on 读作真假值、把 01 读作数字，请加引号）",
            "a path must be text (quote it: to YAML no and on are flags, 01 a number)",
        )
    is_absolute = text.startswith("/")
    body = text[1:] if is_absolute else text
    if body in ("", "."):
        return Path("", (), is_absolute)
    steps = tuple(body.split("/"))
    if any(not step.strip() or step in (".", "..") for step in steps):
        return Text(f"路径 {text} 有空的一段", f"the path {text} has an empty step")
    return Path(body, steps, is_absolute)


def find(path: Path, node: Tree, top: Tree) -> Tree:
    """The value at a path; ``None`` where there is nothing.

    A list of one is its element; a longer one is handed on for the rule to refuse.
    """
    if path.is_absolute:
        node = top
    for step in path.steps:
        if type(node) is list:
            if len(node) != 1:
                return node or None
            node = node[0]
        if type(node) is not dict:
            return None
        node = node.get(step)
    return node


def find_all(path: Path, node: Tree, top: Tree) -> Iterator[tuple[str, Tree]]:
    """Every value at a path, lists opened, each with its place (``A/B[1]``).

    ``None`` stands where a place is missing; an empty list has no places.
    """
    if path.is_absolute:
        node = top
    found = node
    for step in path.steps:
        if type(found) is not dict:
            return _spread(path.steps, node, "")
        found = found.get(step)
    if type(found) is list:
        return _spread((), found, path.text)
    return iter(((path.text or ".", found),))


def _spread(
    steps: tuple[str, ...], node: Tree, place: str
) -> Iterator[tuple[str, Tree]]:
    if isinstance(node, list):
        for index, element in enumerate(node):
            yield from _spread(steps, element, f"{place}[{index}]")
    elif not steps:
        yield (place or "."), node
    elif isinstance(node, dict):
        step = steps[0]
        yield from _spread(steps[1:], node.get(step), f"{place}/{step}".lstrip("/"))
    else:
        yield join(place, *steps), None


def join(*parts: str) -> str:
    """Places put together; empty ones and ``.`` say nothing."""
    return "/".join(part for part in parts if part and part != ".")
