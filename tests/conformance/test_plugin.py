"""What may be claimed of a session, and how several sessions share one book."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hub.check.catalogue import CHECKS, HUB, TIERS, check
from tests.adapters.subject import systems
from tests.conformance import results
from tests.conformance.plugin import Findings

ROOT = Path(__file__).parents[2]
SYSTEM = systems()[0]
ASKED = (SYSTEM, "F01")


def _found(*states: str, expected: int | None = None, partial: bool = False) -> object:
    tests = [str(one) for one in range(expected or len(states))]
    book = Findings({ASKED: set(tests)}, is_partial=partial)
    book.told[ASKED] = dict(zip(tests, ((one, "why") for one in states), strict=False))
    return book.verdicts().get(SYSTEM, {}).get("F01")


def test_a_check_passed_when_all_its_tests_ran_and_one_at_least_passed() -> None:
    assert _found("passed", "exempt") == ("passed", "")
    assert _found("exempt", "exempt") == ("exempt", "why")


def test_one_failure_is_enough_also_where_not_all_ran() -> None:
    assert _found("passed", "failed", expected=3) == ("failed", "why")
    assert _found("failed", partial=True) == ("failed", "why")


def test_a_skip_without_a_reason_of_the_kit_counts_as_unasked() -> None:
    assert _found("passed", "unasked") == ("unasked", "why")


def test_nothing_is_claimed_of_a_check_that_was_asked_in_part() -> None:
    assert _found("passed", expected=2) is None
    assert _found("passed", partial=True) is None


def test_a_session_adds_to_the_book_and_leaves_the_rest(tmp_path: Path) -> None:
    results.write(tmp_path, SYSTEM, {"F01": ("passed", "")})
    results.write(tmp_path, SYSTEM, {"F02": ("failed", "why")})
    told = json.loads((tmp_path / f"{SYSTEM}.json").read_text("utf-8"))
    states = {one["id"]: one["state"] for one in told["checks"]}
    assert (states["F01"], states["F02"], states["F03"]) == (
        "passed",
        "failed",
        "unasked",
    )
    assert states["F19"] == "exempt", "the manifest says that there is nothing to ask"
    assert len(told["digest"]) == 64


def test_results_of_other_files_are_forgotten(tmp_path: Path) -> None:
    results.write(tmp_path, SYSTEM, {"F01": ("passed", "")})
    path = tmp_path / f"{SYSTEM}.json"
    path.write_text(path.read_text("utf-8").replace('"digest": "', '"digest": "0'))
    results.write(tmp_path, SYSTEM, {"F02": ("passed", "")})
    told = json.loads(path.read_text("utf-8"))
    states = {one["id"]: one["state"] for one in told["checks"]}
    assert (states["F01"], states["F02"]) == ("unasked", "passed")


def test_sessions_that_end_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    ids = [one.id for one in CHECKS if one.scope == "adapter"][:8]
    program = (
        "import sys, pathlib; from tests.conformance.results import write;"
        " [write(pathlib.Path(sys.argv[1]), sys.argv[2], {one: ('passed', '')})"
        " for one in sys.argv[3:]]"
    )
    command = [sys.executable, "-c", program, str(tmp_path), SYSTEM]
    writers = [
        subprocess.Popen([*command, *ids[start::2]], cwd=ROOT) for start in range(2)
    ]
    assert [one.wait() for one in writers] == [0, 0]
    told = json.loads((tmp_path / f"{SYSTEM}.json").read_text("utf-8"))
    passed = {one["id"] for one in told["checks"] if one["state"] == "passed"}
    assert passed == set(ids)


def test_what_the_hub_does_not_do_is_unasked_with_the_reason(tmp_path: Path) -> None:
    results.write(tmp_path, HUB, {"F05": ("passed", "")})
    told = json.loads((tmp_path / f"{HUB}.json").read_text("utf-8"))
    rows = {one["id"]: one for one in told["checks"]}
    assert rows["F07"]["state"] == rows["F26"]["state"] == "unasked"
    assert rows["F07"]["reason"]


def test_every_check_is_asked_somewhere_or_says_that_it_is_unbuilt() -> None:
    text = "\n".join(
        path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")
    )
    marks = re.findall(r"mark\.conformance\(([^)]*)\)", text)
    asked = {name for one in marks for name in re.findall(r'"([\w.-]+)"', one)}
    assert asked == {one.id for one in CHECKS if not one.unbuilt}


def test_the_catalogue_is_whole() -> None:
    ids = [one.id for one in CHECKS]
    assert len(ids) == len(set(ids))
    assert {f"F{number:02}" for number in range(1, 27)} <= set(ids)
    assert {f"E3-{number:02}" for number in range(1, 17)} <= set(ids)
    assert {one.tier for one in CHECKS} == set(TIERS)
    assert all(one.zh and one.en for one in CHECKS)


def test_an_id_that_nobody_knows_is_told() -> None:
    with pytest.raises(KeyError):
        check("F99")
