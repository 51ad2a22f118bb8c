"""How quickly hand-overs go out: submit to delivered, and delivered a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.engine.accept import accept
from hub.store.database import Database
from tests.flow.mill import (
    POLICE,
    Receiver,
    WorkerProcess,
    build_hub,
    draft,
    file_cases,
    rows,
    until,
)

pytestmark = pytest.mark.bench

#: hand-overs that wait when the workers start
BACKLOG = 1500
#: hand-overs a second, and for how many seconds
RATE, SECONDS = 50, 8


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A running receiver."""
    running = Receiver(tmp_path / "receiver").start()
    yield running
    running.kill()


async def test_submit_to_delivered_at_a_steady_rate(
    database: Database, database_url: str, receiver: Receiver
) -> None:
    """Prints percentiles of submitted to answered, and of the submission itself."""
    hub = build_hub(database, receiver.address)
    worker = WorkerProcess(database_url, receiver.address).start()
    numbers = await file_cases(hub, RATE * SECONDS + 20)
    for number in numbers[:20]:
        await accept(hub, POLICE, draft(number))
    await until(hub, {"ACCEPTED": 20})
    took: list[float] = []
    tasks: list[asyncio.Task[None]] = []

    async def submit(number: str) -> None:
        began = time.perf_counter()
        await accept(hub, POLICE, draft(number))
        took.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    for place, number in enumerate(numbers[20:]):
        await asyncio.sleep(began + place / RATE - time.perf_counter())
        tasks.append(asyncio.create_task(submit(number)))
    await asyncio.gather(*tasks)
    await until(hub, {"ACCEPTED": len(numbers)})
    worker.kill()
    found = await rows(
        hub,
        "select percentile_cont(array[0.5, 0.99, 1.0]) within group (order by"
        " extract(epoch from answered_at - submitted_at) * 1000) as ms from"
        " (select * from transfer order by submitted_at offset 20) as t",
    )
    p50, p99, worst = found[0].ms
    took.sort()
    print(
        f"\n{RATE}/s: submitted to delivered p50 {p50:.0f} ms, p99 {p99:.0f} ms,"
        f" worst {worst:.0f} ms; accept p50 {took[len(took) // 2]:.0f} ms,"
        f" p99 {took[int(len(took) * 0.99)]:.0f} ms"
    )


@pytest.mark.parametrize("workers", [1, 2])
async def test_delivered_a_second_from_a_backlog(
    database: Database, database_url: str, receiver: Receiver, workers: int
) -> None:
    """Prints how many a second leave a backlog of cases."""
    hub = build_hub(database, receiver.address)
    numbers = await file_cases(hub, BACKLOG)
    began = time.perf_counter()
    for number in numbers:
        await accept(hub, POLICE, draft(number))
    accepted = BACKLOG / (time.perf_counter() - began)
    made = [WorkerProcess(database_url, receiver.address) for _ in range(workers)]
    for worker in made:
        worker.start()
    await until(hub, {"ACCEPTED": BACKLOG}, patience=300)
    for worker in made:
        worker.kill()
    found = await rows(
        hub,
        "select count(*) / extract(epoch from max(answered_at) - min(answered_at))"
        " as a_second from transfer",
    )
    print(
        f"\n{workers} worker(s): {found[0].a_second:.0f} delivered a second;"
        f" {accepted:.0f} accepted a second, one after another"
    )
