"""The simulated police, running, with faults switched off after each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.adapters import subject as subjects
from tests.adapters.subject import Subject

CASES = 500


@pytest.fixture(scope="module")
def police_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    """One process for all tests of one file."""
    found = subjects.start("police_case", tmp_path_factory.mktemp("police"), CASES)
    yield found
    found.running.stop()


@pytest.fixture
async def police(police_running: Subject) -> AsyncIterator[Subject]:
    """The same, in good health."""
    yield police_running
    await police_running.fault()
