"""Who is told of a wrong value where newer bytes, or other fields, are in between."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.contract.messages import Page, RawRecord, Watermark
from hub.engine import failures, readlog, replays, rereading
from hub.engine.absorb import Desk
from hub.engine.hub import Hub
from hub.engine.replays import Wanted
from hub.engine.rules import RuleBook
from hub.engine.sync import prepare, settle, sync_endpoint
from hub.mapping.load import Mappings
from hub.records.caller import Caller, Reach, Sight
from hub.records.page import Ask
from hub.store import corrections, linking, numbers, runs, sources
from hub.store.database import Database
from hub.store.runs import Counts
from hub.store.tables import case_agency
from tests.bench import world
from tests.flow import books

#: what is swapped in the mapping while it is wrong
RIGHT, WRONG = "title: { from: AJMC, convert: trimmed }", "title: { from: JYAQ }"


class Source(world.PageSource):
    """Tells what it is given."""

    content: Sequence[RawRecord] = ()


@dataclass
class Place:
    """A hub by a mapping of its own, and readers of case 1."""

    hub: Hub
    folder: Path

    def edit(self, old: str, new: str) -> None:
        """The mapping's text is another one from now on."""
        file = self.folder / "bench.yaml"
        words = file.read_text("utf-8")
        assert old in words
        file.write_text(words.replace(old, new), "utf-8")
        now = self.hub.book.now
        rules = replace(now, mappings=Mappings.load(self.folder, now.tables))
        self.hub = replace(self.hub, book=RuleBook(rules))

    def follow(self) -> None:
        """From now on the rules are those of the files, as outside of tests."""
        mappings = world.ROOT / "mappings"
        shutil.copytree(mappings / "tables", self.folder / "tables")
        shutil.copy(mappings / "precedence.yaml", self.folder)
        self.hub = replace(self.hub, book=RuleBook.open(self.folder))

    async def told(self, **changes: Any) -> None:
        """The agency tells of the case."""
        Source.content = [world.raw(world.case(1) | changes)]
        async with self.hub.database.begin() as connection:
            await connection.execute(sa.text("delete from watermark"))
        await sync_endpoint(self.hub, world.ENDPOINT, "test")

    async def read(self, caller: str, path: str = "title") -> None:
        """A caller is shown a field; long enough ago to be out of the moment."""
        shown = {1: frozenset({path})}
        await readlog.write(self.hub, Caller(caller, "COURT"), shown, time.monotonic())

    async def replay(self) -> None:
        """Everything is read again."""
        job = await replays.start(self.hub, Wanted(), "test", "mended")
        await rereading.work(self.hub, job, lambda: False)

    async def callers(self) -> Mapping[str, set[str]]:
        """Caller -> the paths it was told of."""
        rows = await books.rows(
            self.hub.database,
            sa.text(
                "select n.caller, c.path from correction n join correction_change l"
                " on l.correction_id = n.id join replay_change c on c.id = l.change_id"
            ),
        )
        found: dict[str, set[str]] = {}
        for row in rows:
            found.setdefault(row["caller"], set()).add(row["path"])
        return found


@pytest.fixture
async def place(database: Database, tmp_path: Path) -> Place:
    """The hub, before anything was told."""
    folder = tmp_path / "mappings"
    shutil.copytree(world.ROOT / "tests/bench/mappings", folder)
    return Place(world.hub_on(database, Source), folder)


async def test_bytes_that_say_the_same_do_not_hide_the_earlier_readers(
    place: Place,
) -> None:
    """Newer bytes without any other value keep the facet; the fault is as old as it."""
    place.edit(RIGHT, WRONG)
    await place.told()
    await place.read("COURT-421381")
    await place.told(CZR="y")
    place.edit(WRONG, RIGHT)
    await place.replay()
    assert await place.callers() == {"COURT-421381": {"title"}}


async def test_a_field_newly_mapped_is_news_to_readers_since_its_bytes_came(
    place: Place,
) -> None:
    """What was right by the older bytes is no fault of theirs."""
    await place.told()
    await place.read("COURT-421381")
    await place.told(AJMC2="另一名称")
    await place.read("PROC-421381")
    place.edit(RIGHT, "title: { from: [AJMC2, AJMC], convert: trimmed }")
    await place.replay()
    assert await place.callers() == {"PROC-421381": {"title"}}


async def test_a_value_derived_from_a_wrong_one_is_as_old_as_that(
    place: Place,
) -> None:
    """The stage of the case is that of each person; other news came in between."""
    right = "stage: { from: AJJD, table: stage }"
    wrong = "stage: { constant: S010_ACCEPTED }"
    place.edit(right, wrong)
    await place.told()
    await place.read("COURT-421381", "persons.stage")
    await place.told(JYAQ="又一次更正")
    place.edit(wrong, right)
    await place.replay()
    assert await place.callers() == {"COURT-421381": {"persons.stage"}}


async def test_news_by_mended_rules_do_not_hide_what_older_bytes_had_told_wrongly(
    place: Place,
) -> None:
    """A sync brings newer bytes before the replay comes to the record."""
    place.edit(RIGHT, WRONG)
    await place.told()
    await place.read("COURT-421381")
    await place.read("PROC-421381", "summary")
    place.edit(WRONG, RIGHT)
    await place.told(JYAQ="又一次更正")
    assert await place.callers() == {"COURT-421381": {"title"}}
    run = (
        await books.rows(
            place.hub.database, sa.text("select * from sync_run order by id desc")
        )
    )[0]
    assert (run["error_code"], run["fetched"], run["mapped"]) == (None, 1, 1)
    (shown,) = await books.rows(
        place.hub.database, sa.text("select title, summary from case_record")
    )
    assert shown == {"title": world.case(1)["AJMC"], "summary": "又一次更正"}
    unsettled = "select id from replay_change where settled_at is null"
    assert await books.rows(place.hub.database, sa.text(unsettled)) == []


async def test_a_record_replayed_by_itself_is_told_to_readers_of_what_stood_there(
    place: Place,
) -> None:
    """Newer bytes were set aside; since then the older value was shown for them."""
    await place.told()
    await place.read("PROC-421381")
    await place.told(AJMC="新案名", AJJD="?")
    await place.read("COURT-421381")
    (failure,) = await books.rows(
        place.hub.database, sa.text("select id from sync_failure")
    )
    place.edit("stage: { from: AJJD, table: stage }", "stage: { constant: S020_FILED }")
    replayed = await failures.replay(place.hub, failure["id"], "test")
    assert replayed.is_closed
    assert await place.callers() == {"COURT-421381": {"title"}}
    unsettled = "select id from replay_change where settled_at is null"
    assert await books.rows(place.hub.database, sa.text(unsettled)) == []


async def test_a_notice_of_a_case_that_was_merged_since_still_tells_what_is_right(
    place: Place,
) -> None:
    place.edit(RIGHT, WRONG)
    await place.told()
    await place.read("POLICE-421381")
    place.edit(WRONG, RIGHT)
    await place.replay()
    sight = Sight("POLICE-421381", Reach.OWN)
    async with place.hub.database.begin() as connection:
        kept, _ = await numbers.open_case(connection, "421381", "202301")
        await connection.execute(
            sa.insert(case_agency).values(case_id=kept, agency="COURT-421381")
        )
        await linking.merge(connection, 1, kept)
        ask = Ask("id", 10)
        found = await corrections.page(connection, sight, ask, acknowledged=None)
    (notice,) = found.rows
    assert notice.case_id == kept
    assert [one.path for one in notice.changes] == ["title"]


async def test_a_run_under_way_does_not_write_back_what_a_replay_has_mended(
    place: Place,
) -> None:
    """It pulled its page by the old rules; the mend and its replay come in between."""
    place.edit(RIGHT, WRONG)
    await place.told()
    place.follow()
    hub = place.hub
    adapter, mapping = hub.registry.open(world.ENDPOINT), hub.mapping_of(world.ENDPOINT)
    desk = Desk(hub, world.ENDPOINT, adapter, mapping, "1")
    async with hub.database.begin() as connection:
        run_id = await runs.start(connection, world.ENDPOINT, "test", {})
        start = await sources.watermark_of(connection, world.ENDPOINT)
    news = (world.raw(world.case(1) | {"CZR": "y"}),)
    prepared = await prepare(desk, run_id, Page(news, Watermark({"to": 9})))
    words = (place.folder / "bench.yaml").read_text("utf-8")
    (place.folder / "bench.yaml").write_text(words.replace(WRONG, RIGHT), "utf-8")
    await place.replay()
    await settle(desk, run_id, prepared, start, Counts())
    shown = "select title from case_record"
    told = "select distinct rules from source_record"
    for statement, right in (
        (shown, world.case(1)["AJMC"]),
        (told, hub.mapping_of(world.ENDPOINT).rules),
    ):
        (row,) = await books.rows(hub.database, sa.text(statement))
        assert list(row.values()) == [right]
