"""Keep what was counted of an endpoint's traffic, and read it as series of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from hub.records.drift import Count, Day, Series
from hub.store import bulk
from hub.store.database import Connection
from hub.store.tables_drift import census

_KEY = ("endpoint", "day", "kind", "path", "code_table", "code", "is_load")
_ADD = (
    f"on conflict ({', '.join(_KEY)}) do update set seen = census.seen + excluded.seen,"
    " filled = census.filled + excluded.filled,"
    " look = coalesce(nullif(excluded.look, ''), census.look)"
)


async def add(
    connection: Connection,
    endpoint: str,
    day: date,
    counts: Sequence[Count],
    *,
    is_load: bool,
) -> None:
    """Add a page's counts to the day's; one statement."""
    rows = [
        {
            "endpoint": endpoint,
            "day": day.isoformat(),
            "kind": one.kind,
            "path": one.path,
            "code_table": one.table,
            "code": one.code,
            "is_load": is_load,
            "seen": one.seen,
            "filled": one.filled,
            "look": one.look,
        }
        for one in _together(counts)
    ]
    await bulk.insert(connection, census, rows, on_conflict=_ADD)


def _together(counts: Sequence[Count]) -> list[Count]:
    """One row a key, in the order in which every writer takes its locks."""
    found: dict[tuple[str, str, str, str], Count] = {}
    for one in counts:
        key = (one.kind, one.path, one.table, one.code)
        there = found.get(key)
        if there is not None:
            seen, filled = there.seen + one.seen, there.filled + one.filled
            one = Count(*key, seen, filled, one.look or there.look)  # noqa: PLW2901
        found[key] = one
    return [found[key] for key in sorted(found)]


async def series(
    connection: Connection, endpoint: str, since: date
) -> tuple[Series, ...]:
    """Every path and code of an endpoint that was seen since a day."""
    table = census.c
    lists = [
        sa.func.array_agg(sa.text(f"{name} order by day, is_load")).label(name)
        for name in ("day", "seen", "filled", "is_load", "look")
    ]
    rows = await connection.execute(
        sa.select(table.kind, table.path, table.code_table, table.code, *lists)
        .where(table.endpoint == endpoint, table.day >= since)
        .group_by(table.kind, table.path, table.code_table, table.code)
        .order_by(table.kind, table.path, table.code_table, table.code)
    )
    return tuple(_series(row) for row in rows)


def _series(row: sa.Row[tuple[object, ...]]) -> Series:
    told = row._mapping
    days = zip(told["day"], told["seen"], told["filled"], told["is_load"], strict=True)
    looks = [look for look in told["look"] if look]
    return Series(
        told["kind"],
        told["path"],
        told["code_table"],
        told["code"],
        looks[-1] if looks else "",
        tuple(
            Day(day, int(seen), int(filled), load) for day, seen, filled, load in days
        ),
    )


async def forget(connection: Connection, before: date) -> int:
    """Let go of days that nothing looks at any more; returns how many rows."""
    done = await connection.execute(sa.delete(census).where(census.c.day < before))
    return int(done.rowcount)
