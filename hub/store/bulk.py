"""Write many rows by one statement: PostgreSQL takes the page as one JSON document.

Each value is read by the column's own input function, so dates, decimals and
nested JSON arrive as the column's type; bytes travel as hex. One statement a table
a page, where a statement a row was eight times slower (tests/bench/test_sync.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
import sqlalchemy as sa

from hub.store.database import Connection

Row = Mapping[str, object]


async def insert(
    connection: Connection,
    table: sa.Table,
    rows: Sequence[Row],
    *,
    on_conflict: str = "",
) -> None:
    """Insert rows; all have the same columns. ``on_conflict`` is an SQL clause."""
    if not rows:
        return
    names = ", ".join(rows[0])
    await connection.execute(
        sa.text(
            f"insert into {table.name} ({names}) select {names} "  # noqa: S608 - our own names
            f"from jsonb_populate_recordset(null::{table.name}, cast(:rows as jsonb)) "
            f"{on_conflict}"
        ),
        {"rows": _document(rows)},
    )


async def upsert(
    connection: Connection, table: sa.Table, key: Sequence[str], rows: Sequence[Row]
) -> None:
    """Insert rows or bring those with the same key in line; equal ones stay."""
    if not rows:
        return
    told = [name for name in rows[0] if name not in key]
    values = ", ".join(f"{name} = excluded.{name}" for name in told)
    there = ", ".join(f"{table.name}.{name}" for name in told)
    new = ", ".join(f"excluded.{name}" for name in told)
    clause = (
        f"on conflict ({', '.join(key)}) do update set {values} "
        f"where ({there}) is distinct from ({new})"
    )
    await insert(connection, table, rows, on_conflict=clause)


async def update(
    connection: Connection, table: sa.Table, rows: Sequence[Row], *, also: str = ""
) -> None:
    """Set the columns of rows found by ``id``; ``also`` sets more, in SQL."""
    if not rows:
        return
    told = [f"{name} = new.{name}" for name in rows[0] if name != "id"]
    values = ", ".join([*told, also] if also else told)
    await connection.execute(
        sa.text(
            f"update {table.name} set {values} "  # noqa: S608 - our own names
            f"from jsonb_populate_recordset(null::{table.name}, cast(:rows as jsonb)) "
            f"as new where {table.name}.id = new.id"
        ),
        {"rows": _document(rows)},
    )


def _document(rows: Sequence[Row]) -> str:
    return orjson.dumps(list(rows), default=_plain).decode()


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
