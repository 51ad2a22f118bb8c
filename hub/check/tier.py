"""The tier of an adapter: computed from tests that ran, never declared.

The highest tier all of whose checks, and those of the tiers below it, passed or are
exempt for a reason. A check that nobody asked stands in the way, unless the hub itself
does not do yet what it asks for. Results of other files than those on disk prove
nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.check.catalogue import TIERS, Check, of_adapters
from hub.check.digest import digest
from hub.check.house import House
from hub.check.results import Results, results

NONE, UNPROVEN = "none", "unproven"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an adapter stands: its ``tier``, ``none``, or ``unproven``.

    ``missing`` are the checks in the way of the next tier, each with its state.
    ``counts`` tells how many checks are in which state; ``why`` why it is unproven:
    ``no results`` or ``changed since``.
    """

    system: str
    tier: str
    ran_at: str = ""
    why: str = ""
    next_tier: str = ""
    missing: tuple[tuple[str, str], ...] = ()
    counts: Mapping[str, int] | None = None

    @property
    def command(self) -> str:
        """What proves it anew."""
        return f"pytest tests/adapters tests/conformance -k {self.system}"

    def plain(self) -> dict[str, object]:
        """As JSON."""
        return {
            "tier": self.tier,
            "ran_at": self.ran_at,
            "why": self.why,
            "next": self.next_tier,
            "missing": [{"id": one, "state": state} for one, state in self.missing],
            "counts": dict(self.counts or {}),
            "run": self.command if self.tier == UNPROVEN else "",
        }


def standing(house: House, system: str) -> Standing:
    """How a system stands by the results on disk."""
    found = results(house.results, system)
    if found is None:
        return Standing(system, UNPROVEN, why="no results")
    if found.digest != digest(system, house.root):
        return Standing(system, UNPROVEN, found.ran_at, why="changed since")
    return judged(found, tuple(of_adapters()))


def judged(found: Results, checks: Iterable[Check]) -> Standing:
    """The tier that results prove, whatever they rest on."""
    told = tuple(checks)
    counts = Counter[str](found.of(one.id).state for one in told)
    reached: str = NONE
    missing: tuple[tuple[str, str], ...] = ()
    above = ""
    for tier in TIERS:
        missing = tuple(_missing(found, (one for one in told if one.tier == tier)))
        if missing or not any(one.tier == tier for one in told):
            above = tier
            break
        reached = tier
    return Standing(
        found.system, reached, found.ran_at, "", above, missing, dict(counts)
    )


def _missing(found: Results, checks: Iterable[Check]) -> Iterable[tuple[str, str]]:
    for one in checks:
        result = found.of(one.id)
        excused = result.state == "exempt" and bool(result.reason)
        if result.state == "passed" or excused:
            continue
        if result.state == "unasked" and one.unbuilt:
            continue
        yield one.id, result.state
