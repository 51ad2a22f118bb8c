"""Lanes: waking, taking over, turns, and what a lost job must not cost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from hub.contract.endpoint import Endpoint
from hub.contract.hours import Hours
from hub.engine.accept import accept
from hub.engine.deliver import drain
from hub.engine.hub import Hub
from hub.engine.lanes import Beat, Engine
from hub.engine.retry import Pace
from hub.engine.undelivered import cancel, replay
from hub.engine.upkeep import Rescue, Schedule, sweep
from hub.errors import RequestInvalid
from hub.store import jobs, lanes, outbox
from hub.store.database import Database
from tests.flow import mill
from tests.flow.mill import (
    ENDPOINT,
    POLICE,
    Receiver,
    build_hub,
    draft,
    file_cases,
    rows,
)

PACE = Pace(
    batch=5,
    first_wait=0.05,
    longest_wait=0.2,
    knock=0.2,
    ask_first=0.05,
    ask_longest=0.1,
    attempts=3,
)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A running receiver that counts."""
    running = Receiver(tmp_path / "receiver").start()
    yield running
    running.kill()


@pytest.fixture
def hub(database: Database, receiver: Receiver) -> Hub:
    """A hub with one lane to the receiver, which cannot be asked."""
    return build_hub(database, receiver.address, slots=1)


@pytest.fixture
def asking(database: Database, receiver: Receiver) -> Hub:
    """The same with a receiver that can be asked after a parcel."""
    return build_hub(database, receiver.address, can=("enquire",), slots=1)


LANE = f"{ENDPOINT}#0"


async def submit(hub: Hub, count: int) -> list[str]:
    """So many hand-overs, each of a case of its own; their hub numbers."""
    numbers = await file_cases(hub, count)
    for number in numbers:
        await accept(hub, POLICE, draft(number))
    return numbers


async def waiting(hub: Hub) -> list[tuple[str, str | None, str]]:
    """(task, lock, queueing lock) of every job that waits."""
    found = await rows(
        hub,
        "select task_name, lock, queueing_lock from procrastinate_jobs"
        " where status = 'todo' order by id",
    )
    return [(one[0], one[1], one[2]) for one in found]


async def test_many_submissions_leave_one_wake_up(hub: Hub) -> None:
    await submit(hub, 5)
    assert await waiting(hub) == [(jobs.DRAIN, LANE, LANE)]


async def test_a_wake_up_is_undone_with_its_transaction(hub: Hub) -> None:
    async def wake_and_fail() -> None:
        async with hub.database.begin() as connection:
            await jobs.wake_lane(connection, LANE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await wake_and_fail()
    assert await waiting(hub) == []


async def test_a_waiting_job_does_not_start_before_the_waker_commits(
    hub: Hub,
) -> None:
    async with hub.database.begin() as first:
        await jobs.wake_lane(first, LANE)
    fetch = sa.text("select id from procrastinate_fetch_job_v2(array['hub'], null)")
    async with hub.database.begin() as waker:
        await jobs.wake_lane(waker, LANE)
        async with hub.database.begin() as worker:
            assert (await worker.execute(fetch)).scalar_one() is None
    async with hub.database.begin() as worker:
        assert (await worker.execute(fetch)).scalar_one() is not None


async def test_wakers_at_once_make_one_job_and_none_fails(hub: Hub) -> None:
    async def wake() -> None:
        async with hub.database.begin() as connection:
            await jobs.wake_lane(connection, LANE)

    await asyncio.gather(*(wake() for _ in range(20)))
    assert len(await waiting(hub)) == 1


async def test_a_timer_carries_no_lane_lock_and_can_be_moved_forward(hub: Hub) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=5)
    late = soon + timedelta(hours=1)
    async with hub.database.begin() as connection:
        await jobs.wake_lane_at(connection, LANE, late)
        await jobs.wake_lane_at(connection, LANE, soon)
        await jobs.wake_lane_at(connection, LANE, late)
    found = await rows(hub, "select lock, scheduled_at from procrastinate_jobs")
    assert [(one.lock, one.scheduled_at) for one in found] == [(None, soon)]


async def test_every_parcel_is_delivered_once(hub: Hub, receiver: Receiver) -> None:
    await submit(hub, 12)
    assert await drain(hub, LANE, PACE) == 12
    assert len(receiver.calls()) == len({key for key, _ in receiver.calls()}) == 12
    assert await mill.states(hub) == {"ACCEPTED": 12}


async def test_an_overtaken_drain_writes_nothing(hub: Hub) -> None:
    await submit(hub, 1)
    async with hub.database.begin() as connection:
        old = await lanes.take(connection, LANE)
        claims = await lanes.claim(connection, LANE, old, 5)
        assert len(claims) == 1
    async with hub.database.begin() as connection:
        new = await lanes.take(connection, LANE)
        assert not await lanes.is_held(connection, LANE, old)
        assert await lanes.claim(connection, LANE, old, 5) == []
        again = await lanes.claim(connection, LANE, new, 5)
    assert [one.is_doubtful for one in again] == [True]


async def test_what_a_dead_worker_was_sending_is_asked_after_first(
    asking: Hub, receiver: Receiver
) -> None:
    await submit(asking, 1)
    receiver.mood(silent_after_commit=1)
    await drain(asking, LANE, replace(PACE, first_wait=0.0001))
    assert len(receiver.calls()) == 1
    await asyncio.sleep(0.05)
    await drain(asking, LANE, PACE)
    assert len(receiver.calls()) == 1
    assert len(receiver.calls("enquire")) == 1
    assert await mill.states(asking) == {"ACCEPTED": 1}


async def test_a_crashed_claim_is_sent_again_under_the_same_key(
    hub: Hub, receiver: Receiver
) -> None:
    await submit(hub, 1)
    async with hub.database.begin() as connection:
        fence = await lanes.take(connection, LANE)
        await lanes.claim(connection, LANE, fence, 5)
    await drain(hub, LANE, PACE)
    await drain(hub, LANE, PACE)
    assert await mill.states(hub) == {"ACCEPTED": 1}
    assert len(receiver.opened()) == 1


async def test_the_parcels_of_one_case_keep_their_order(
    hub: Hub, receiver: Receiver
) -> None:
    [number] = await submit(hub, 1)
    await mill.judge_all(hub)
    await accept(hub, mill.COURT, draft(number, "judged", node="JUDGMENT_SERVICE"))
    async with hub.database.begin() as connection:
        fence = await lanes.take(connection, LANE)
        claims = await lanes.claim(connection, LANE, fence, 5)
        assert [one.parcel.node for one in claims] == [mill.NODE]
        await lanes.release(connection, fence, claims)
    await drain(hub, LANE, PACE)
    assert [key.split("/")[1] for key, _ in receiver.calls()] == [
        mill.NODE,
        "JUDGMENT_SERVICE",
    ]


async def test_a_dead_parcel_blocks_only_its_own_case(
    hub: Hub, receiver: Receiver
) -> None:
    await submit(hub, 3)
    receiver.mood(poison=["case-1"])
    for _ in range(6):
        await drain(hub, LANE, PACE)
        await asyncio.sleep(0.25)
    assert await mill.states(hub) == {"ACCEPTED": 2, "DEAD": 1}
    [dead] = await rows(hub, "select * from transfer where state = 'DEAD'")
    assert dead.error_code == "DELIVERY_EXHAUSTED"
    assert dead.attempts == PACE.attempts


async def test_a_dead_parcel_is_replayed_under_the_same_key(
    hub: Hub, receiver: Receiver
) -> None:
    await submit(hub, 1)
    receiver.mood(garbage=1)
    await drain(hub, LANE, PACE)
    [dead] = await rows(hub, "select * from transfer")
    assert (dead.state, dead.error_code) == ("DEAD", "AGENCY_ANSWER_UNREADABLE")
    await replay(hub, dead.id, "HUB-OPERATOR")
    await drain(hub, LANE, PACE)
    [after] = await rows(hub, "select * from transfer")
    assert after.state == "ACCEPTED"
    assert [key for key, _ in receiver.calls()] == [dead.idempotency_key]
    with pytest.raises(RequestInvalid):
        await replay(hub, dead.id, "HUB-OPERATOR")


async def test_a_cancelled_transfer_is_never_sent(hub: Hub, receiver: Receiver) -> None:
    await submit(hub, 1)
    [kept] = await rows(hub, "select id from transfer")
    await cancel(hub, kept.id, POLICE)
    await drain(hub, LANE, PACE)
    assert receiver.calls() == []
    assert await mill.states(hub) == {"CANCELLED": 1}


async def test_while_the_endpoint_is_down_parcels_wait_and_lose_no_attempt(
    hub: Hub, receiver: Receiver
) -> None:
    await submit(hub, 3)
    receiver.mood(down=True)
    for _ in range(8):
        await drain(hub, LANE, PACE)
        await asyncio.sleep(0.05)
    found = await rows(hub, "select state, attempts, error_code from transfer")
    assert {one.state for one in found} == {"QUEUED"}
    assert max(one.attempts for one in found) == 1
    async with hub.database.begin() as connection:
        assert (await outbox.door(connection, ENDPOINT))[0] == "down"
    receiver.mood()
    await asyncio.sleep(0.25)
    await drain(hub, LANE, PACE)
    assert await mill.states(hub) == {"ACCEPTED": 3}


async def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks(
    hub: Hub, receiver: Receiver
) -> None:
    await submit(hub, 2)
    receiver.mood(busy=30.0)
    await drain(hub, LANE, PACE)
    found = await rows(
        hub,
        "select state, next_attempt_at - now() > interval '25 s' as w from transfer",
    )
    assert [(one.state, one.w) for one in found] == [("QUEUED", True)] * 2


def _by_hours(hub: Hub, *, is_open: bool) -> datetime:
    """Give the endpoint hours that hold now, or do not; when it opens next."""
    now = datetime.now(UTC)
    night, evening = "00:00-12:00", "12:00-24:00"
    is_morning = Hours.of(night).is_open(now)
    told = night if is_morning is is_open else evening
    known = cast("dict[str, Endpoint]", hub.registry.endpoints)
    known[ENDPOINT] = replace(known[ENDPOINT], options={"hours": told})
    return hub.registry.hours(ENDPOINT).opening(now)


async def test_a_closed_receiver_is_not_knocked_at_and_not_down(
    hub: Hub, receiver: Receiver
) -> None:
    await submit(hub, 2)
    opens = _by_hours(hub, is_open=False)
    assert await drain(hub, LANE, PACE) == 0
    assert receiver.calls() == []
    found = await rows(
        hub, "select state, attempts, next_attempt_at as at from transfer"
    )
    assert [(one.state, one.attempts) for one in found] == [("QUEUED", 0)] * 2
    assert all(abs(one.at - opens) < timedelta(minutes=1) for one in found)
    async with hub.database.begin() as connection:
        assert (await outbox.door(connection, ENDPOINT))[0] != "down"


async def test_a_closed_endpoint_is_not_synced_until_it_opens(hub: Hub) -> None:
    schedule = Schedule(hub)
    _by_hours(hub, is_open=False)
    await schedule.look()
    assert await waiting(hub) == []
    _by_hours(hub, is_open=True)
    await schedule.look()
    assert [task for task, _, _ in await waiting(hub)] == ["sync_endpoint"]


async def test_a_refused_login_stops_the_knocking(hub: Hub, receiver: Receiver) -> None:
    await submit(hub, 3)
    receiver.mood(login_refused=True)
    await drain(hub, LANE, PACE)
    await drain(hub, LANE, PACE)
    assert await mill.states(hub) == {"DEAD": 1, "QUEUED": 2}
    receiver.mood()
    [dead] = await rows(hub, "select id from transfer where state = 'DEAD'")
    await replay(hub, dead.id, "HUB-OPERATOR")
    await asyncio.sleep(0.25)
    await drain(hub, LANE, PACE)
    assert await mill.states(hub) == {"ACCEPTED": 3}


async def test_a_refusal_is_a_receipt_with_reasons(
    hub: Hub, receiver: Receiver
) -> None:
    [number] = await submit(hub, 1)
    receiver.mood(returns=["case-0"])
    await drain(hub, LANE, PACE)
    [told] = await rows(hub, "select outcome, reasons from receipt")
    assert told.outcome == "RETURNED"
    assert [one["code"] for one in told.reasons] == ["R02"]
    receiver.mood()
    await accept(hub, POLICE, draft(number, "second-round"))
    await drain(hub, LANE, PACE)
    found = await rows(hub, "select state, round from transfer order by round")
    assert [tuple(one) for one in found] == [("RETURNED", 1), ("ACCEPTED", 2)]


async def test_a_lost_receipt_is_asked_for_and_then_handed_over_once_more(
    asking: Hub, receiver: Receiver
) -> None:
    await submit(asking, 1)
    receiver.mood(pending=True, forgets=PACE.enquiries)
    await drain(asking, LANE, PACE)
    assert await mill.states(asking) == {"DELIVERED": 1}
    for _ in range(PACE.enquiries + 2):
        await asyncio.sleep(0.12)
        await drain(asking, LANE, PACE)
    assert len(receiver.calls()) == 2
    assert len({key for key, _ in receiver.calls()}) == 1
    receiver.mood()
    await asyncio.sleep(0.12)
    await drain(asking, LANE, PACE)
    assert await mill.states(asking) == {"ACCEPTED": 1}


async def test_the_receivers_number_joins_the_case(hub: Hub) -> None:
    [number] = await submit(hub, 1)
    await drain(hub, LANE, PACE)
    found = await rows(
        hub,
        "select n.value, t.receiver_number, c.hub_number from case_number n"
        " join case_record c on c.id = n.case_id join transfer t on t.case_id = c.id"
        " where n.scheme = 'department'",
    )
    assert [tuple(one) for one in found] == [("T000001", "T000001", number)]
    assert ("sync_endpoint", f"sync#{ENDPOINT}", f"sync#{ENDPOINT}") in await waiting(
        hub
    )


async def test_a_case_opened_under_the_new_number_meanwhile_becomes_one_with_it(
    hub: Hub,
) -> None:
    [number] = await submit(hub, 1)
    async with hub.database.begin() as connection:
        from hub.store import numbers

        other, _ = await numbers.open_case(connection, "421381", "202302")
        await numbers.join(connection, other, ENDPOINT, {"department": "T000001"})
    await drain(hub, LANE, PACE)
    async with hub.database.read() as connection:
        mine = await numbers.find_case(connection, number)
        assert await numbers.find_case(connection, "T000001") == mine
    [merged] = await rows(
        hub, "select id from case_record where merged_into is not null"
    )
    assert merged.id == other


async def test_the_sweep_wakes_what_nobody_woke(hub: Hub) -> None:
    await submit(hub, 2)
    async with hub.database.begin() as connection:
        await connection.execute(sa.text("delete from procrastinate_jobs"))
    await sweep(hub)
    await sweep(hub)
    assert await waiting(hub) == [(jobs.DRAIN, LANE, LANE)]


async def stall(hub: Hub, *, with_successor: bool) -> int:
    """A drain job whose worker died a while ago; its id."""
    async with hub.database.begin() as connection:
        await jobs.wake_lane(connection, LANE)
        await connection.execute(
            sa.text(
                "insert into procrastinate_workers (last_heartbeat)"
                " values (now() - interval '1 hour')"
            )
        )
        fetched = await connection.execute(
            sa.text(
                "select id from procrastinate_fetch_job_v2(array['hub'],"
                " (select max(id) from procrastinate_workers))"
            )
        )
        if with_successor:
            await jobs.wake_lane(connection, LANE)
        return int(fetched.scalar_one())


@pytest.mark.parametrize("with_successor", [False, True])
async def test_a_stalled_job_is_ended_and_its_lane_woken(
    hub: Hub, with_successor: bool
) -> None:
    stalled = await stall(hub, with_successor=with_successor)
    async with hub.database.begin() as connection:
        assert [one.id for one in await jobs.rescue(connection, 10.0)] == [stalled]
        assert await jobs.rescue(connection, 10.0) == []
    assert await waiting(hub) == [(jobs.DRAIN, LANE, LANE)]


async def test_a_job_that_a_living_worker_lost_is_rescued_at_the_second_look(
    hub: Hub,
) -> None:
    async with hub.database.begin() as connection:
        await jobs.wake_lane(connection, LANE)
        await connection.execute(
            sa.text("insert into procrastinate_workers default values")
        )
        fetched = await connection.execute(
            sa.text(
                "select id, worker_id from procrastinate_fetch_job_v2(array['hub'],"
                " (select max(id) from procrastinate_workers))"
            )
        )
        job = fetched.one()
    engine = Engine(hub, PACE, Beat(silence=60.0, patience=0.0), asyncio.Event())
    engine.names.add(job.worker_id)
    rescue = Rescue(engine)
    engine.mine.add(job.id)
    await rescue.look()
    await rescue.look()
    assert await waiting(hub) == []
    engine.mine.clear()
    await rescue.look()
    assert await waiting(hub) == []
    await rescue.look()
    assert await waiting(hub) == [(jobs.DRAIN, LANE, LANE)]
