"""On which line of a YAML file a key stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

_STEP = re.compile(r"(?P<name>[^\[\]]*)(?P<places>(?:\[\d+\])*)$")
#: the parser in C where it was built in: ten times as fast
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Lines:
    """A YAML file's nodes, to be asked for places. A broken file has none."""

    node: yaml.Node | None

    @classmethod
    def of(cls, path: Path) -> Lines:
        """The lines of a file, whatever its state."""
        try:
            text = path.read_text("utf-8")
            return cls(yaml.compose(text, Loader=_LOADER))
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            return cls(None)

    def at(self, steps: Sequence[str | int]) -> int:
        """The line of a key, or of the last of its parents that is there; from 1."""
        node, line = self.node, 1 if self.node is not None else 0
        for step in steps:
            below = _below(node, step) if node is not None else None
            if below is None:
                return line
            key, node = below
            line = key.start_mark.line + 1
        return line

    def dotted(self, place: str) -> int:
        """The same for a place as faults tell it: ``records.case.fields.sex``."""
        return self.at(list(_steps(self.node, place)))


def _below(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                return key, value
    if (
        isinstance(node, yaml.SequenceNode)
        and isinstance(step, int)
        and 0 <= step < len(node.value)
    ):
        return node.value[step], node.value[step]
    return None


def _steps(node: yaml.Node | None, place: str) -> list[str | int]:
    """A dotted place taken apart; keys of the file may hold dots themselves."""
    steps: list[str | int] = []
    parts = place.split(".") if place else []
    while parts and node is not None:
        for size in range(len(parts), 0, -1):
            taken = _taken(node, ".".join(parts[:size]))
            if taken is not None:
                steps += taken[0]
                node, parts = taken[1], parts[size:]
                break
        else:
            return steps
    return steps


def _taken(node: yaml.Node, word: str) -> tuple[list[str | int], yaml.Node] | None:
    match = _STEP.match(word)
    if match is None:
        return None
    steps: list[str | int] = [match["name"]] if match["name"] else []
    steps += [int(one) for one in re.findall(r"\d+", match["places"])]
    for step in steps:
        below = _below(node, step)
        if below is None:
            return None
        node = below[1]
    return (steps, node) if steps else None
