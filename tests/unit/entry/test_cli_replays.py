"""``hub replays``: a job from the keyboard, its refusals, and what it never prints."""

import asyncio
import re

import pytest

from hub.store.database import Database
from tests.schema import seeds
from tests.schema.test_replays import change, notify
from tests.unit.entry.test_cli_database import (  # noqa: F401 - fixtures
    hub,
    rows,
)


@pytest.fixture
def filed(database_url):
    """A source record read by other rules; returns a way to run more in the store."""

    def run(work):
        async def done():
            database = Database.open(database_url, pool=2)
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(done())

    async def make(database):
        from hub.store.tables import source_record

        raw_id = await seeds.raw(database)
        await seeds.put(
            database,
            source_record,
            endpoint="police-suizhou",
            kind="case",
            key="K1",
            digest=b"d",
            rules="older",
            raw_id=raw_id,
            state="mapped",
        )

    run(make)
    return run


def test_a_replay_is_started_listed_held_and_given_up(hub, filed):  # noqa: F811
    code, out, _ = hub("replays", "start", "--reason", "mended")
    assert code == 0
    assert re.search(r"(?m)^1\s+running\s+0/1\s", out)
    for verb, state in (("pause", "paused"), ("resume", "running")):
        assert re.search(rf"(?m)^1\s+{state}\s", hub("replays", verb, "1")[1])
    code, _, err = hub("replays", "start", "--reason", "mended")
    assert (code, "REPLAY_RUNNING" in err) == (1, True)
    assert re.search(r"(?m)^1\s+cancelled\s", hub("replays", "cancel", "1")[1])
    assert re.search(r"(?m)^1\s+cancelled\s", hub("replays", "list")[1])
    assert "reason  mended" in hub("replays", "show", "1")[1]


def test_what_a_replay_changed_is_shown_without_values(hub, filed):  # noqa: F811
    hub("replays", "start", "--reason", "mended")

    async def told(database):
        case_id = await seeds.case(database, seeds.POLICE)
        change_id = await change(database, 1, case_id)
        await notify(database, 1, case_id, seeds.POLICE, change_id)

    filed(told)
    _, out, _ = hub("replays", "show", "1")
    assert re.search(rf"(?m)^{seeds.POLICE}\s+1\s+1\s+0\s+0", out)
    assert "1901" not in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("start",),
        ("start", "--reason", " "),
        ("start", "--reason", "x", "--endpoint", "nowhere"),
        ("start", "--reason", "x", "--case", "H0"),
        ("start", "--reason", "x", "--kind", "nothing"),
        ("show", "7"),
        ("pause", "7"),
        ("resume", "x"),
        ("cancel", "0"),
    ],
)
def test_a_refused_replay_is_coded_and_changes_nothing(
    hub,  # noqa: F811
    rows,  # noqa: F811
    filed,
    arguments,
):
    before = rows()
    code, out, err = hub("replays", *arguments)
    assert code in {1, 2}
    assert not out
    assert "docs/errors/" in err
    assert "Traceback" not in err
    assert rows() == before
