"""A page on disk: what is idle, what is new, and what was there before."""

from __future__ import annotations

from hub.contract.messages import RawRecord
from hub.store import sources
from hub.store.database import Connection, Database
from hub.store.sources import Taken


def _record(body: str, key: str = "k") -> RawRecord:
    return RawRecord("case", key, body.encode(), "text/plain")


async def _store(
    connection: Connection, *records: RawRecord, rules: str = "r1"
) -> Taken:
    return await sources.store(
        connection, "e", records, rules=rules, adapter_version="v", run_id=1
    )


async def _settle(connection: Connection, taken: Taken, rules: str = "r1") -> None:
    latest = {one.record.key: one for one in taken.stored}
    known = await sources.known(connection, "e", "case", list(latest))
    states = [(one, "mapped") for one in latest.values()]
    await sources.settle(connection, "e", "case", states, rules=rules, known=known)


async def test_what_was_worked_through_is_idle_the_next_time(
    database: Database,
) -> None:
    async with database.begin() as connection:
        await _settle(connection, await _store(connection, _record("a")))
        again = await _store(connection, _record("a"))
    assert (again.stored, again.idle) == ([], 1)


async def test_new_rules_make_an_old_record_busy_and_keep_its_bytes_once(
    database: Database,
) -> None:
    async with database.begin() as connection:
        first = await _store(connection, _record("a"))
        await _settle(connection, first)
        again = await _store(connection, _record("a"), rules="r2")
    assert [one.raw_id for one in again.stored] == [first.stored[0].raw_id]


async def test_a_record_that_was_stored_and_not_worked_through_is_busy(
    database: Database,
) -> None:
    async with database.begin() as connection:
        first = await _store(connection, _record("a"))
        again = await _store(connection, _record("a"))
    assert [one.raw_id for one in again.stored] == [first.stored[0].raw_id]


async def test_old_bytes_after_newer_ones_nobody_worked_through_are_kept_again(
    database: Database,
) -> None:
    async with database.begin() as connection:
        first = await _store(connection, _record("a"))
        await _settle(connection, first)
        await _store(connection, _record("b"))  # the run died here
        again = await _store(connection, _record("a"))
    assert again.idle == 0
    assert again.stored[0].raw_id > first.stored[0].raw_id


async def test_a_key_that_comes_twice_in_a_page_is_not_idle_by_half(
    database: Database,
) -> None:
    async with database.begin() as connection:
        await _settle(connection, await _store(connection, _record("a")))
        page = _record("b"), _record("a"), _record("a"), _record("c", "other")
        taken = await _store(connection, *page)
    assert [one.record.body for one in taken.stored] == [b"b", b"a", b"a", b"c"]
    ids = [one.raw_id for one in taken.stored]
    assert ids[0] < ids[1] == ids[2] < ids[3]
