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


@pytest.fixture(scope="session")
def unchanged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Start]:
    """Simulators of which everybody only reads; they end with the session."""
    running: dict[str, Subject] = {}
    yield _starter(running, request.config, tmp_path_factory, CASES)
    _end(running)


@pytest.fixture(scope="module")
def agencies(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    unchanged: Start,
) -> Iterator[Start]:
    """Starts a simulator when it is first asked for.

    A module that changes what a simulator holds says ``CHANGES = True`` and has its
    own, which end with it.
    """
    if not getattr(request.module, "CHANGES", False):
        yield unchanged
        return
    running: dict[str, Subject] = {}
    cases = getattr(request.module, "CASES", CASES)
    yield _starter(running, request.config, tmp_path_factory, cases)
    _end(running)


def _starter(
    running: dict[str, Subject],
    config: pytest.Config,
    folders: pytest.TempPathFactory,
    cases: int,
) -> Start:
    most = config.getoption("--cases") or cases
    kind = stand_in(config)

    def start(system: str) -> Subject:
        if system not in running:
            folder = folders.mktemp(system)
            found = subjects.start(system, folder, min(cases, most))
            found.stand_in = kind
            running[system] = found
        return running[system]

    return start


def _end(running: dict[str, Subject]) -> None:
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
    if lacking := subjects.lacking(system):
        pytest.skip(lacking)
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
