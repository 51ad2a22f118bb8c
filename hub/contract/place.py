"""Raw places: how faults, losses and origins name a value inside a raw record.

A place is a path into the tree that ``read`` gives: names joined by ``/``, an element
of a list by its index from 0 (``AJ/RYLB/RY[0]/XB``). ``Spot`` says the same in the
terms of the bytes: which document of the record, and where in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hub.contract.messages import Tree

_STEP = re.compile(r"(?P<name>.*?)(?P<places>(?:\[\d+\])*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a raw record's bytes a value stands (原始位置).

    ``part`` is the document inside the record (a ZIP's member, the element that holds
    XML as text), empty for the record itself. ``form`` is ``xpath`` (XPath 1.0),
    ``pointer`` (JSON pointer, RFC 6901), ``cell`` (row counted from the header as 1,
    and column) or ``member``: the whole of ``part``. ``path`` is in that form; ``line``
    is counted from 1 in ``part``, 0 where lines say nothing or nothing is there.
    """

    part: str
    form: str
    path: str
    line: int = 0


def taken_apart(place: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The steps of a raw place as faults tell it: name and indexes of each."""
    for step in filter(None, place.strip("/").split("/")):
        found = _STEP.match(step)
        if found is not None:
            indexes = re.findall(r"\d+", found["places"])
            yield found["name"], tuple(map(int, indexes))


def at(tree: Tree, place: str) -> Tree:
    """The value at a raw place (``AJ/RYLB/RY[0]/XB``); ``None``: nothing there.

    A part of a text has no place of its own: its text is told whole.
    """
    for name, indexes in taken_apart(place):
        if name:
            tree = _child(tree, name)
        for index in indexes:
            if isinstance(tree, list):
                tree = tree[index] if index < len(tree) else None
    return tree


def _child(tree: Tree, name: str) -> Tree:
    if isinstance(tree, list) and len(tree) == 1:
        tree = tree[0]
    return tree.get(name) if isinstance(tree, dict) else None
