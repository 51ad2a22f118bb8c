"""The catalogue of checks: every question the conformance kit puts, by its id.

Ids are stable. ``F01`` to ``F26`` are the failures of legacy systems, ``E3-01`` to
``E3-16`` the sixteen questions every contract kit should put; the others are named
``room.question``. A test says which check it answers by its mark ``conformance``.
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.check.catalogue_bronze import BRONZE
from hub.check.catalogue_engine import ENGINE
from hub.check.catalogue_gold import GOLD
from hub.check.catalogue_silver import SILVER
from hub.check.question import HUB, TIERS, Check

__all__ = ["CHECKS", "HUB", "TIERS", "Check", "check", "of_adapters", "of_the_hub"]

#: every check, bronze first
CHECKS: tuple[Check, ...] = (*BRONZE, *SILVER, *GOLD, *ENGINE)

_BY_ID = {one.id: one for one in CHECKS}


def check(name: str) -> Check:
    """The check of this id; raises ``KeyError``."""
    return _BY_ID[name]


def of_adapters() -> Iterator[Check]:
    """The checks that every adapter is asked and its tier rests on."""
    return (one for one in CHECKS if one.scope == "adapter")


def of_the_hub() -> Iterator[Check]:
    """The checks that concern the hub and not one adapter: no tier rests on them."""
    return (one for one in CHECKS if one.scope == "engine")
