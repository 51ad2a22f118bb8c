"""Fixtures of the kit: every adapter on disk, its simulator running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from hub.check.catalogue import check
from tests.adapters import subject as subjects
from tests.adapters.subject import Subject
from tests.conformance.exempt import exempt, exemption
from tests.conformance.plugin import asked_by, stand_in

#: cases of the world in each simulator, where a module says nothing else
CASES = 300

Start = Callable[[str], Subject]


@pytest.fixture(scope="module")
def agencies(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Start]:
    """Starts a simulator when it is first asked for; they end with the module."""
    running: dict[str, Subject] = {}
    cases = getattr(request.module, "CASES", CASES)
    most = request.config.getoption("--cases") or cases
    kind = stand_in(request.config)

    def start(system: str) -> Subject:
        if system not in running:
            folder = tmp_path_factory.mktemp(system)
            found = subjects.start(system, folder, min(cases, most))
            found.stand_in = kind
            running[system] = found
        return running[system]

    yield start
    for one in running.values():
        one.running.stop()


@pytest.fixture
async def subject(
    request: pytest.FixtureRequest, agencies: Start
) -> AsyncIterator[Subject]:
    """The system a test is asked of; its faults are switched off afterwards."""
    system: str = request.param
    if lacking := subjects.missing(system):
        pytest.skip(f"{system} has no {lacking} yet")
    found = agencies(system)
    _demand(request.node, found)
    yield found
    await found.fault()


def _demand(item: Any, found: Subject) -> None:
    """Stop here where the bench or the manifest says why it cannot be asked."""
    for _, name in asked_by(item):
        if reason := exemption(check(name), found.manifest, found.bench):
            exempt(reason)
    if reason := getattr(found.bench, "SKIPS", {}).get(item.originalname):
        exempt(reason)
