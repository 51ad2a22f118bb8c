"""Every fixture pair of every adapter: the raw record becomes what was agreed."""

from __future__ import annotations

import json
from functools import lru_cache

import pytest

from hub.entry.golden import Bench, Pair, pairs
from tests.adapters.subject import missing, systems

NEEDED = ("minimal", "full", "ugly")
READY = [system for system in systems() if not missing(system)]


@lru_cache(maxsize=8)
def _bench(system: str) -> Bench:
    return Bench(system)


@pytest.mark.conformance("golden.fixtures")
@pytest.mark.parametrize("system", READY)
def test_every_record_kind_has_a_minimal_a_full_and_an_ugly_fixture(
    system: str,
) -> None:
    held = {pair.name for pair in pairs(system)}
    assert {f"case-{word}" for word in NEEDED} <= held


@pytest.mark.conformance("golden.fixtures")
@pytest.mark.parametrize(
    "pair",
    [pair for system in READY for pair in pairs(system)],
    ids=lambda pair: f"{pair.system}/{pair.name}",
)
def test_a_fixture_becomes_what_was_agreed(pair: Pair) -> None:
    assert pair.expectation.exists(), "write it with: hub golden --write"
    told = _bench(pair.system).canonical(pair)
    assert json.loads(told) == json.loads(pair.expectation.read_text("utf-8"))
    assert told == pair.expectation.read_text("utf-8"), "run: hub golden --write"
