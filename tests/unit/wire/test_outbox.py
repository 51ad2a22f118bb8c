"""The simulators' end of a broker: a queue that ends with its owner, and no waiting."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.errors import AgencyLoginRefused, AgencyUnreachable
from hub.wire.queue import Queue
from tests.house.documents import ROOT
from tests.simulators import broker
from tests.unit.wire.broker import needs_broker

OWNER = """
import signal, sys
from pathlib import Path
from tests.simulators.broker import Outbox
box = Outbox(Path(sys.argv[1]))
box.end_with_us()
box.fill([("1", b"{}"), ("2", b"[]")], "application/json")
print("filled", flush=True)
signal.pause()
"""


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", OWNER, str(tmp_path / "queue")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"filled\n"
        yield process
        process.terminate()


async def waiting(name: str) -> int:
    async with Queue(broker.ADDRESS, endpoint="mq-test") as queue:
        return await queue.check(name)


@needs_broker
async def test_a_queue_is_filled_and_ends_with_its_owner(
    owner: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    name = (tmp_path / "queue").read_text("utf-8")
    assert await waiting(name) == 2
    owner.terminate()
    assert owner.wait() == 0
    with pytest.raises(AgencyUnreachable):
        await waiting(name)


@needs_broker
async def test_a_stranger_is_refused() -> None:
    with pytest.raises(AgencyLoginRefused):
        await Queue(broker.stranger(), endpoint="mq-test").__aenter__()


def test_one_who_takes_the_call_and_says_nothing_is_no_broker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(broker, "_PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(broker, "ADDRESS", f"amqp://a:b@127.0.0.1:{port}/")
        told = broker.lacking.__wrapped__()
    assert told.startswith(f"NO RABBITMQ at 127.0.0.1:{port}/ (")
    assert "b@" not in told
