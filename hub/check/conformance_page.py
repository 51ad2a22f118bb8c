"""docs/conformance.md: every adapter's tier and what each check gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hub.check.catalogue import HUB, TIERS, Check, of_adapters, of_the_hub
from hub.check.digest import digest_of_the_hub
from hub.check.house import House
from hub.check.reference import table
from hub.check.results import STATES, Results, results
from hub.check.tier import UNPROVEN, Standing, standing

_HEAD = """# Conformance

<!-- Made by `hub adapters document --write` from the results of the tests. -->

What the conformance tests found out about each adapter, and the tier that follows from it.
A tier is computed from tests that ran; nobody declares it.
It is the highest one all of whose checks, and those of the tiers below, passed or are exempt with a reason.
A result counts only as long as no file of the adapter, its mapping, its crosswalks and its evidence has changed since: the digest says over which files it ran.
`hub check` tells the tier of the files on disk; this page tells what was found when it was made.

"""  # noqa: E501 - one sentence a line
_MARKS = {"passed": "yes", "failed": "**NO**", "exempt": "exempt", "unasked": "unasked"}
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One system's part of the table."""

    system: str
    stands: Standing
    found: Results | None

    def mark(self, check: Check) -> str:
        """What a check gave, as the table says it."""
        if self.found is None or self.stands.tier == UNPROVEN:
            return _MARKS["unasked"]
        return _MARKS[self.found.of(check.id).state]


def columns(house: House) -> tuple[Column, ...]:
    """Every system on disk."""
    return tuple(
        Column(name, standing(house, name), results(house.results, name))
        for name in house.systems()
    )


def conformance_page(house: House) -> str:
    """The whole page, by the results on disk."""
    told = columns(house)
    parts = [_HEAD, "## Tiers\n\n", _tiers(told)]
    parts += list(_unproven(told))
    for tier in TIERS:
        parts += [f"## {tier.capitalize()}\n\n", _table(tier, told)]
    parts += ["## The hub itself\n\n", *_hub(house)]
    parts += ["## The kit itself\n\n", *_kit(house)]
    parts += ["## Reasons\n\n", *_reasons(told), *_unbuilt()]
    return "".join(parts).rstrip("\n") + "\n"


def _tiers(told: tuple[Column, ...]) -> str:
    rows = []
    for one in told:
        counts: Mapping[str, int] = one.stands.counts or {}
        rows.append(
            [
                f"`{one.system}`",
                one.stands.tier,
                one.stands.ran_at or "never",
                *(str(counts.get(state, 0)) for state in STATES),
                f"`{one.found.digest[:_DIGITS]}`" if one.found else "-",
            ]
        )
    return table(("system", "tier", "ran at", *STATES, "digest"), rows)


def _unproven(told: tuple[Column, ...]) -> Iterator[str]:
    for one in told:
        if one.stands.tier == UNPROVEN:
            yield (
                f"`{one.system}` is unproven ({one.stands.why}); "
                f"run `{one.stands.command}`.\n"
            )
    yield "\n"


def _table(tier: str, told: tuple[Column, ...]) -> str:
    rows = [
        [f"`{one.id}`", f"{one.zh}<br>{one.en}", *(column.mark(one) for column in told)]
        for one in of_adapters()
        if one.tier == tier
    ]
    return table(("check", "asks", *(f"`{one.system}`" for one in told)), rows)


def _hub(house: House) -> Iterator[str]:
    found = results(house.results, HUB)
    is_current = found is not None and found.digest == digest_of_the_hub(house.root)
    ran = found.ran_at if found is not None and is_current else "never"
    yield f"Checks that concern the hub and no single adapter; ran at: {ran}.\n\n"
    rows = []
    for one in of_the_hub():
        state = (
            found.of(one.id).state if found is not None and is_current else "unasked"
        )
        rows.append([f"`{one.id}`", f"{one.zh}<br>{one.en}", _MARKS[state]])
    yield table(("check", "asks", "result"), rows)


def _kit(house: House) -> Iterator[str]:
    """What the kit found of adapters with one planted fault each."""
    yield (
        "Ten copies of an adapter, each with one planted fault, are asked everything; "
        "each has to fail where it was meant to and nowhere else.\n\n"
    )
    place = house.results / "mutants.txt"
    told = place.read_text("utf-8").strip() if place.exists() else "not asked"
    yield f"```\n{told}\n```\n\n"


def _reasons(told: tuple[Column, ...]) -> Iterator[str]:
    """Why a check failed or was not asked, one line a check."""
    for column in told:
        if column.found is None or column.stands.tier == UNPROVEN:
            continue
        for one in of_adapters():
            result = column.found.of(one.id)
            if result.state != "passed":
                why = " ".join(result.reason.split()) or "no reason was given"
                yield f"- `{column.system}` `{one.id}` {result.state}: {why}\n"
    yield "\n"


def _unbuilt() -> Iterator[str]:
    for one in (*of_adapters(), *of_the_hub()):
        if one.unbuilt:
            yield f"- `{one.id}` is asked of nobody: {one.unbuilt}\n"
