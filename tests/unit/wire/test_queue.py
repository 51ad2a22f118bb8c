"""The message queue, on a real broker: nothing lost, nothing taken twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from hub.contract.inbox import Inbox
from hub.contract.messages import Page, RawRecord, Watermark
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
    AgencyUnreachable,
    RecordUnreadable,
    SettingInvalid,
    TransferNotAcceptable,
)
from hub.wire.answer import parse_json
from hub.wire.queue import Message, Queue
from hub.wire.queue_pages import pages
from tests.unit.wire.broker import ADDRESS, Broker, broker, needs_broker

pytestmark = needs_broker


@pytest.fixture
async def line() -> AsyncIterator[Broker]:
    async with broker() as found:
        yield found


def _queue(**how) -> Queue:
    return Queue(ADDRESS, endpoint="mq-test", **how)


def _identified(message: Message) -> RawRecord:
    try:
        told = parse_json(message.body)
        return RawRecord("case", told["AJBH"], message.body, message.media, told["SJ"])
    except (ValueError, KeyError, TypeError) as error:
        raise RecordUnreadable from error


def _case(key: str, at: str = "1") -> bytes:
    return json.dumps({"AJBH": key, "SJ": at}).encode()


async def _pull(name: str, mark: Watermark | None = None, **how) -> list[Page]:
    async with _queue() as queue:
        found = pages(queue, name, mark or Watermark(), _identified, **how)
        return [page async for page in found]


def _keys(found: list[Page]) -> list[str]:
    return [record.key for page in found for record in page.records]


async def test_messages_come_in_order_page_by_page_and_stay_until_stored(line) -> None:
    for n in range(7):
        await line.leave(_case(f"A{n}"), f"m{n}")
    found = await _pull(line.name, size=3)
    assert _keys(found) == [f"A{n}" for n in range(7)]
    assert [len(page.records) for page in found] == [3, 3, 1]
    await line.until(7)


async def test_the_next_pull_acknowledges_what_was_stored_and_brings_it_not_again(
    line,
) -> None:
    for n in range(5):
        await line.leave(_case(f"A{n}"), f"m{n}")
    mark = (await _pull(line.name))[-1].watermark
    await line.leave(_case("B"), "m9")
    again = await _pull(line.name, mark)
    assert _keys(again) == ["B"]
    await line.until(1)


async def test_a_run_that_died_after_its_first_page_loses_nothing(line) -> None:
    for n in range(6):
        await line.leave(_case(f"A{n}"), f"m{n}")
    async with _queue() as queue:
        found = pages(queue, line.name, Watermark(), _identified, size=2)
        first = await anext(found)
        await anext(found)  # taken, and never stored
        await found.aclose()
    rest = await _pull(line.name, first.watermark)
    assert _keys(rest) == ["A2", "A3", "A4", "A5"]


async def test_the_same_message_twice_is_taken_once_and_both_are_acknowledged(
    line,
) -> None:
    for _ in range(2):
        await line.leave(_case("A"), "same")
    found = await _pull(line.name)
    assert _keys(found) == ["A"]
    await line.leave(_case("A"), "same")
    assert await _pull(line.name, found[-1].watermark) == []
    await line.until(0)


async def test_an_id_used_again_for_other_bytes_is_another_message(line) -> None:
    await line.leave(_case("A"), "same")
    await line.leave(_case("B"), "same")
    found = await _pull(line.name)
    assert _keys(found) == ["A", "B"]
    assert await _pull(line.name, found[-1].watermark) == []
    await line.until(0)


async def test_messages_without_an_id_are_told_apart_by_their_bytes(line) -> None:
    for key in ("A", "B", "A"):
        await line.leave(_case(key))
    found = await _pull(line.name)
    assert sorted(_keys(found)) == ["A", "B"]


async def test_out_of_order_the_newest_stands_and_the_late_one_is_kept(line) -> None:
    await line.leave(_case("A", "3"), "m3")
    await line.leave(_case("A", "2"), "m2")
    found = await _pull(line.name)
    assert [record.modified for record in found[0].records] == ["3"]
    assert [record.modified for record in found[0].overtaken] == ["2"]
    await line.leave(_case("A", "1"), "m1")
    later = await _pull(line.name, found[-1].watermark)
    assert [page.records for page in later] == [()]
    assert [one.modified for one in later[0].overtaken] == ["1"]


async def test_a_poison_message_is_a_record_of_its_own_and_does_not_block(line) -> None:
    for body, name in ((_case("A"), "a"), (b"\x00{", "bad"), (_case("B"), "b")):
        await line.leave(body, name)
    found = await _pull(line.name)
    assert _keys(found) == ["A", "message:bad", "B"]
    assert found[0].records[1].body == b"\x00{"
    assert await _pull(line.name, found[-1].watermark) == []
    await line.until(0)


async def test_a_message_too_large_stays_and_the_others_are_given_first(line) -> None:
    await line.leave(b"x" * 5_000, "big")
    await line.leave(_case("A"), "a")
    given = []
    async with _queue(max_bytes=1_000) as queue:
        found = pages(queue, line.name, Watermark(), _identified)
        with pytest.raises(AgencyAnswerUnreadable) as caught:
            await _to_the_end(found, given)
    assert _keys(given) == ["A"]
    assert len(caught.value.body) == 1_000
    await line.until(2)


async def _to_the_end(found: AsyncIterator[Page], given: list[Page]) -> None:
    async for page in found:
        given.append(page)  # noqa: PERF401 - what came before the error counts


async def test_a_pull_takes_no_more_than_it_may_and_goes_on_the_next_time(line) -> None:
    for n in range(10):
        await line.leave(_case(f"A{n}"), f"m{n}")
    taken, mark = [], Watermark()
    for _ in range(4):
        found = await _pull(line.name, mark, most=4)
        taken += _keys(found)
        mark = found[-1].watermark if found else mark
    assert taken == [f"A{n}" for n in range(10)]


async def test_what_is_sent_has_its_id_and_is_confirmed(line) -> None:
    async with _queue() as queue:
        await queue.send(
            b"<a/>", message_id="f" * 32, to=line.name, media="application/xml"
        )
    async with _queue() as queue:
        (found,) = [one async for one in queue.messages(line.name, Inbox())]
    assert (found.id, found.body, found.media) == ("f" * 32, b"<a/>", "application/xml")
    assert found.sent_at is not None


async def test_a_message_that_no_queue_takes_is_not_delivered() -> None:
    async with _queue() as queue:
        with pytest.raises(AgencyUnreachable, match="not delivered"):
            await queue.send(b"{}", message_id="1", to="hub-test-no-such-queue")
        assert await _is_usable(queue)


async def _is_usable(queue: Queue) -> bool:
    with pytest.raises(AgencyUnreachable):
        await queue.send(b"{}", message_id="2", to="hub-test-no-such-queue")
    return True


async def test_a_message_that_the_broker_refuses_is_busy() -> None:
    limits = {"x-max-length": 1, "x-overflow": "reject-publish"}
    async with broker(**limits) as full, _queue() as queue:
        await full.leave(_case("A"), "a")
        with pytest.raises(AgencyBusy):
            await queue.send(b"{}", message_id="b", to=full.name)


async def test_a_message_of_ours_that_is_too_large_never_leaves(line) -> None:
    async with _queue(max_bytes=10) as queue:
        with pytest.raises(TransferNotAcceptable):
            await queue.send(b"x" * 11, message_id="1", to=line.name)
    assert await line.waiting() == []


async def test_an_answer_is_found_among_others_and_all_stay(line) -> None:
    for n in range(4):
        await line.leave(b"%d" % n, f"m{n}", correlation_id=f"c{n}")
    async with _queue() as queue:
        found = await queue.find(line.name, "c2")
        assert found is not None
        assert found.body == b"2"
        assert await queue.find(line.name, "c9") is None
    await line.until(4)


async def test_a_queue_that_is_not_there_is_told_and_leaves_the_line_usable(
    line,
) -> None:
    async with _queue() as queue:
        with pytest.raises(AgencyUnreachable, match="no such queue"):
            await queue.check("hub-test-no-such-queue")
        await line.leave(_case("A"), "a")
        assert await queue.check(line.name) == 1


async def test_a_wrong_password_is_a_login_refused() -> None:
    wrong = ADDRESS.replace("guest:guest@", "guest:wrong@")
    with pytest.raises(AgencyLoginRefused):
        async with Queue(wrong, endpoint="mq-test"):
            pass


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _stranger(serve: Serve) -> AsyncIterator[str]:
    """Somebody at the broker's address who is no broker."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"amqp://guest:guest@127.0.0.1:{port}/"
    finally:
        server.close()


async def _silent(reader, writer) -> None:
    await reader.read()
    writer.close()


async def _page(reader, writer) -> None:
    await reader.read(8)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")
    await writer.drain()
    writer.close()


async def _cut(reader, writer) -> None:
    await reader.read(8)
    writer.close()


async def _huge(reader, writer) -> None:
    """A frame that claims four gigabytes."""
    await reader.read(8)
    writer.write(b"\x01\x00\x00\xff\xff\xff\xff" + b"\x00" * 1_000)
    await writer.drain()
    await reader.read()
    writer.close()


@pytest.mark.parametrize("serve", [_silent, _page, _cut, _huge])
async def test_a_stranger_at_the_address_ends_in_a_house_error(serve: Serve) -> None:
    async with _stranger(serve) as address:
        with pytest.raises(AgencyError) as caught:
            async with Queue(address, endpoint="mq-test", deadline=1.0):
                pass
    assert caught.value.endpoint == "mq-test"
    assert "guest" not in f"{caught.value} {caught.value.detail}"


async def test_an_address_where_nobody_is_is_unreachable() -> None:
    with pytest.raises(AgencyUnreachable):
        async with Queue("amqp://127.0.0.1:1/", endpoint="mq-test", deadline=1.0):
            pass


@pytest.mark.parametrize("address", ["", "nonsense", "amqp://[/", "http://a/", "amqp:"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(SettingInvalid):
        Queue(address, endpoint="mq-test")


async def test_a_line_that_is_cut_in_the_middle_leaves_everything_in_the_queue(
    line,
) -> None:
    writers: list[asyncio.StreamWriter] = []

    async def through(reader, writer) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", 5672)
        writers.extend((writer, back))
        await asyncio.gather(_pump(reader, back), _pump(there, writer))

    for n in range(4):
        await line.leave(_case(f"A{n}"), f"m{n}")
    async with (
        _stranger(through) as address,
        Queue(address, endpoint="mq-test", deadline=3.0) as queue,
    ):
        found = pages(queue, line.name, Watermark(), _identified, size=1)
        await anext(found)
        for writer in writers:
            writer.transport.abort()
        with pytest.raises(AgencyUnreachable):
            await _to_the_end(found, [])
    await line.until(4)


async def _pump(reader, writer) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()
