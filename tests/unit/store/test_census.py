"""The census adds up, page by page, and lets go of what is old."""

from __future__ import annotations

from datetime import date, timedelta

from hub.records.drift import Count, Day
from hub.store import census
from hub.store.database import Database

DAY = date(2024, 1, 3)
ENDPOINT = "police-suizhou"


def _count(path: str, seen: int, *, code: str = "", look: str = "") -> Count:
    return Count("case", path, "crime" if code else "", code, seen, seen - 1, look)


async def _add(
    database: Database, day: date, *counts: Count, is_load: bool = False
) -> None:
    async with database.begin() as connection:
        await census.add(connection, ENDPOINT, day, counts, is_load=is_load)


async def test_pages_of_a_day_add_up_and_days_stay_apart(database: Database) -> None:
    await _add(database, DAY, _count("AJ", 5, look="9*8"), _count("ZM", 2, code="盗窃"))
    await _add(database, DAY, _count("AJ", 3), _count("AJ", 2))
    await _add(database, DAY + timedelta(days=1), _count("AJ", 4, look="9*16"))
    await _add(database, DAY, _count("AJ", 90), is_load=True)
    await _add(database, DAY)
    async with database.read() as connection:
        found = await census.series(connection, ENDPOINT, DAY)
        none = await census.series(connection, "proc15-suizhou", DAY)
        later = await census.series(connection, ENDPOINT, DAY + timedelta(days=2))
    assert (none, later) == ((), ())
    field, code = found
    assert (field.path, field.look) == ("AJ", "9*16")
    assert field.days == (
        Day(DAY, 10, 7),
        Day(DAY, 90, 89, is_load=True),
        Day(DAY + timedelta(days=1), 4, 3),
    )
    assert (code.table, code.code, code.days) == ("crime", "盗窃", (Day(DAY, 2, 1),))


async def test_old_days_are_let_go(database: Database) -> None:
    await _add(database, DAY, _count("AJ", 5))
    await _add(database, DAY + timedelta(days=1), _count("AJ", 5))
    async with database.begin() as connection:
        assert await census.forget(connection, DAY + timedelta(days=1)) == 1
        (left,) = await census.series(connection, ENDPOINT, DAY)
    assert [day.day for day in left.days] == [DAY + timedelta(days=1)]
