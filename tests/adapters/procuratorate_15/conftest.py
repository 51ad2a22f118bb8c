"""The simulated system 1.5, running, with faults switched off after each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.adapters import subject as subjects
from tests.adapters.subject import Subject

CASES = 500


@pytest.fixture(scope="module")
def tyyw_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    """One process for all tests of one file."""
    found = subjects.start("procuratorate_15", tmp_path_factory.mktemp("tyyw"), CASES)
    yield found
    found.running.stop()


@pytest.fixture
async def tyyw(tyyw_running: Subject) -> AsyncIterator[Subject]:
    """The same, in good health and with the account unlocked."""
    yield tyyw_running
    await tyyw_running.fault()
