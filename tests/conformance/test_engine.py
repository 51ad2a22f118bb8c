"""What each adapter's records become in the real engine, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.engine.sync import sync_endpoint
from hub.entry.assembly import ADAPTERS, MAPPINGS
from hub.errors import DatabaseNotReady
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence
from hub.store import runs, tables
from hub.store.database import Database
from tests.adapters.subject import Subject
from tests.conformance.test_change import _clean, _saved
from tests.conformance.test_pull import every, keys
from tests.flow import books

CASES = 40
#: its simulators are its own
CHANGES = True

MakeHub = Callable[[Subject], Hub]


@pytest.fixture
def make_hub(database: Database, tables: Tables, precedence: Precedence) -> MakeHub:
    """A hub on an empty database, for one system's endpoint."""

    def make(subject: Subject) -> Hub:
        mappings = Mappings.load(MAPPINGS, tables, only=(subject.system,))
        registry = Registry.load(ADAPTERS, [subject.endpoint])
        if subject.stand_in:
            registry._classes[subject.system] = subject.stand_in
        return Hub.of(database, tables, mappings, precedence, registry)

    return make


async def _run(hub: Hub, subject: Subject) -> dict[str, Any]:
    run_id = await sync_endpoint(hub, subject.endpoint.code, "test")
    return await books.run(hub.database, run_id)


async def _sources(hub: Hub) -> list[str]:
    wanted = sa.select(tables.source_record.c.key).where(
        tables.source_record.c.kind == "case"
    )
    return sorted(row["key"] for row in await books.rows(hub.database, wanted))


@pytest.mark.conformance("E3-08")
@every
async def test_bad_records_are_set_aside_and_the_others_stay(
    subject: Subject, make_hub: MakeHub
) -> None:
    hub = make_hub(subject)
    run = await _run(hub, subject)
    declared = {dirt["key"]: dirt["code"] for dirt in subject.ask("declared")}
    assert (run["state"], run["error_code"]) == ("finished", None)
    failed = await books.open_failures(hub.database, subject.endpoint.code)
    assert failed == declared
    assert await _sources(hub) == keys((await subject.pulled())[0])
    assert run["mapped"] == run["stored"] - len(declared) > 0
    raw = await books.rows(hub.database, sa.select(tables.raw_record.c.key))
    assert set(declared) <= {row["key"] for row in raw}, "the bytes were not kept"


@pytest.mark.conformance("E3-07")
@every
async def test_the_same_input_twice_gives_no_change_event(
    subject: Subject, make_hub: MakeHub
) -> None:
    hub = make_hub(subject)
    await _run(hub, subject)
    before = await books.snapshot(hub.database)
    async with hub.database.begin() as connection:  # everything is told once more
        await connection.execute(sa.delete(tables.watermark))
    run = await _run(hub, subject)
    assert (run["state"], run["mapped"], run["set_aside"]) == ("finished", 0, 0)
    assert await books.snapshot(hub.database) == before
    events = await books.rows(
        hub.database,
        sa.select(tables.event.c.kind).where(tables.event.c.kind.like("case.%")),
    )
    opened = [row for row in events if row["kind"] == "case.opened"]
    cases = await books.count(hub.database, tables.case_record)
    assert len(opened) == cases


@pytest.mark.conformance("E3-14")
@every
async def test_a_run_killed_in_the_middle_of_a_page_is_made_good_by_the_next(
    subject: Subject,
    make_hub: MakeHub,
    server_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = make_hub(subject)
    with monkeypatch.context() as patch:
        patch.setattr(runs, "record", _killer(hub, server_url))
        run = await _run(hub, subject)
    assert (run["state"], run["error_code"]) == ("failed", DatabaseNotReady.code)
    assert run["watermark_after"] == {}
    assert await _sources(hub) == [], "half a page was kept"
    whole, _ = await subject.pulled()
    run = await _run(hub, subject)
    assert run["state"] == "finished"
    assert await _sources(hub) == keys(whole)
    one = sa.select(tables.facet.c.source_key).where(tables.facet.c.is_current)
    told = [row["source_key"] for row in await books.rows(hub.database, one)]
    assert len(told) == len(set(told)), "a record was told twice"


def _killer(hub: Hub, server_url: str) -> Callable[..., Any]:
    """Ends every connection of the hub before the page's commit, as a kill does."""
    name = sa.make_url(hub.database.url).database

    async def record(*_: object) -> None:
        engine = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(
                sa.text(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = :name"
                ),
                {"name": name},
            )
        engine.dispose()

    return record


@pytest.mark.conformance("pull.changed_content")
@every
async def test_changed_content_under_a_key_is_kept_beside_the_old(
    subject: Subject, make_hub: MakeHub
) -> None:
    hub = make_hub(subject)
    await _run(hub, subject)
    records, _ = await subject.pulled()
    changed = next(_clean(subject, records))
    _saved(subject, changed)
    await _run(hub, subject)
    kept = await books.rows(
        hub.database,
        sa.select(tables.raw_record.c.digest).where(
            tables.raw_record.c.key == changed.key
        ),
    )
    assert len({bytes(row["digest"]) for row in kept}) == 2
    current = sa.select(tables.facet).where(
        tables.facet.c.source_key == changed.key, tables.facet.c.is_current
    )
    assert len(await books.rows(hub.database, current)) == 1
