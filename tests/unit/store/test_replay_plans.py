"""What a replay asks the database for each page is found by an index."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from hub.records.replay import ReplayScope
from hub.store import replay_changes, replays
from hub.store.database import Database
from hub.store.replays import Job

SEED = (
    "insert into case_record (hub_number)"
    " select 'H' || g from generate_series(1, 5000) g",
    "insert into raw_record"
    " (endpoint, kind, key, digest, media, packed, size, adapter_version)"
    r" select 'e', 'case', 'k' || g, '\x00', 'x', '\x00', 1, '1'"
    " from generate_series(1, 5000) g",
    "insert into source_record (endpoint, kind, key, digest, rules, raw_id, state)"
    " select endpoint, kind, key, digest, 'old', id, 'mapped' from raw_record",
    "insert into facet (endpoint, system, source_key, case_id, raw_id, body, rules,"
    " mapping_revision, adapter_version, fetched_at)"
    " select endpoint, 's', key, id, id, '{}', 'old', 1, '1', now() from raw_record",
    "insert into facet (endpoint, system, source_key, case_id, raw_id, body, rules,"
    " mapping_revision, adapter_version, fetched_at, is_current)"
    " select endpoint, 's', source_key, case_id, raw_id, '{}', 'older', 1, '1', now(),"
    " false from facet",
    "analyze",
)


class Listening:
    """A connection that keeps the statement and has no rows."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    async def execute(self, statement: Any) -> Any:
        self.told.append(statement)
        return self

    def one_or_none(self) -> None:
        return None

    def __iter__(self) -> Any:
        return iter(())


async def _plan(database: Database, statement: Any) -> str:
    words = statement.compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    async with database.begin() as connection:
        for one in SEED:
            await connection.execute(sa.text(one))
        found = await connection.execute(sa.text(f"explain {words}"))
        return "\n".join(row[0] for row in found)


@pytest.mark.parametrize("what", ["next part", "page"])
async def test_the_next_page_is_read_off_the_key_and_not_sorted(
    database: Database, what: str
) -> None:
    """A sort of all that is left, a hundred records at a time, takes for ever."""
    scope, listening = ReplayScope(endpoints=("e",)), Listening()
    job = Job(1, scope, {"e": "new"}, "", "", "running", {}, ("e", "case", "k5"))
    if what == "page":
        await replays.page(listening, job, ("e", "case"), 100)
    else:
        await replays.next_part(listening, job)
    plan = await _plan(database, listening.told[0])
    assert "Sort" not in plan
    assert "pk_source_record" in plan


async def test_the_history_of_a_page_of_records_is_not_a_scan_of_all_facets(
    database: Database,
) -> None:
    listening = Listening()
    await replay_changes.facets_past(listening, "e", ["k1", "k2", "k3"])
    plan = await _plan(database, listening.told[0])
    assert "Seq Scan" not in plan
    assert "ix_facet_past" in plan


async def test_who_was_merged_into_a_case_is_not_a_scan_of_all_cases(
    database: Database,
) -> None:
    listening = Listening()
    await replay_changes.merged(listening, [1, 2, 3])
    assert "Seq Scan" not in await _plan(database, listening.told[0])
