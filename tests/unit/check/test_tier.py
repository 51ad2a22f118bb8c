import json

import pytest

from hub.check.catalogue import of_adapters
from hub.check.conformance_page import conformance_page
from hub.check.digest import digest
from hub.check.question import Check
from hub.check.results import Result, Results, results
from hub.check.tier import judged, standing
from tests.unit.check.copies import SYSTEM, copied

CHECKS = (
    Check("b1", "bronze", "一", "one"),
    Check("b2", "bronze", "二", "two"),
    Check("s1", "silver", "三", "three"),
    Check("g1", "gold", "四", "four", unbuilt="the hub cannot yet"),
    Check("g2", "gold", "五", "five"),
)


def tier(**states):
    told = {
        name: Result(*(state if isinstance(state, tuple) else (state,)))
        for name, state in states.items()
    }
    return judged(Results("x", "", "", told), CHECKS)


def test_a_tier_is_the_highest_whose_checks_all_passed():
    assert tier(b1="passed", b2="passed").tier == "bronze"
    assert tier(b1="passed", b2="passed", s1="passed").tier == "silver"
    assert tier(b1="passed", b2="passed", s1="passed", g2="passed").tier == "gold"


def test_a_failure_below_takes_all_tiers_above():
    told = tier(b1="passed", b2="failed", s1="passed", g2="passed")
    assert told.tier == "none"
    assert told.next_tier == "bronze"
    assert told.missing == (("b2", "failed"),)


def test_an_exemption_counts_with_a_reason_only():
    assert tier(b1="passed", b2=("exempt", "cannot push")).tier == "bronze"
    assert tier(b1="passed", b2="exempt").tier == "none"


def test_a_check_that_was_not_asked_stands_in_the_way():
    assert tier(b1="passed").missing == (("b2", "unasked"),)


def test_what_the_hub_cannot_do_yet_stands_in_nobodys_way():
    told = tier(b1="passed", b2="passed", s1="passed", g2="passed", g1="unasked")
    assert told.tier == "gold"


@pytest.fixture
def house(tmp_path):
    return copied(tmp_path)


def write(house, stamp, state="passed"):
    house.results.mkdir(parents=True)
    rows = [{"id": one.id, "state": state, "reason": ""} for one in of_adapters()]
    told = {"system": SYSTEM, "digest": stamp, "ran_at": "2026-11-28", "checks": rows}
    (house.results / f"{SYSTEM}.json").write_text(json.dumps(told), "utf-8")


def test_results_on_disk_give_the_tier(house):
    write(house, digest(SYSTEM, house.root))
    assert standing(house, SYSTEM).tier == "gold"
    assert f"| `{SYSTEM}` | gold | 2026-11-28 |" in conformance_page(house)


@pytest.mark.parametrize(
    "place",
    [
        f"adapters/{SYSTEM}/adapter.py",
        f"mappings/{SYSTEM}.yaml",
        f"mappings/tables/crime/crosswalk/{SYSTEM}.tsv",
        f"tests/adapters/{SYSTEM}/bench.py",
    ],
)
def test_a_change_since_makes_the_tier_unproven(house, place):
    write(house, digest(SYSTEM, house.root))
    path = house.root / place
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    told = standing(house, SYSTEM)
    assert (told.tier, told.why) == ("unproven", "changed since")
    assert SYSTEM in told.command


def test_no_results_prove_nothing(house):
    assert standing(house, SYSTEM).tier == "unproven"
    assert f"`{SYSTEM}` is unproven" in conformance_page(house)


@pytest.mark.parametrize("text", ["", "[]", '{"checks": 3}', '{"checks": [{"id": 1}]}'])
def test_a_broken_file_is_no_result(tmp_path, text):
    (tmp_path / "x.json").write_text(text, "utf-8")
    assert results(tmp_path, "x") is None


def test_a_cache_changes_no_digest(house):
    before = digest(SYSTEM, house.root)
    cache = house.adapters / SYSTEM / "__pycache__"
    cache.mkdir()
    (cache / "adapter.pyc").write_bytes(b"x")
    assert digest(SYSTEM, house.root) == before
