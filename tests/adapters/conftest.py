"""Fixtures of the contract tests: every adapter on disk, its simulator running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.adapters import subject as subjects
from tests.adapters.subject import Subject

#: cases of the world in each simulator
CASES = 300


@pytest.fixture(scope="session")
def agencies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Subject]]:
    """Simulators that are running, by system; started when first asked for."""
    running: dict[str, Subject] = {}
    yield running
    for one in running.values():
        one.running.stop()


@pytest.fixture
async def subject(
    request: pytest.FixtureRequest,
    agencies: dict[str, Subject],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Subject]:
    """The system a test is asked of; its faults are switched off afterwards."""
    system: str = request.param
    if lacking := subjects.missing(system):
        pytest.skip(f"{system} has no {lacking} yet")
    if system not in agencies:
        folder = tmp_path_factory.mktemp(system)
        agencies[system] = subjects.start(system, folder, CASES)
    found = agencies[system]
    name = request.node.originalname
    if reason := getattr(found.bench, "SKIPS", {}).get(name):
        pytest.skip(f"{system}: {reason}")
    yield found
    await found.fault()
