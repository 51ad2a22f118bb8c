"""Ten adapters with one planted fault each: the kit finds every one, and only it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SYSTEM = "procuratorate_20"
MUTANTS = sorted(
    path.stem
    for path in (Path(__file__).parent / "mutants").glob("*.py")
    if path.stem != "__init__"
)
QUESTIONS = (
    "tests/adapters/test_contract.py",
    "tests/adapters/test_golden.py",
    "tests/adapters/test_line.py",
    "tests/adapters/test_places.py",
    "tests/conformance",
)
#: cases in the simulator of a mutant: more than a page, and quick
CASES = 110
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Tried:
    """What the kit said of a mutant."""

    name: str
    intended: str
    failed: tuple[str, ...]
    passed: int
    told: str

    @property
    def is_killed(self) -> bool:
        """Did it fail where it should, and nowhere else?"""
        return self.failed == (self.intended,)


def intended(name: str) -> str:
    """The check that a mutant must fail, as its file says."""
    path = Path(__file__).parent / "mutants" / f"{name}.py"
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "INTENDED":
            return str(ast.literal_eval(node.value))
    raise AssertionError(f"{name} does not say where it must fail")


def tried(name: str, server: str, folder: Path) -> Tried:
    """Put every question to one mutant, in a process of its own."""
    known = f"tests.conformance.mutants.{name}:Mutant"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["--system", SYSTEM, "--adapter-class", known]
    command += ["--cases", str(CASES), "--results", str(folder / name), *QUESTIONS]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=_environment(server),
        capture_output=True,
        text=True,
        check=False,
    )
    path = folder / name / f"{SYSTEM}.json"
    assert path.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    checks = json.loads(path.read_text("utf-8"))["checks"]
    failed = tuple(one["id"] for one in checks if one["state"] == "failed")
    passed = sum(one["state"] == "passed" for one in checks)
    return Tried(name, intended(name), failed, passed, done.stdout[-4000:])


def _environment(server: str) -> dict[str, str]:
    import os

    return {**os.environ, "HUB_TEST_DATABASE": server}


def test_every_mutant_fails_at_the_intended_check_and_at_no_other(
    server_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda one: tried(one, server_url, tmp_path), MUTANTS))
    killed = [one for one in found if one.is_killed]
    with capsys.disabled():
        print(f"\nmutation score: {len(killed)} of {len(found)}")  # noqa: T201
        for one in found:
            print(f"  {one.name}: {', '.join(one.failed) or 'survived'}")  # noqa: T201
    wrong = [one for one in found if not one.is_killed]
    assert not wrong, "\n".join(f"{one.name} {one.failed}\n{one.told}" for one in wrong)
    assert len(found) == 10
    assert min(one.passed for one in found) > 30, "the kit asked too little"
