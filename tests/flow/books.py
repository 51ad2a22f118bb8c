"""Look into the hub's books: what tests count and compare."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from hub.store import tables
from hub.store.database import Database

#: what a sync may write even when nothing is new: its own book and its clock
BOOKKEEPING = {"sync_run", "endpoint_state", "event", "watermark"}


async def rows(database: Database, statement: sa.Executable) -> list[dict[str, Any]]:
    """The rows of a statement as dicts."""
    async with database.read() as connection:
        found = await connection.execute(statement)
        return [dict(row) for row in found.mappings()]


async def run(database: Database, run_id: int) -> dict[str, Any]:
    """One run's books."""
    table = tables.sync_run
    return (await rows(database, sa.select(table).where(table.c.id == run_id)))[0]


async def open_failures(database: Database, endpoint: str) -> dict[str, str]:
    """Source key -> code of the open failures of an endpoint."""
    table = tables.sync_failure
    wanted = sa.select(table).where(
        table.c.endpoint == endpoint, table.c.state == "open"
    )
    return {row["source_key"]: row["code"] for row in await rows(database, wanted)}


async def snapshot(database: Database) -> dict[str, str]:
    """A digest of every table but the bookkeeping; equal means nothing was written."""
    found = {}
    async with database.read() as connection:
        for table in tables.metadata.sorted_tables:
            if table.name in BOOKKEEPING:
                continue
            query = (
                f"select count(*) || ':' || coalesce(md5(string_agg(t::text, '|' "  # noqa: S608
                f"order by t::text)), '') from {table.name} t"
            )
            found[table.name] = (await connection.execute(sa.text(query))).scalar_one()
    return found


async def count(database: Database, table: sa.Table) -> int:
    """How many rows a table has."""
    wanted = sa.select(sa.func.count().label("n")).select_from(table)
    return int((await rows(database, wanted))[0]["n"])
