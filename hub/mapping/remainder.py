"""Which raw leaves a mapping knows, and which of a tree it does not."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.contract.messages import Tree
from hub.mapping.path import Path
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.value import is_blank


@dataclass(slots=True)
class Known:
    """A place in the tree that a mapping speaks of; ``whole``: and all below it."""

    children: dict[str, Known] = field(default_factory=dict)
    whole: bool = False

    def at(self, steps: tuple[str, ...]) -> Known:
        """The place below this one, made where it is not there yet."""
        place = self
        for step in steps:
            place = place.children.setdefault(step, Known())
        return place


def known_places(record: RecordRules) -> Known:
    """All that a record's rules take or ignore, from the top of the tree."""
    top = Known()
    _add(record, top.at(record.root.steps if record.root else ()), top)
    return top


def _add(record: RecordRules, here: Known, top: Known) -> None:
    def place(path: Path, start: Known = here) -> Known:
        return (top if path.is_absolute else start).at(path.steps)

    for path in record.ignore:
        place(path).whole = True
    for rule in record.rules:
        for start in [place(path) for path in rule.each] or [here]:
            _add_rule(rule, start, top)


def _add_rule(rule: Rule, start: Known, top: Known) -> None:
    places = [
        (top if path.is_absolute else start).at(path.steps) for path in rule.sources
    ]
    if rule.each and not places:
        places = [start]
    for place in places:
        if rule.inner is not None and rule.split is None:
            _add(rule.inner, place, top)
        else:
            place.whole = True


def unknown_leaves(tree: Tree, known: Known) -> tuple[str, ...]:
    """The paths of leaves nobody speaks of, lists marked ``[]``, each once."""
    found: set[str] = set()
    _walk(tree, known, "", found)
    return tuple(sorted(found))


def _walk(node: Tree, known: Known | None, path: str, found: set[str]) -> None:
    if known is not None and known.whole:
        return
    if isinstance(node, dict) and (node or known):
        children = known.children if known is not None else {}
        for name, child in node.items():
            below = children.get(name)
            if below is None or not below.whole:
                _walk(child, below, f"{path}/{name}" if path else name, found)
    elif isinstance(node, list) and (node or known):
        for element in node:
            _walk(element, known, f"{path}[]", found)
    elif known is None or not is_blank(node):
        # an empty container of known children is no leaf
        found.add(path)
