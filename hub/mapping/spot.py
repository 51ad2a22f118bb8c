"""Where a compiled reader stands, told only when somebody has to know."""

from __future__ import annotations

from typing import Any

from hub.contract.messages import Tree
from hub.errors import Fault
from hub.mapping.path import join
from hub.mapping.read import Reading
from hub.mapping.rules import Rule

#: (spot above, rule, index in its list, raw path, index there or -1); at the top the
#: first two are nothing and the path is that of the record's root
Spot = tuple[Any, Rule | None, int, str, int]


def where(spot: Spot) -> str:
    """The canonical place: ``persons[0].charges[1]``."""
    above, rule, index, _, _ = spot
    if rule is None:
        return ""
    name = rule.target[0] + (f"[{index}]" if rule.is_many else "")
    base = where(above)
    return f"{base}.{name}" if base else name


def source(spot: Spot) -> str:
    """The raw place: ``AJ/RYLB/RY[0]``."""
    above, rule, _, text, index = spot
    place = f"{text}[{index}]" if index >= 0 else text
    return place if rule is None else join(source(above), place)


def reading_at(top: Tree, spot: Spot, faults: list[Fault]) -> Reading:
    """What the interpreter needs to go on from a spot."""
    return Reading(top, where(spot), source(spot), faults)
