"""Write many rows by COPY, on the driver's connection of the same transaction.

Straight into the table, so only for rows that nobody else can be writing: new ids,
new cases, log entries. COPY gives no ids back; they are taken from the sequence
first. A row at a time by ``insert`` was eight times slower, a page as one JSON
document two to three times (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import orjson
import psycopg
import sqlalchemy as sa

from hub.store.database import Connection

Values = Sequence[object]

# Control characters stand for the marks of COPY's text format while a page is put
# together, so the escaping is four passes over the page and none over a value.
_FIELD, _RECORD, _NULL = b"\x1f", b"\x1e", b"\x1d"


async def copy_in(
    connection: Connection,
    table: sa.Table,
    columns: Sequence[str],
    rows: Sequence[Values],
) -> None:
    """Add rows; each has a value for every column named. Others get their default."""
    if not rows:
        return
    link = (await connection.get_raw_connection()).driver_connection
    names = ", ".join(columns)
    async with (
        cast("psycopg.AsyncConnection", link).cursor() as cursor,
        cursor.copy(f"copy {table.name} ({names}) from stdin") as copy,
    ):
        await copy.write(content(rows))


async def copy_rows(
    connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]
) -> None:
    """The same for rows by column name; all have the same columns in one order."""
    if rows:
        values = [tuple(row.values()) for row in rows]
        await copy_in(connection, table, tuple(rows[0]), values)


async def reserve(connection: Connection, table: sa.Table, count: int) -> list[int]:
    """Ids for so many rows that are to come, ascending."""
    if not count:
        return []
    found = await connection.execute(
        sa.text(
            f"select nextval('{table.name}_id_seq') from generate_series(1, :count)"  # noqa: S608
        ),
        {"count": count},
    )
    return [int(one) for one in found.scalars()]


def content(rows: Sequence[Values]) -> bytes:
    """Rows in COPY's text format."""
    page = _RECORD.join(
        [
            _FIELD.join(
                [one.encode() if type(one) is str else _bytes(one) for one in row]
            )
            for row in rows
        ]
    )
    marks = (
        page.count(_RECORD) == len(rows) - 1
        and page.count(_FIELD) == len(rows) * (len(rows[0]) - 1)
        and page.count(_NULL) == sum([row.count(None) for row in rows])
    )
    if not marks:  # a value holds one of the marks itself
        return _carefully(rows)
    page = _escaped(page).replace(_FIELD, b"\t").replace(_RECORD, b"\n")
    return page.replace(_NULL, b"\\N") + b"\n"


def _carefully(rows: Sequence[Values]) -> bytes:
    lines = (
        b"\t".join(b"\\N" if one is None else _escaped(_bytes(one)) for one in row)
        for row in rows
    )
    return b"".join(line + b"\n" for line in lines)


def _escaped(text: bytes) -> bytes:
    text = text.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")
    return text.replace(b"\r", b"\\r").replace(b"\t", b"\\t")


def _bytes(value: object) -> bytes:
    """A value as PostgreSQL's input function of its type takes it."""
    form = _FORMS.get(type(value))
    if form is not None:
        return form(value)
    return orjson.dumps(value) if isinstance(value, Mapping) else str(value).encode()


_FORMS: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda _: _NULL,
    int: b"%d".__mod__,
    dict: lambda one: orjson.dumps(one) if one else b"{}",
    list: orjson.dumps,
    bytes: lambda one: b"\\x" + one.hex().encode(),
}


def array(values: Iterable[str | int | bytes | None]) -> str:
    """A PostgreSQL array as text, to be cast: ``cast(:keys as text[])``.

    The driver looks at each element by itself, which took longer than the query.
    """
    return "{" + ",".join([_element(one) for one in values]) + "}"


def _element(value: str | int | bytes | None) -> str:
    if isinstance(value, str):
        if "\\" in value or '"' in value:
            value = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{value}"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    return "NULL" if value is None else str(value)
