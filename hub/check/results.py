"""What the conformance kit found out about a system, read from its file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

State = Literal["passed", "failed", "exempt", "unasked"]
STATES = ("passed", "failed", "exempt", "unasked")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one check; ``reason`` says why it failed or was not asked."""

    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """What came of a session: over which files it ran, when, and what each check gave.

    A check that the file does not name was not asked.
    """

    system: str
    digest: str
    ran_at: str
    checks: Mapping[str, Result] = field(default_factory=dict)

    def of(self, name: str) -> Result:
        """What came of one check."""
        return self.checks.get(name, Result("unasked"))


def results(folder: Path, system: str) -> Results | None:
    """The results on disk; ``None`` where there are none or nobody can read them."""
    try:
        told = json.loads((folder / f"{system}.json").read_text("utf-8"))
        checks = {str(row["id"]): _result(row) for row in told["checks"]}
        return Results(str(told["system"]), told["digest"], told["ran_at"], checks)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _result(row: Mapping[str, object]) -> Result:
    state = str(row["state"])
    if state not in STATES:
        raise ValueError(state)
    return Result(cast("State", state), str(row.get("reason") or ""))
