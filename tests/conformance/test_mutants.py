"""Ten adapters with one planted fault each: the kit finds every one, and only it."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.check.catalogue import check
from tests.conformance.mutants import SYSTEM

ROOT = Path(__file__).parents[2]
MUTANTS = sorted(
    path.stem
    for path in (Path(__file__).parent / "mutants").glob("*.py")
    if not path.stem.startswith("__")
)
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
    found = importlib.import_module(f"tests.conformance.mutants.{name}").INTENDED
    return check(found).id


@pytest.fixture(scope="module")
def tried(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> list[Tried]:
    """Every mutant, asked in a process of its own, some at once."""
    folder = tmp_path_factory.mktemp("mutants")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    known = {"HUB_TEST_DATABASE": server_url, "HUB_TEST_TEMPLATE": template}
    command = [sys.executable, "-m", "tests.conformance.mutants", str(folder)]
    workers = [
        subprocess.Popen([*command, *names], cwd=ROOT, env=inherited | known)
        for names in (MUTANTS[start::AT_ONCE] for start in range(AT_ONCE))
    ]
    for worker in workers:
        worker.wait()
    return [_read(name, folder / name) for name in MUTANTS]


def _read(name: str, folder: Path) -> Tried:
    told = (folder / "told").read_text("utf-8", errors="replace")
    path = folder / f"{SYSTEM}.json"
    assert path.exists(), told[-3000:]
    checks = json.loads(path.read_text("utf-8"))["checks"]
    failed = tuple(one["id"] for one in checks if one["state"] == "failed")
    passed = sum(one["state"] == "passed" for one in checks)
    return Tried(name, intended(name), failed, passed, told[-4000:])


def test_every_mutant_fails_at_the_intended_check_and_at_no_other(
    tried: list[Tried], capsys: pytest.CaptureFixture[str]
) -> None:
    told = _score(tried)
    with capsys.disabled():
        sys.stdout.write(f"\n{told}")
    place = ROOT / "var" / "conformance" / "mutants.txt"  # workers' words are not shown
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(told, "utf-8")
    wrong = [one for one in tried if not one.is_killed]
    assert not wrong, "\n".join(f"{one.name} {one.failed}\n{one.told}" for one in wrong)
    assert len(tried) == 10


def _score(tried: list[Tried]) -> str:
    lines = [f"mutation score: {sum(one.is_killed for one in tried)} of {len(tried)}"]
    for one in tried:
        found = ", ".join(one.failed) or "survived"
        lines.append(f"  {one.name}: {found} (meant: {one.intended})")
    return "\n".join(lines) + "\n"


def test_every_mutant_was_asked_everything(tried: list[Tried]) -> None:
    assert len({one.passed for one in tried}) == 1
    assert tried[0].passed > 40
