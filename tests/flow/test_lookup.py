"""One record asked for by its key, taken in without a pull."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hub.contract.messages import RawRecord
from hub.engine.hub import Hub
from hub.engine.lookup import look_up
from hub.engine.registry import Registry
from hub.engine.sync import sync_endpoint
from hub.errors import AgencyUnreachable, RequestInvalid
from hub.store.tables import case_record, sync_failure, sync_run, watermark
from tests.flow import push_in
from tests.flow.push_in import ENDPOINT, SYSTEM, Posting, case, spelled

BODIES = {"known": spelled(case(1)), "odd": b"{", "down": b""}


class Asked(Posting):
    """2.0's records by key, without 2.0."""

    async def __aenter__(self):
        return self

    async def __aexit__(self, *told) -> None:
        pass

    async def lookup(self, kind: str, key: str) -> RawRecord | None:
        if key == "down":
            raise AgencyUnreachable(endpoint=ENDPOINT)
        body = BODIES.get(key)
        return RawRecord(kind, key, body, "application/json") if body else None


def _hub(database, tables, mappings, precedence, can: str) -> Hub:
    told = push_in.registry()
    manifest = push_in.manifest().model_copy(update={"can": (can,)})
    registry = Registry({SYSTEM: manifest}, told.endpoints, {SYSTEM: Asked})
    return Hub.of(database, tables, mappings, precedence, registry)


@pytest.fixture
def hub(database, tables, mappings, precedence):
    return _hub(database, tables, mappings, precedence, "lookup")


async def _rows(hub, table):
    async with hub.database.begin() as connection:
        return (await connection.execute(sa.select(table))).all()


async def _run(hub, run_id):
    return next(row for row in await _rows(hub, sync_run) if row.id == run_id)


async def test_a_record_is_taken_in_and_no_watermark_moves(hub) -> None:
    run = await _run(hub, await look_up(hub, ENDPOINT, "known"))
    assert (run.trigger, run.state, run.mapped) == ("lookup", "finished", 1)
    assert len(await _rows(hub, case_record)) == 1
    assert await _rows(hub, watermark) == []
    again = await _run(hub, await look_up(hub, ENDPOINT, "known"))
    assert (again.mapped, again.unchanged) == (0, 1)


async def test_a_record_that_cannot_be_read_is_set_aside(hub) -> None:
    run = await _run(hub, await look_up(hub, ENDPOINT, "odd"))
    assert (run.state, run.set_aside) == ("finished", 1)
    assert [row.source_key for row in await _rows(hub, sync_failure)] == ["odd"]


@pytest.mark.parametrize(
    ("key", "code"), [("none", "NOT_FOUND"), ("down", "AGENCY_UNREACHABLE")]
)
async def test_what_fails_is_written_down_with_the_run(hub, key, code) -> None:
    run = await _run(hub, await look_up(hub, ENDPOINT, key))
    assert (run.state, run.error_code) == ("failed", code)


async def test_a_system_is_asked_only_what_it_can(
    database, tables, mappings, precedence, hub
) -> None:
    silent = _hub(database, tables, mappings, precedence, "ingest")
    with pytest.raises(RequestInvalid):
        await look_up(silent, ENDPOINT, "known")
    with pytest.raises(RequestInvalid):
        await sync_endpoint(silent, ENDPOINT, "caller")
    with pytest.raises(RequestInvalid):
        await look_up(hub, ENDPOINT, "known", kind="person")
