"""What a check is: one question, the tier it belongs to and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tier = Literal["bronze", "silver", "gold"]
#: lowest first
TIERS: tuple[Tier, ...] = ("bronze", "silver", "gold")
#: under this name stand the results of the checks that concern the hub itself
HUB = "hub"


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the conformance kit (合规检查).

    ``needs`` is what a system must have to be asked: an ability of its manifest
    (``pull``, ``push``, ``enquire``), ``line`` (it talks over a network), ``login``,
    ``files`` (it leaves file sets in a folder). A system that lacks one is exempt, with
    that reason.

    ``scope`` is ``adapter``, or ``engine`` for what concerns the hub as a whole.
    ``unbuilt`` tells what the hub does not do yet; such a check is asked by no test.
    """

    id: str
    tier: Tier
    zh: str
    en: str
    needs: tuple[str, ...] = ()
    scope: Literal["adapter", "engine"] = "adapter"
    unbuilt: str = ""
