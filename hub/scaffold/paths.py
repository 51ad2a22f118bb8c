"""Paths of plain values in records: names joined by ``/``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hub.contract.messages import Record, Tree

#: does this name hold a list, whatever its shape?
IsList = Callable[[str, Record], bool]


def gathered(
    nodes: Sequence[Record], is_list: IsList
) -> Iterator[tuple[str, list[Tree]]]:
    """Every path of these records with its values; structures are entered."""
    found: dict[str, list[Tree]] = {}
    for node in nodes:
        _gather(node, "", found, is_list)
    for path, values in found.items():
        is_empty = all(one in (None, "", [], {}) for one in values)
        if is_empty and any(other.startswith(f"{path}/") for other in found):
            continue  # a structure that was empty once
        yield path, values


def _gather(
    node: Record, ahead: str, found: dict[str, list[Tree]], is_list: IsList
) -> None:
    for name, child in node.items():
        path = f"{ahead}/{name}".lstrip("/")
        if isinstance(child, dict) and child and not is_list(name, child):
            _gather(child, path, found, is_list)
            continue
        path, last = _innermost(path, child)
        found.setdefault(path, []).append(last)


def _innermost(path: str, child: Tree) -> tuple[str, Tree]:
    """Through the elements that hold nothing but one other."""
    while isinstance(child, dict) and len(child) == 1:
        inner, value = next(iter(child.items()))
        if not isinstance(value, dict | list):
            break
        path, child = f"{path}/{inner}", value
    return path, child


def at(tree: Tree, path: str) -> Tree:
    """The value at a path of names."""
    for name in path.split("/"):
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree
