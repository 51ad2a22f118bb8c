"""Bring a database to the newest schema, or tell how far behind it is."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from hub.errors import DatabaseNotReady
from hub.store import tables_replay as _tables_replay  # noqa: F401 - its tables too

_HOME = Path(__file__).parent / "migrations"

#: one migration at a time, whoever starts (an arbitrary constant)
_LOCK = 4_213_812


def upgrade(url: str, *, to: str = "head") -> str:
    """Run every missing step in one transaction; returns the revision reached.

    Raises ``DatabaseNotReady`` when the database cannot be reached.
    """
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(f"select pg_advisory_xact_lock({_LOCK})"))
            command.upgrade(_config(connection), to)
        with engine.connect() as connection:
            return _revision(connection) or ""
    except sa.exc.OperationalError as error:
        raise _unreachable() from error
    finally:
        engine.dispose()


def check(url: str) -> tuple[str, str]:
    """(revision there, newest revision); raises ``DatabaseNotReady`` if unreachable."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return _revision(connection) or "", newest()
    except sa.exc.OperationalError as error:
        raise _unreachable() from error
    finally:
        engine.dispose()


def newest() -> str:
    """The newest revision that this code brings."""
    return ScriptDirectory(str(_HOME)).get_current_head() or ""


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HOME))
    config.attributes["connection"] = connection
    return config


def _unreachable() -> DatabaseNotReady:
    return DatabaseNotReady("无法连接数据库", "The database cannot be reached")
