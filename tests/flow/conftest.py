"""Fixtures of the flow tests: agencies that only read are shared by a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest

from hub.contract.endpoint import Endpoint
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence
from hub.store.database import Database
from tests.flow.city import ROOT, City, open_city

MakeHub = Callable[[Iterable[Endpoint]], Hub]


@pytest.fixture
def make_hub(
    database: Database, tables: Tables, mappings: Mappings, precedence: Precedence
) -> MakeHub:
    """A hub on an empty database, for the endpoints it is given."""

    def make(endpoints: Iterable[Endpoint]) -> Hub:
        registry = Registry.load(ROOT / "adapters", endpoints)
        return Hub.of(database, tables, mappings, precedence, registry)

    return make


@pytest.fixture(scope="session")
def whole_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Every agency with the whole seeded world; nobody changes anything in it."""
    with open_city(tmp_path_factory.mktemp("whole")) as city:
        yield city


@pytest.fixture
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Every agency with a few cases, for tests that make things happen."""
    with open_city(tmp_path_factory.mktemp("small"), cases=12) as city:
        yield city
