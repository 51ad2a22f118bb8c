"""Fixtures that every test may use: a migrated, empty database of its own.

The database is an embedded PostgreSQL, or the server named by
``HUB_TEST_DATABASE`` (an address whose user may create databases).
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence
from hub.store.database import Database
from hub.store.embedded import embedded_postgres
from hub.store.migrate import upgrade

ROOT = Path(__file__).parents[1]

pytest_plugins = ("tests.conformance.plugin", "tests.conformance.fixtures")

#: Not pytest's shared folder: every session that starts there takes away the rights
#: that an embedded server's own account needs on the way to its data, also from
#: sessions under way.
_OWN_FOLDER = tempfile.mkdtemp(prefix="hub-tests-")
os.environ["PYTEST_DEBUG_TEMPROOT"] = _OWN_FOLDER


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that ask a database, for a second pass on another server."""
    for item in items:
        if "server_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_OWN_FOLDER, ignore_errors=True)


@pytest.fixture(autouse=True)
def _handlers_of_its_own() -> Iterator[None]:
    """Logging set up by a test ends with it: its stream is closed, others' is not."""
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    for handler in list(root.handlers):
        if handler not in before:
            root.removeHandler(handler)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An administrator's address of the PostgreSQL that the tests use."""
    external = os.environ.get("HUB_TEST_DATABASE", "")
    if external:
        yield external
        return
    with embedded_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """A database with every migration applied, to be copied per test.

    ``HUB_TEST_TEMPLATE`` names one that another session of ours has made.
    """
    if ready := os.environ.get("HUB_TEST_TEMPLATE", ""):
        yield ready
        return
    name = f"hub_template_{uuid.uuid4().hex[:8]}"
    _admin(server_url, f"create database {name}")
    upgrade(_named(server_url, name))
    yield name
    _admin(server_url, f"drop database {name} with (force)")


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """The address of an empty, migrated database that only this test uses."""
    name = f"hub_test_{uuid.uuid4().hex[:12]}"
    _admin(server_url, f"create database {name} template {template}")
    yield _named(server_url, name)
    _admin(server_url, f"drop database {name} with (force)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, empty, migrated database."""
    opened = Database.open(database_url, pool=5)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The product's own code tables."""
    return Tables.load(ROOT / "mappings" / "tables")


@pytest.fixture(scope="session")
def mappings(tables: Tables) -> Mappings:
    """The product's own mappings."""
    return Mappings.load(ROOT / "mappings", tables)


@pytest.fixture(scope="session")
def precedence() -> Precedence:
    """Which system is believed for which field."""
    return Precedence.load(ROOT / "mappings" / "precedence.yaml")


def _named(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def _admin(url: str, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
