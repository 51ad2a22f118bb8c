"""Steady traffic is left alone, and each kind of movement is found. See ``traffic``."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.engine.drift.find import Rules, Traffic, moved_codes
from hub.engine.drift.findings import findings, is_over
from hub.engine.drift.stats import dispersion, g, surprise
from hub.records.drift import Day, Drift, Finding
from tests.unit.engine.traffic import (
    CODES,
    FIELDS,
    START,
    World,
    evenings,
    rules,
)

#: false alarms in as many endpoint-days of steady traffic, as docs/operating.md states
STATED_STEADY, STATED_LUMPY = 1 / 300, 1 / 50


def _named(found: tuple[Finding, ...]) -> set[tuple[str, str, str, str]]:
    return {(one.drift, one.path, one.code, one.other) for one in found}


@pytest.mark.parametrize(
    ("lumps", "stated"),
    [(0.0, STATED_STEADY), (0.1, STATED_STEADY), (0.5, STATED_LUMPY)],
)
def test_steady_traffic_gives_no_more_false_alarms_than_stated(lumps, stated):
    alarms, days = [], 0
    for seed in range(12):
        world = World(seed, lumps=lumps).live(60)
        for traffic in evenings(world, 6):
            days += 1
            alarms += findings(traffic, rules())
    assert days >= 600
    assert len(alarms) <= days * stated, alarms


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), rank=st.integers(6, 20))
def test_a_code_that_is_suddenly_frequent_is_found_and_no_other(seed, rank):
    world = World(seed, lumps=0.05).live(20)
    world.codes[f"C{rank}"] = sum(CODES.values())
    found = findings(world.live(1).traffic(), rules())
    assert _named(found) == {("code_frequent", "RY/ZM", f"C{rank}", "")}


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_a_code_that_is_suddenly_rare_is_found_and_no_other(seed):
    world = World(seed, cases=150).live(20)
    world.codes["C1"] /= 30
    found = findings(world.live(1).traffic(), rules())
    assert _named(found) <= {
        ("code_rare", "RY/ZM", "C1", ""),
        ("code_vanished", "RY/ZM", "C1", ""),
    }
    assert found


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_a_code_that_vanished_is_found_once_enough_came_without_it(seed):
    world = World(seed).live(20)
    del world.codes["C1"]
    found = findings(world.live(3).traffic(), rules())
    assert ("code_vanished", "RY/ZM", "C1", "") in _named(found)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    path=st.sampled_from(["RY/XM", "RY/MZ", "RY/CYM"]),
)
def test_a_field_that_vanished_is_found_and_no_other(seed, path):
    world = World(seed).live(20)
    del world.fields[path]
    found = findings(world.live(3).traffic(), rules())
    assert _named(found) == {("field_vanished", path, "", "")}


def test_a_field_too_rare_to_be_missed_is_not_missed():
    world = World(1, cases=8).live(20)
    del world.fields["RY/BZ"]
    assert findings(world.live(2).traffic(), rules()) == ()


def test_what_stands_in_a_vanished_field_is_not_told_as_well():
    world = World(1).live(20)
    for counts in world.live(3).days.values():
        if len(world.days) - list(world.days.values()).index(counts) <= 3:
            for key in [key for key in counts if key[1].startswith("RY")]:
                del counts[key]
    assert _named(findings(world.traffic(), rules())) == {
        ("field_vanished", "RY", "", "")
    }


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 1))
def test_a_new_field_is_found_where_the_record_has_a_history(seed, share):
    world = World(seed).live(3)
    world.fields["RY/DH"] = share
    found = findings(world.live(1).traffic(), rules())
    assert _named(found) == {("field_new", "RY/DH", "", "")}


def test_on_the_first_day_no_field_is_new():
    world = World(1, fields=FIELDS | {"RY/DH": 1.0}).live(1)
    assert findings(world.traffic(), rules()) == ()


def test_a_field_seen_again_after_the_window_is_new_again():
    world = World(1, fields=FIELDS | {"RY/DH": 1.0}).live(4)
    del world.fields["RY/DH"]
    assert findings(world.live(35).traffic(), rules()) == ()
    world.fields["RY/DH"] = 1.0
    assert _named(findings(world.live(1).traffic(), rules())) == {
        ("field_new", "RY/DH", "", "")
    }


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_a_renamed_field_is_one_drift_and_not_two(seed):
    world = World(seed).live(20)
    world.fields["RY/MINZU"] = world.fields.pop("RY/MZ")
    found = findings(world.live(2).traffic(), rules())
    assert _named(found) == {("field_renamed", "RY/MZ", "", "RY/MINZU")}


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), is_known=st.booleans())
def test_a_renamed_code_names_the_one_that_came(seed, is_known):
    world = World(seed).live(20)
    world.codes["Z1"] = world.codes.pop("C1")
    told = rules(lambda code: code == "Z1" and not is_known)
    named = _named(findings(world.live(3).traffic(), told))
    assert ("code_renamed", "RY/ZM", "C1", "Z1") in named
    assert ("code_vanished", "RY/ZM", "C1", "") not in named
    assert is_known or ("code_new", "RY/ZM", "Z1", "") in named


def test_a_code_that_comes_far_more_rarely_is_not_the_one_that_vanished():
    world = World(1).live(20)
    world.codes["Z1"] = world.codes.pop("C1") / 4
    named = _named(findings(world.live(3).traffic(), rules()))
    assert ("code_vanished", "RY/ZM", "C1", "") in named
    assert not any(drift == "code_renamed" for drift, *_ in named)


def test_a_code_that_came_long_before_is_not_the_one_that_vanished():
    world = World(1).live(8)
    world.codes["Z1"] = world.codes["C1"]
    world.live(12)
    del world.codes["C1"]
    named = _named(findings(world.live(3).traffic(), rules()))
    assert ("code_vanished", "RY/ZM", "C1", "") in named


def test_a_renamed_code_is_over_when_the_old_one_is_back():
    world = World(1).live(20)
    share = world.codes.pop("C1")
    world.codes["Z1"] = share
    found = findings(world.live(3).traffic(), rules())
    kept = _kept(next(one for one in found if one.drift == "code_renamed"))
    assert not _over(kept, world.live(40).traffic(), rules())
    world.codes["C1"] = share
    assert _over(kept, world.live(1).traffic(), rules())


def test_a_new_field_elsewhere_is_no_new_name():
    world = World(3).live(20)
    del world.fields["RY/MZ"]
    world.fields["BMZ"] = 0.9
    assert _named(findings(world.live(2).traffic(), rules())) == {
        ("field_vanished", "RY/MZ", "", ""),
        ("field_new", "BMZ", "", ""),
    }


def test_an_unknown_code_is_found_at_once_and_on_the_first_day():
    world = World(1, codes=CODES | {"醉酒开车": 0.05}).live(1)
    found = findings(world.traffic(START), rules())
    assert _named(found) == {("code_new", "RY/ZM", "醉酒开车", "")}
    assert (found[0].before, found[0].before_of) == (0, 0)
    assert 0 < found[0].after < found[0].after_of


def test_a_first_load_is_no_measure_of_daily_traffic():
    """Years of finished cases in a day; the days after look otherwise."""
    world = World(1).live(12)
    key = ("case", "RY/ZM", "crime", "C20")
    load = Day(START - timedelta(days=1), 90_000, 90_000, is_load=True)
    told = dict(world.traffic().series)
    told[key] = replace(told[key], days=(load, *told[key].days))
    traffic = Traffic(told, world.traffic().today)
    assert findings(traffic, rules()) == ()


def test_what_comes_every_monday_is_no_news_on_a_monday():
    world = World(1)
    for _ in range(28):
        is_monday = (START + timedelta(days=len(world.days))).weekday() == 0
        world.codes["C9"] = 1.0 if is_monday else CODES["C9"]
        world.live(1)
    alarms = [findings(traffic, rules()) for traffic in evenings(world, 14)]
    assert not any(alarms)


def test_a_half_day_is_not_compared():
    world = World(1).live(20)
    world.codes["C20"] = 9.0
    today = max(world.live(1).days)
    assert moved_codes(world.traffic(today), rules()) == []


def _kept(found: Finding) -> Drift:
    at = datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC"))
    return Drift(
        1, "e", "s", *found.key[:5], found.other, found.day, 0, 0, 0, 0, (), "",
        "open", at, None, None, None, None,
    )  # fmt: skip


def _over(kept: Drift, traffic: Traffic, told: Rules) -> bool:
    return is_over(kept, traffic, told, {one.key for one in findings(traffic, told)})


def test_what_vanished_is_over_when_it_is_back_and_not_when_it_is_forgotten():
    world = World(1).live(20)
    share = world.fields.pop("RY/MZ")
    (found,) = findings(world.live(2).traffic(), rules())
    kept = _kept(found)
    assert not _over(kept, world.live(80).traffic(), rules())
    world.fields["RY/MZ"] = share
    assert _over(kept, world.live(1).traffic(), rules())


def test_an_unknown_code_is_over_when_its_table_knows_it():
    world = World(1).live(2)
    unknown = rules(lambda code: code == "C3")
    (found,) = findings(world.traffic(), unknown)
    assert not _over(_kept(found), world.traffic(), unknown)
    assert _over(_kept(found), world.traffic(), rules())


def test_a_frequent_code_is_over_when_a_whole_day_is_as_usual():
    world = World(1).live(20)
    world.codes["C10"] = sum(CODES.values())
    (found,) = findings(world.live(1).traffic(), rules())
    kept = _kept(found)
    assert not _over(kept, world.live(1).traffic(), rules())
    world.codes["C10"] = CODES["C10"]
    empty = World(1)
    empty.days = dict(world.days) | {max(world.days) + timedelta(days=1): {}}
    assert not _over(kept, empty.traffic(), rules())
    assert _over(kept, world.live(1).traffic(), rules())


@given(x=st.integers(0, 500), n=st.integers(0, 500), k=st.integers(1, 9))
def test_equal_shares_surprise_nobody(x, n, k):
    part = min(x, n)
    assert g((part, n), (part * k, n * k)) == pytest.approx(0, abs=1e-6)
    assert surprise((part, n), [(part, n)] * k) == pytest.approx(1, abs=1e-3)


def test_days_that_differ_much_make_a_day_less_surprising():
    even = [(10, 100)] * 20
    uneven = [(0, 100), (20, 100)] * 10
    assert dispersion(even) < dispersion(uneven)
    assert surprise((30, 100), even) < 1e-4 < surprise((30, 100), uneven)
