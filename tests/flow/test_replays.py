"""Replays as jobs: pages, stops, dead workers, newer data, readers in the moment."""

from __future__ import annotations

import asyncio
import base64
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.contract.messages import RawRecord
from hub.engine import readlog, rereading
from hub.engine.absorb import Desk as Absorbing
from hub.engine.absorb import absorb
from hub.engine.evidence import at
from hub.engine.upkeep import sweep
from hub.records.caller import Caller
from hub.store import linking, raw, runs, sources
from hub.store import readlog as store
from hub.store.tables import case_agency
from tests.flow.city import ROOT, City
from tests.flow.conftest import MakeHub
from tests.flow.desk import PATH, SWAPPED, Desk, measures, open_desk, police

LIST = "{ replayJobs { totalCount nodes { state changed done total startedBy } } }"


@pytest.fixture
async def desk(
    whole_city: City, make_hub: MakeHub, tmp_path: Path
) -> AsyncIterator[Desk]:
    """A hub that synced the police by the swapped codes."""
    hub = make_hub([whole_city.endpoints["police_case"]])
    async with open_desk(hub, tmp_path / "d") as opened:
        await opened.sync()
        yield opened


@pytest.fixture
def endpoint(whole_city: City) -> str:
    """The police's."""
    return police(whole_city)


async def _page(desk: Desk, job: str, most: int = 50) -> bool:
    return await rereading.work(desk.hub, _key(job), _once(), most) == 1


def _key(job: str) -> int:
    return int(base64.b64decode(job).decode().partition(":")[2])


def _once(times: int = 1) -> Any:
    """A worker that is told to stop after so many pages."""
    asked = iter([False] * times)
    return lambda: next(asked, True)


async def _kinds(desk: Desk) -> dict[int, list[str]]:
    return {key: measures(one) for key, one in (await desk.records()).items()}


async def test_a_replay_can_be_paused_resumed_and_cancelled_between_pages(
    desk: Desk, endpoint: str
) -> None:
    desk.mend()
    job = (await desk.start(endpoints=[endpoint]))["job"]
    assert job["state"] == "RUNNING"
    assert await _page(desk, job["id"])
    assert (await desk.turn("pause", job["id"]))["job"] == {
        "state": "PAUSED",
        "done": 50,
    }
    held = await desk.records()
    assert not await _page(desk, job["id"])
    assert await desk.records() == held
    assert (await desk.turn("pause", job["id"]))["code"] == "REQUEST_INVALID"
    assert (await desk.turn("resume", job["id"]))["job"]["state"] == "RUNNING"
    assert await _page(desk, job["id"])
    assert (await desk.turn("cancel", job["id"]))["job"] == {
        "state": "CANCELLED",
        "done": 100,
    }
    assert not await _page(desk, job["id"])
    assert (await desk.turn("resume", job["id"]))["code"] == "REQUEST_INVALID"
    # what is done stands, and another replay does the rest
    rest = (await desk.start(endpoints=[endpoint]))["job"]
    assert rest["total"] == job["total"] - 100
    async with desk.worker():
        assert (await desk.finished(rest["id"]))["state"] == "FINISHED"
    (left,) = await desk.rows("select count(distinct rules) as n from source_record")
    assert left["n"] == 1


async def test_the_same_replay_is_not_started_twice(desk: Desk, endpoint: str) -> None:
    desk.mend()
    first, second = await asyncio.gather(
        desk.start(endpoints=[endpoint]), desk.start(endpoints=[endpoint])
    )
    kinds = sorted((first["__typename"], second["__typename"]))
    assert kinds == ["Refusal", "ReplayTurned"]
    refused = next(one for one in (first, second) if one["__typename"] == "Refusal")
    assert refused["code"] == "REPLAY_RUNNING"
    job = next(one for one in (first, second) if one is not refused)["job"]
    await desk.turn("pause", job["id"])
    assert (await desk.start(endpoints=[endpoint]))["code"] == "REPLAY_RUNNING"
    await desk.turn("cancel", job["id"])
    assert (await desk.start(endpoints=[endpoint]))["__typename"] == "ReplayTurned"


async def test_two_workers_on_one_job_do_every_record_once(
    desk: Desk, endpoint: str
) -> None:
    desk.mend()
    job = (await desk.start(endpoints=[endpoint]))["job"]
    work = rereading.work
    both = await asyncio.gather(
        *(work(desk.hub, _key(job["id"]), lambda: False) for _ in range(2))
    )
    found = await desk.job(job["id"])
    assert found["done"] == found["total"]
    assert sum(both) == -(-found["total"] // rereading.PAGE)
    (doubled,) = await desk.rows(
        "select count(*) as n, count(distinct source_key) as keys from replay_item"
    )
    assert doubled["n"] == doubled["keys"] == found["items"]["totalCount"]


@pytest.mark.parametrize("place", ["replay.before_commit:2", "replay.after_page:2"])
async def test_a_killed_worker_is_followed_by_one_that_goes_on(
    desk: Desk, endpoint: str, whole_city: City, place: str
) -> None:
    desk.mend()
    job = (await desk.start(endpoints=[endpoint]))["job"]
    address = whole_city.endpoints["police_case"].address
    database = desk.hub.database.url
    told = [database, str(desk.folder), endpoint, address, place]
    command = [sys.executable, "-m", "tests.flow.replay_worker", *told]
    worker = _process(command)
    assert await asyncio.to_thread(worker.wait, 90) == 137
    stopped = await desk.job(job["id"])
    pages = 1 if place.startswith("replay.before") else 2
    assert (stopped["state"], stopped["done"]) == ("RUNNING", pages * rereading.PAGE)
    command[-1] = ""
    other = _process(command)
    try:
        found = await desk.finished(job["id"])
    finally:
        other.send_signal(signal.SIGTERM)
        await asyncio.to_thread(other.wait, 60)
    assert (found["state"], found["done"]) == ("FINISHED", found["total"])
    (doubled,) = await desk.rows(
        "select count(*) as n, count(distinct source_key) as keys from replay_item"
    )
    assert doubled["n"] == doubled["keys"] == found["changed"]


def _process(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT)


async def test_a_running_replay_that_nobody_has_in_hand_is_woken(
    desk: Desk, endpoint: str
) -> None:
    desk.mend()
    job = (await desk.start(endpoints=[endpoint]))["job"]
    waiting = "select id from procrastinate_jobs where task_name = 'replay_records'"
    assert len(await desk.rows(waiting)) == 1
    await sweep(desk.hub)
    assert len(await desk.rows(waiting)) == 1
    async with desk.hub.database.begin() as connection:
        await connection.exec_driver_sql("delete from procrastinate_jobs")
    await sweep(desk.hub)
    assert len(await desk.rows(waiting)) == 1
    await desk.turn("cancel", job["id"])
    async with desk.hub.database.begin() as connection:
        await connection.exec_driver_sql("delete from procrastinate_jobs")
    await sweep(desk.hub)
    assert await desk.rows(waiting) == []


async def _wrong_source(desk: Desk, endpoint: str) -> tuple[str, int]:
    """A source key whose facet has a swapped measure, and its case."""
    rows = await desk.rows(
        "select source_key, case_id, body from facet where is_current order by id"
    )
    one = next(row for row in rows if set(measures(row["body"])) & set(SWAPPED))
    return one["source_key"], one["case_id"]


async def _newer(desk: Desk, endpoint: str, key: str) -> RawRecord:
    """The same record as its agency would tell it later: another title."""
    rows = await desk.rows("select raw_id from source_record where key = :key", key=key)
    async with desk.hub.database.read() as connection:
        kept = await raw.load(connection, rows[0]["raw_id"])
    assert kept is not None
    text = kept.record.body.decode()
    head, tag, rest = text.partition("&lt;AJMC&gt;")
    title, end, tail = rest.partition("&lt;/AJMC&gt;")
    assert title
    body = "".join((head, tag, title, "（更名）", end, tail)).encode()
    return replace(kept.record, body=body)


async def test_newer_data_that_arrives_meanwhile_is_never_overwritten(
    desk: Desk, endpoint: str
) -> None:
    """A sync has the endpoint's records in hand when the replay comes to them."""
    key, case_id = await _wrong_source(desk, endpoint)
    record = await _newer(desk, endpoint, key)
    desk.mend()
    job = (await desk.start(endpoints=[endpoint]))["job"]
    rules = await desk.hub.book.renew()
    mapping = rules.mappings.system("police_case", endpoint)
    adapter = desk.hub.registry.open(endpoint)
    async with desk.hub.database.begin() as connection:
        run_id = await runs.start(connection, endpoint, "test", {})
    async with desk.hub.database.begin() as connection:
        taken = await sources.store(
            connection,
            endpoint,
            [record],
            rules="",
            adapter_version="1",
            run_id=run_id,
        )
        stored = taken.stored
    async with desk.hub.database.begin() as syncing:
        await linking.lock_source(syncing, endpoint)
        replaying = asyncio.create_task(
            rereading.work(desk.hub, _key(job["id"]), lambda: False)
        )
        await asyncio.sleep(0.5)
        assert not replaying.done()
        bench = Absorbing(desk.hub, endpoint, adapter, mapping, "1")
        counts = await absorb(syncing, bench, run_id, stored, "test")
        assert counts.mapped == 1
    await replaying
    assert (await desk.job(job["id"]))["state"] == "FINISHED"
    (current,) = await desk.rows(
        "select raw_id, body from facet where is_current and source_key = :key", key=key
    )
    assert current["raw_id"] == stored[0].raw_id
    assert current["body"]["title"].endswith("（更名）")
    (known,) = await desk.rows(
        "select raw_id from source_record where key = :key", key=key
    )
    assert known["raw_id"] == stored[0].raw_id
    shown = (await desk.records())[case_id]
    assert str(shown["title"]).endswith("（更名）")


async def test_older_bytes_of_the_same_system_do_not_win_by_being_read_again(
    desk: Desk, endpoint: str
) -> None:
    """Two records of one case: the older one changes, the newer one still speaks."""
    key, case_id = await _wrong_source(desk, endpoint)
    record = await _newer(desk, endpoint, key)
    other = replace(record, key=f"0{key}")  # it is read again first
    async with desk.hub.database.begin() as connection:
        run_id = await runs.start(connection, endpoint, "test", {})
        taken = await sources.store(
            connection,
            endpoint,
            [other],
            rules="",
            adapter_version="1",
            run_id=run_id,
        )
        stored = taken.stored
        mapping = desk.hub.mapping_of(endpoint)
        adapter = desk.hub.registry.open(endpoint)
        bench = Absorbing(desk.hub, endpoint, adapter, mapping, "1")
        await absorb(connection, bench, run_id, stored, "test")
    assert str((await desk.records())[case_id]["title"]).endswith("（更名）")
    desk.mend()
    number = (await desk.records())[case_id]["hub_number"]
    job = (await desk.start(cases=[number]))["job"]
    assert job["total"] == 2
    await rereading.work(desk.hub, _key(job["id"]), lambda: False, 1)
    assert (await desk.job(job["id"]))["changed"] == 2
    assert str((await desk.records())[case_id]["title"]).endswith("（更名）")


async def test_rules_that_change_meanwhile_stop_the_replay(
    desk: Desk, endpoint: str
) -> None:
    desk.mend()
    job = (await desk.start(endpoints=[endpoint]))["job"]
    assert await _page(desk, job["id"])
    desk.swap()
    assert not await _page(desk, job["id"])
    found = await desk.job(job["id"])
    assert (found["state"], found["done"]) == ("FAILED", 50)
    assert found["error"] == {"code": "REPLAY_OVERTAKEN"}
    (run,) = await desk.rows("select * from sync_run where trigger = 'replay_job'")
    assert (run["state"], run["fetched"]) == ("finished", 50)


async def test_a_cause_that_is_mended_closes_its_failures_and_others_stay(
    desk: Desk, endpoint: str
) -> None:
    (cause, *_) = await desk.rows(
        "select cause, min(id) as id, count(*) as n from sync_failure"
        " where code = 'CODE_UNKNOWN' group by cause order by cause"
    )
    words = await desk.rows(
        "select raw_id, faults from sync_failure where cause = :c", c=cause["cause"]
    )
    fault = words[0]["faults"][0]
    told = desk.folder / "tables" / fault["rule"] / "crosswalk" / "police_case.tsv"
    rows = told.read_text("utf-8")
    code = rows.splitlines()[1].split("\t")[1]
    for one in words:
        word = await _word(desk, endpoint, one["raw_id"], fault["source"])
        if f"{word}\t" not in rows:
            rows += f"{word}\t{code}\tnarrower\tconfirmed\n"
    told.write_text(rows, "utf-8")
    open_before = await desk.rows("select id from sync_failure where state = 'open'")
    job = (await desk.start(cause=cause["cause"]))["job"]
    assert job["total"] == cause["n"]
    await rereading.work(desk.hub, _key(job["id"]), lambda: False)
    found = await desk.job(job["id"])
    assert found["closed"] == cause["n"]
    assert {one["outcome"] for one in found["items"]["nodes"]} == {"MENDED"}
    left = await desk.rows("select id from sync_failure where state = 'open'")
    assert len(left) == len(open_before) - cause["n"]
    closed = await desk.rows(
        "select closed_by, proof_facet_id from sync_failure where cause = :c",
        c=cause["cause"],
    )
    assert all(one["proof_facet_id"] for one in closed)
    assert all(f"replay job {_key(job['id'])}" in one["closed_by"] for one in closed)


async def _word(desk: Desk, endpoint: str, raw_id: int, place: str) -> str:
    async with desk.hub.database.read() as connection:
        kept = await raw.load(connection, raw_id)
    assert kept is not None
    return str(at(desk.hub.registry.open(endpoint).read(kept.record), place))


async def test_a_record_that_newly_fails_is_set_aside_and_what_it_said_stays(
    desk: Desk, endpoint: str
) -> None:
    before = await _kinds(desk)
    rows = desk.crosswalk.read_text("utf-8").splitlines(keepends=True)
    desk.crosswalk.write_text("".join(r for r in rows if SWAPPED[1] not in r), "utf-8")
    job = (await desk.start(endpoints=[endpoint]))["job"]
    await rereading.work(desk.hub, _key(job["id"]), lambda: False)
    found = await desk.job(job["id"])
    failing = sum(SWAPPED[1] in kinds for kinds in before.values())
    assert found["failed"] == failing > 0
    assert {one["outcome"] for one in found["items"]["nodes"]} == {"FAILED"}
    assert await _kinds(desk) == before
    opened = await desk.rows(
        "select f.id from sync_failure f join sync_run r on r.id = f.run_id"
        " where f.state = 'open' and r.trigger = 'replay_job' and f.attempts = 1"
    )
    assert len(opened) == failing
    # put back, the same records come through and close theirs
    desk.crosswalk.write_text("".join(rows), "utf-8")
    again = (await desk.start(endpoints=[endpoint]))["job"]
    await rereading.work(desk.hub, _key(again["id"]), lambda: False)
    found = await desk.job(again["id"])
    assert (found["closed"], found["changed"]) == (failing, 0)
    assert await _kinds(desk) == before


async def _a_minute_passes(desk: Desk) -> None:
    """For changes that are settled; one that is not remains so."""
    ago = "update replay_change set settled_at = settled_at - interval '1 minute'"
    async with desk.hub.database.begin() as connection:
        await connection.exec_driver_sql(ago)


async def test_a_reader_in_the_very_moment_of_the_change_is_told(
    desk: Desk, endpoint: str
) -> None:
    """It reads before the change and writes its read down after it."""
    _, case_id = await _wrong_source(desk, endpoint)
    record = (await desk.records())[case_id]
    agency = str(record["investigator"])
    began = time.monotonic()
    desk.mend()
    job = (await desk.start(cases=[record["hub_number"]]))["job"]
    await rereading.work(desk.hub, _key(job["id"]), lambda: False)
    assert await desk.corrections(agency) == []
    shown = {case_id: frozenset({PATH})}
    await readlog.write(desk.hub, Caller(agency, "POLICE"), shown, began)
    (notice,) = await desk.corrections(agency)
    assert {one["path"] for one in notice["changes"]} == {PATH}
    # one that begins afterwards saw what is right
    await _a_minute_passes(desk)
    other = Caller("PROC-421381", "PROC")
    await readlog.write(desk.hub, other, shown, time.monotonic())
    rows = await desk.rows("select caller from correction")
    assert [row["caller"] for row in rows] == [agency]


async def test_a_read_that_is_being_written_holds_the_correction_back(
    desk: Desk, endpoint: str
) -> None:
    """The replay waits for it and counts its reader, without any late telling."""
    _, case_id = await _wrong_source(desk, endpoint)
    record = (await desk.records())[case_id]
    desk.mend()
    job = (await desk.start(cases=[record["hub_number"]]))["job"]
    async with desk.hub.database.begin() as writing:
        ids = await store.shape_ids(writing, [(PATH,)])
        assert not await store.write(
            writing, "COURT-421381", [(case_id, ids[PATH,])], 0
        )
        task = asyncio.create_task(
            rereading.work(desk.hub, _key(job["id"]), lambda: False)
        )
        await asyncio.sleep(0.5)
        assert not task.done()
    await task
    rows = await desk.rows("select caller from correction")
    assert [row["caller"] for row in rows] == ["COURT-421381"]


async def test_readers_are_told_also_where_a_sync_comes_before_the_replay(
    desk: Desk, endpoint: str
) -> None:
    """The rules are mended on disk and the agency sends the same bytes once more."""
    _, case_id = await _wrong_source(desk, endpoint)
    agency = str((await desk.records())[case_id]["investigator"])
    began = time.monotonic()
    shown = {case_id: frozenset({PATH})}
    await readlog.write(desk.hub, Caller(agency, "POLICE"), shown, began)
    desk.mend()
    async with desk.hub.database.begin() as connection:
        await connection.exec_driver_sql("delete from watermark")
    before = await _kinds(desk)
    await desk.sync()
    wrong = sum(bool(set(kinds) & set(SWAPPED)) for kinds in before.values())
    (job,) = (await desk.ask("HUB-OPERATOR", LIST))["replayJobs"]["nodes"]
    assert job["state"] == "FINISHED"
    assert job["changed"] == wrong > 0
    assert job["startedBy"].startswith("sync run ")
    (notice,) = await desk.corrections(agency)
    assert {one["path"] for one in notice["changes"]} == {PATH}
    refused = await desk.start(endpoints=[endpoint])
    assert refused["code"] == "REQUEST_INVALID", "there is nothing left to read again"
    await desk.sync()
    assert (await desk.ask("HUB-OPERATOR", LIST))["replayJobs"]["totalCount"] == 1
    unsettled = "select id from replay_change where settled_at is null"
    assert await desk.rows(unsettled) == []


async def test_readers_of_older_bytes_are_told_only_since_newer_ones_were_there(
    desk: Desk, endpoint: str
) -> None:
    """What was right when it was read is no mistake, though newer bytes failed."""
    key, case_id = await _wrong_source(desk, endpoint)
    desk.mend()
    await rereading.work(
        desk.hub, _key((await desk.start())["job"]["id"]), lambda: False
    )
    agency = str((await desk.records())[case_id]["investigator"])
    shown = {case_id: frozenset({"title"})}
    early, late = Caller("COURT-421381", "COURT"), Caller(agency, "POLICE")
    await _a_minute_passes(desk)
    await readlog.write(desk.hub, early, shown, time.monotonic())
    words = desk.crosswalk.read_text("utf-8")
    kept = [row for row in words.splitlines(keepends=True) if SWAPPED[0] not in row]
    desk.crosswalk.write_text("".join(kept), "utf-8")
    await desk.hub.book.renew()
    record = await _newer(desk, endpoint, key)
    mapping, adapter = desk.hub.mapping_of(endpoint), desk.hub.registry.open(endpoint)
    async with desk.hub.database.begin() as connection:
        run_id = await runs.start(connection, endpoint, "test", {})
        taken = await sources.store(
            connection,
            endpoint,
            [record],
            rules="",
            adapter_version="1",
            run_id=run_id,
        )
        stored = taken.stored
        bench = Absorbing(desk.hub, endpoint, adapter, mapping, "1")
        counts = await absorb(connection, bench, run_id, stored, "test")
    assert counts.set_aside == 1
    await readlog.write(desk.hub, late, shown, time.monotonic())
    desk.crosswalk.write_text(words, "utf-8")
    job = (await desk.start(endpoints=[endpoint]))["job"]
    await rereading.work(desk.hub, _key(job["id"]), lambda: False)
    assert (await desk.job(job["id"]))["closed"] == 1
    rows = await desk.rows("select caller from correction where was_read")
    assert [row["caller"] for row in rows] == [agency]


async def test_what_a_killed_worker_left_unsettled_the_sweep_settles(
    desk: Desk, endpoint: str
) -> None:
    """Else every later reader would be taken for one in the very moment."""
    _, case_id = await _wrong_source(desk, endpoint)
    number = (await desk.records())[case_id]["hub_number"]
    desk.mend()
    job = (await desk.start(cases=[number]))["job"]
    await rereading.work(desk.hub, _key(job["id"]), lambda: False)
    async with desk.hub.database.begin() as connection:
        await connection.exec_driver_sql("update replay_change set settled_at = null")
    await sweep(desk.hub)
    await _a_minute_passes(desk)
    shown = {case_id: frozenset({PATH})}
    reader = Caller("COURT-421381", "COURT")
    await readlog.write(desk.hub, reader, shown, time.monotonic())
    assert await desk.rows("select caller from correction") == []


async def test_readers_of_a_case_that_was_merged_away_are_found(
    desk: Desk, endpoint: str
) -> None:
    _, case_id = await _wrong_source(desk, endpoint)
    record = (await desk.records())[case_id]
    ids = (await desk.rows("select max(id) as id from case_record"))[0]["id"]
    other = next(key for key in range(ids, 0, -1) if key != case_id)
    lost, kept = max(case_id, other), min(case_id, other)
    reader = Caller("COURT-421381", "COURT")
    now = asyncio.get_running_loop().time()
    for key in (lost, kept):
        await readlog.write(desk.hub, reader, {key: frozenset({PATH})}, now)
    async with desk.hub.database.begin() as connection:
        await linking.merge(connection, lost, kept)
        await connection.execute(
            sa.insert(case_agency).values(case_id=kept, agency="COURT-421381")
        )
    desk.mend()
    job = (await desk.start(cases=[record["hub_number"]]))["job"]
    await rereading.work(desk.hub, _key(job["id"]), lambda: False)
    (notice,) = await desk.corrections("COURT-421381")
    home = await desk.rows("select hub_number from case_record where id = :k", k=kept)
    assert notice["case"]["hubNumber"] == home[0]["hub_number"]
    assert {one["path"] for one in notice["changes"]} == {PATH}
