"""Records that come as messages, through the real engine: none lost, none twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import Page, RawRecord, Watermark
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.engine.sync import sync_endpoint
from hub.errors import DatabaseNotReady, RecordUnreadable
from hub.store.tables import case_record, raw_record, sync_failure, sync_run
from hub.wire.answer import parse_json
from hub.wire.queue import Message, Queue
from hub.wire.queue_pages import pages
from tests.flow import push_in
from tests.flow.push_in import ENDPOINT, SYSTEM, case, spelled
from tests.unit.wire.broker import ADDRESS, Broker, broker, needs_broker

pytestmark = needs_broker


class Queued(Procuratorate20):
    """Reads as 2.0 does; its records wait in a queue."""

    def __init__(self, endpoint, manifest) -> None:
        super().__init__(endpoint, manifest)
        self._name = endpoint.options["queue"]
        self._queue = Queue(ADDRESS, endpoint=endpoint.code)

    async def __aenter__(self):
        await self._queue.__aenter__()
        return self

    async def __aexit__(self, *told) -> None:
        await self._queue.__aexit__(*told)

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        async for page in pages(
            self._queue, self._name, watermark, _identified, size=3
        ):
            yield page


def _identified(message: Message) -> RawRecord:
    try:
        data = parse_json(message.body)["data"]
        key, at = data["bmsah"], f"{data['zhxgsj']:020}"
    except (ValueError, KeyError, TypeError) as error:
        raise RecordUnreadable from error
    return RawRecord("case", key, message.body, message.media, at)


@pytest.fixture
async def line() -> AsyncIterator[Broker]:
    async with broker() as found:
        yield found


@pytest.fixture
def hub(database, tables, mappings, precedence, line):
    told = push_in.registry()
    manifest = push_in.manifest().model_copy(update={"can": ("pull",)})
    own = told.endpoints[ENDPOINT]
    own = replace(own, options={**own.options, "queue": line.name})
    registry = Registry({SYSTEM: manifest}, {ENDPOINT: own}, {SYSTEM: Queued})
    return Hub.of(database, tables, mappings, precedence, registry)


async def _rows(hub, table):
    async with hub.database.begin() as connection:
        return (await connection.execute(sa.select(table).order_by(table.c.id))).all()


async def _run(hub):
    run_id = await sync_endpoint(hub, ENDPOINT, "test")
    return next(row for row in await _rows(hub, sync_run) if row.id == run_id)


async def test_messages_are_taken_in_and_leave_the_queue_when_stored(hub, line) -> None:
    for n in range(1, 8):
        await line.leave(spelled(case(n)), f"m{n}")
    first = await _run(hub)
    assert (first.state, first.mapped) == ("finished", 7)
    again = await _run(hub)
    assert (again.state, again.fetched) == ("finished", 0)
    await line.until(0)
    assert len(await _rows(hub, case_record)) == 7


async def test_a_run_that_could_not_write_loses_no_message(
    hub, line, monkeypatch
) -> None:
    for n in range(1, 8):
        await line.leave(spelled(case(n)), f"m{n}")

    async def fail(*_, **__):
        raise DatabaseNotReady

    with monkeypatch.context() as patched:
        patched.setattr("hub.engine.sync._move", fail)
        assert (await _run(hub)).state == "failed"
    done = await _run(hub)
    assert (done.state, done.mapped) == ("finished", 7)
    assert len(await _rows(hub, case_record)) == 7


async def test_a_late_message_is_kept_and_does_not_replace_a_newer(hub, line) -> None:
    new = spelled(case(1, zhxgsj=1690849000000, ajmc="盗窃案"))
    old = spelled(case(1, zhxgsj=1690848000000, ajmc="诈骗案"))
    await line.leave(new, "new")
    await _run(hub)
    await line.leave(old, "old")
    run = await _run(hub)
    assert (run.fetched, run.unchanged) == (1, 1)
    (found,) = await _rows(hub, case_record)
    assert found.title == "盗窃案"
    assert [row.kind for row in await _rows(hub, raw_record)] == ["case", "overtaken"]


async def test_a_poison_message_is_set_aside_and_the_next_is_taken(hub, line) -> None:
    await line.leave(b"\x00\x01", "poison")
    await line.leave(spelled(case(1)), "good")
    run = await _run(hub)
    assert (run.state, run.mapped, run.set_aside) == ("finished", 1, 1)
    (failure,) = await _rows(hub, sync_failure)
    assert failure.source_key == "message:poison"
    await _run(hub)
    await line.until(0)
