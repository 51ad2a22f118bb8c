"""The pytest plugin: which test answers which check, and what came of it.

A test says ``@pytest.mark.conformance("F01")``. Of all tests of one check that are
put to a system each must have run, else nothing is claimed of it; one that failed
is enough for ``failed``. Tests without a system concern the hub itself.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hub.check.catalogue import HUB, check
from tests.adapters.subject import Subject
from tests.conformance import results
from tests.conformance.exempt import MARK

Asked = tuple[str, str]  # system, check id
_ROOT = Path(__file__).parents[2]
_FOUND = pytest.StashKey["Findings"]()


@dataclass(slots=True)
class Findings:
    """What this session found, by system and check, test by test."""

    expected: dict[Asked, set[str]] = field(default_factory=dict)
    told: dict[Asked, dict[str, tuple[str, str]]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    is_partial: bool = False

    def expect(self, item: pytest.Item) -> None:
        """A test of this session, to be run or not."""
        for asked in asked_by(item):
            self.expected.setdefault(asked, set()).add(item.nodeid)
            home = item.nodeid.partition("::")[0]
            if asked[0] != HUB and self.homes.setdefault(asked[1], home) != home:
                raise pytest.UsageError(f"{asked[1]} is asked in two modules")

    def tell(self, item: pytest.Item, state: str, reason: str) -> None:
        """What came of a test; a failure in any phase of it stays."""
        for asked in asked_by(item):
            rows = self.told.setdefault(asked, {})
            if rows.get(item.nodeid, ("", ""))[0] != "failed":
                rows[item.nodeid] = (state, reason)

    def verdicts(self) -> dict[str, dict[str, tuple[str, str]]]:
        """By system, what may be claimed of each check."""
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for asked, rows in self.told.items():
            is_whole = not self.is_partial and set(rows) == self.expected.get(asked)
            verdict = _verdict(list(rows.values()), is_whole=is_whole)
            if verdict:
                found.setdefault(asked[0], {})[asked[1]] = verdict
        return found


def _verdict(rows: list[tuple[str, str]], *, is_whole: bool) -> tuple[str, str] | None:
    for state in ("failed", "unasked", "passed", "exempt"):
        found = [row for row in rows if row[0] == state]
        if found and (is_whole or state == "failed"):
            return (state, "" if state == "passed" else found[0][1])
    return None


def asked_by(item: pytest.Item) -> Iterator[Asked]:
    """The checks that a test answers, and for which system."""
    for mark in item.iter_markers("conformance"):
        for name in mark.args:
            yield system_of(item), check(name).id


def system_of(item: pytest.Item) -> str:
    """The system a test is put to; ``hub`` where it is put to none."""
    params: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    for name in ("subject", "system"):
        if isinstance(params.get(name), str):
            return str(params[name])
    return str(getattr(params.get("pair"), "system", HUB))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Whom to ask, in whose stead, and where to write what came of it."""
    group = parser.getgroup("conformance")
    group.addoption("--system", help="ask only this system's adapter")
    group.addoption("--adapter-class", help="module:Class, asked in its stead")
    group.addoption("--cases", type=int, help="cases in each simulator, at most")
    group.addoption("--results", help="folder for what came of it")


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark and begin an empty book."""
    line = "conformance(*ids): the checks of hub/check/catalogue.py that a test answers"
    config.addinivalue_line("markers", line)
    config.stash[_FOUND] = Findings(is_partial=any("::" in one for one in config.args))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Note what is there to be asked, before anything is left out."""
    for item in items:
        config.stash[_FOUND].expect(item)
    wanted = config.getoption("--system")
    if wanted:
        left = [
            one for one in items if not set(asked_by(one)) or system_of(one) != wanted
        ]
        items[:] = [one for one in items if one not in left]
        config.hook.pytest_deselected(items=left)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[None]:
    """Write down what came of a marked test."""
    report: pytest.TestReport = yield  # type: ignore[misc,assignment]  # a wrapper gets one
    found = item.config.stash[_FOUND]
    if report.failed:
        found.tell(item, "failed", f"{item.name}: {_why(report)}")
        report.sections += list(_logged(item))
    elif report.skipped:
        reason = _skip(report)
        state = "exempt" if reason.startswith(MARK) else "unasked"
        found.tell(item, state, reason.removeprefix(MARK))
    elif report.when == "call":
        found.tell(item, "passed", "")
    return report  # type: ignore[return-value]  # as the wrapper must


def _logged(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """The end of the simulator's log, which tells what the hub may not see."""
    subject = getattr(item, "funcargs", {}).get("subject")
    if isinstance(subject, Subject):
        path, told = subject.logged()
        yield f"the end of {path}", told


def _why(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    told = getattr(crash, "message", "") or str(report.longrepr)
    return next(iter(told.splitlines()), "")[:200]


def _skip(report: pytest.TestReport) -> str:
    told = report.longrepr
    text = told[2] if isinstance(told, tuple) else str(told)
    return text.removeprefix("Skipped: ")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what may be claimed of every system that was asked."""
    config = session.config
    if _FOUND not in config.stash:
        return
    folder = Path(config.getoption("--results") or _ROOT / "var" / "conformance")
    for system, found in config.stash[_FOUND].verdicts().items():
        results.write(folder, system, found)


def stand_in(config: pytest.Config) -> type[Any] | None:
    """The class that is asked in an adapter's stead, if one is."""
    named = config.getoption("--adapter-class")
    if not named:
        return None
    module, _, name = named.partition(":")
    found: type[Any] = getattr(importlib.import_module(module), name)
    return found
