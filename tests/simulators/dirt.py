"""Which records of an agency carry planted dirt, declared and repeatable.

A *trap* is awkward and must come out right (a 15-digit number, a withdrawn code).
*Dirt* is wrong and must end as exactly one sync failure with the declared code.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

#: share of an agency's records that are dirty
SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Dirt:
    """One planted fault: the record's key and the failure code it must cause."""

    key: str
    code: str
    kind: str


def is_dirty(seed: int, system: str, index: int, share: float = SHARE) -> bool:
    """Is this record of this agency one of the dirty ones?"""
    return random.Random(f"dirt/{seed}/{system}/{index}").random() < share


def pick(seed: int, system: str, index: int, kinds: tuple[str, ...]) -> str:
    """Which kind of dirt, or which trap, this record carries."""
    return random.Random(f"kind/{seed}/{system}/{index}").choice(kinds)
