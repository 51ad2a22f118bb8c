"""Every adapter on disk is given hostile bytes, and refuses them within its limits.

Each system reads in a process of its own with a roof over its memory. What came of
every body is printed (``-s``): bytes, how much memory the reading took beyond them,
and processor time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from hub.engine.registry import load_manifests
from tests.hostile import bodies

ROOT = Path(__file__).parents[2]
UNREADABLE = "RECORD_UNREADABLE"
#: what may be read all the same, or refused: odd, and within every cap
ODD = frozenset({"digits", "exponent", "head_digits", "rows_digits"})
#: large and well-formed, within the caps on bytes and tags
FULL = frozenset({"flat_inner", "attributes", "text"})
#: bytes beyond the record itself that reading may take; an archive's members are
#: unpacked in memory, up to the cap of ``hub.wire.archive``
MOST = {"xml": 200_000_000, "json": 200_000_000, "zip": 420_000_000}
#: seconds of processor time for one record
SLOWEST = 10.0


def _goods() -> dict[str, tuple[str, Path]]:
    """System -> (form, its fullest fixture)."""
    found = {}
    for system in load_manifests(ROOT / "adapters"):
        folder = ROOT / "tests" / "adapters" / system / "fixtures"
        for path in sorted(folder.glob("case-full.raw.*")):
            form = path.suffix.removeprefix(".")
            if form in {"xml", "json", "zip"}:
                found[system] = form, path
    return found


GOODS = _goods()


@lru_cache
def _suffered(system: str) -> dict[str, dict[str, Any]]:
    form, path = GOODS[system]
    told_at = path.with_name("raw.json")
    told = json.loads(told_at.read_text("utf-8")) if told_at.exists() else {}
    about = told.get(path.name, {})
    media, key = about.get("media", ""), about.get("key", "key")
    command = [sys.executable, "-m", "tests.hostile.victim", system, form, path, media]
    done = subprocess.run(
        [*command, key], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"ended by {done.returncode}: {done.stderr[-2000:]}"
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["name"]: row for row in rows}


every = pytest.mark.parametrize("system", sorted(GOODS))


def test_every_system_has_a_record_to_spoil() -> None:
    assert set(GOODS) == set(load_manifests(ROOT / "adapters"))


@every
def test_hostile_bytes_end_in_the_right_leaf(system: str) -> None:
    found = _suffered(system)
    form, path = GOODS[system]
    assert set(found) == set(bodies.of(form, path.read_bytes()))
    wrong = {
        name: row
        for name, row in found.items()
        if row["code"] not in ({"", UNREADABLE} if name in ODD | FULL else {UNREADABLE})
    }
    assert wrong == {}


@every
def test_hostile_bytes_cost_no_more_than_they_may(system: str) -> None:
    found = _suffered(system)
    for row in found.values():
        told = f"{row['size'] / 1e6:8.1f} MB  +{row['grown'] / 1e6:6.1f} MB"
        print(f"{system} {row['name']:<14} {told} {row['cpu']:6.2f} s {row['code']}")
    most = MOST[GOODS[system][0]]
    assert {n: r["grown"] for n, r in found.items() if r["grown"] > most} == {}
    assert {n: r["cpu"] for n, r in found.items() if r["cpu"] > SLOWEST} == {}


@every
def test_what_is_told_of_hostile_bytes_holds_none_of_them(system: str) -> None:
    for row in _suffered(system).values():
        said = row.get("said", "")
        assert "root:" not in said
        assert "xxxxxxxx" not in said
        assert "99999999" not in said
