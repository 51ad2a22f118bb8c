"""What goes in by COPY comes out the same, whatever is in it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hub.store import copying
from hub.store.database import Database
from hub.store.tables import raw_record

COLUMNS = ("endpoint", "kind", "key", "digest", "media", "packed", "size")
HARD = (
    "",
    "plain",
    "\\N",
    "\\",
    "a\tb\nc\rd\\e",
    "\x1f",
    "\x1e and \x1d",
    "\x1d",
    "𠮷野家·é",
    'quote " and {brace},',
    "NULL",
)


def _row(key: str, *, adapter: str = "v") -> tuple[object, ...]:
    return ("e", "case", key, b"\x00\\\xff", "text/plain", b"", 0, adapter)


@pytest.mark.parametrize("keys", [*([one] for one in HARD), list(HARD)])
async def test_every_text_comes_back_as_it_was(
    database: Database, keys: list[str]
) -> None:
    columns = (*COLUMNS, "adapter_version")
    async with database.begin() as connection:
        rows = [_row(one) for one in keys]
        await copying.copy_in(connection, raw_record, columns, rows)
        found = await connection.execute(
            sa.select(raw_record.c.key, raw_record.c.digest).order_by(raw_record.c.id)
        )
        assert [tuple(one) for one in found] == [(one, b"\x00\\\xff") for one in keys]


async def test_an_array_is_read_as_its_elements(database: Database) -> None:
    wanted = sa.text("select cast(:texts as text[]), cast(:bytes as bytea[])")
    told = {
        "texts": copying.array([*HARD, None]),
        "bytes": copying.array([b"", b"\x00\\\xff"]),
    }
    async with database.begin() as connection:
        texts, found = (await connection.execute(wanted, told)).one()
    assert texts == [*HARD, None]
    assert found == [b"", b"\x00\\\xff"]


async def test_reserved_ids_are_never_given_twice(database: Database) -> None:
    async with database.begin() as connection:
        first = await copying.reserve(connection, raw_record, 3)
    async with database.begin() as connection:
        second = await copying.reserve(connection, raw_record, 3)
    assert sorted({*first, *second}) == [*first, *second]


async def test_nothing_is_no_statement(database: Database) -> None:
    async with database.begin() as connection:
        await copying.copy_in(connection, raw_record, COLUMNS, [])
        assert await copying.reserve(connection, raw_record, 0) == []
