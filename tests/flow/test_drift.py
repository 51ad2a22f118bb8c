"""An agency changes its export without a word: four drifts, and no more.

The bureau's own export makes the file sets; they are changed on their way as an
upgrade of its system would change them. Days are made by moving the census back.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.engine.drift import decide as drift_decide
from hub.engine.drift import watch as drift
from hub.engine.drift.decide import Row
from hub.engine.failures import replay
from hub.engine.hub import Hub
from hub.engine.rules import RuleBook
from hub.engine.sync import sync_endpoint
from hub.errors import NotFound, RequestInvalid
from hub.records.drift import Drift, DriftFilter
from hub.store import drifts
from hub.store.tables_drift import census
from tests.adapters.justice_drop.register import (
    Card,
    card_of,
    manifest,
    members,
    zipped,
)
from tests.flow import books
from tests.flow.city import ROOT, City, open_city
from tests.flow.conftest import MakeHub
from tests.simulators import world

SYSTEM, ENDPOINT = "justice_drop", "justice-suizhou"
UNKNOWN, MEANT = "盗切罪", "CL2640001"  # 盗窃罪, mistyped as it sounds
DAILY = 45

Change = Callable[[int, dict[str, str]], dict[str, str]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with open_city(tmp_path_factory.mktemp("drift"), [SYSTEM], cases=500) as opened:
        yield opened


@pytest.fixture
def hub(city: City, make_hub: MakeHub, tmp_path: Path) -> Hub:
    """A hub whose rules are a folder of its own, so that a row can be written."""
    folder = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", folder)
    made = make_hub(city.endpoints.values())
    return replace(made, book=RuleBook.open(folder))


class Bureau:
    """Leaves a day's cards in the bureau's folder, changed on their way."""

    def __init__(self, city: City, hub: Hub) -> None:
        self.outbox = city.running[SYSTEM].data / "out"
        self.hub = hub
        self._cases = (
            case for case in world.build(77, 2_000)[600:] if case.reached("EXECUTION")
        )

    async def day(self, change: Change, cards: int = DAILY) -> None:
        """A new day begins, the cards come, the hub takes them in."""
        await _move(self.hub, -1)
        for number in range(cards):
            card = card_of(next(self._cases), 77)
            body = _changed(card, number, change)
            (self.outbox / f"{card['SJBS']}.zip").write_bytes(body)
            (self.outbox / f"{card['SJBS']}.ok").write_bytes(b"")
        await sync_endpoint(self.hub, ENDPOINT, "test")


async def _move(hub: Hub, days: int) -> None:
    """Everything counted so far was counted so many days earlier (or later)."""
    async with hub.database.begin() as connection:
        for step in (days - 1000, 1000):  # two steps, or days meet on their way
            await connection.execute(sa.update(census).values(day=census.c.day + step))


def _changed(card: Card, number: int, change: Change) -> bytes:
    found = members(card)
    rows = list(csv.DictReader(io.StringIO(found["data.csv"].decode("gb18030"))))
    told = [change(number, row) for row in rows if any(row.values())]
    sink = io.StringIO()
    writer = csv.DictWriter(sink, list(told[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(told)
    found["data.csv"] = sink.getvalue().encode("gb18030")
    del found["manifest.txt"]
    return zipped(found | {"manifest.txt": manifest(found)})


def _as_ever(_number: int, row: dict[str, str]) -> dict[str, str]:
    return row


def _upgraded(number: int, row: dict[str, str]) -> dict[str, str]:
    """A field renamed, a field stopped, a crime mistyped, another one everywhere."""
    told = {
        "户籍所在地" if name == "户籍地" else name: text
        for name, text in row.items()
        if name != "生效日期"
    }
    if number % 3:
        told["罪名"] = "诈骗罪"
    if number in (0, 9, 18):
        told["罪名"] = UNKNOWN
    return told


async def _drifts(hub: Hub, **wanted: str) -> list[Drift]:
    async with hub.database.read() as connection:
        return await drifts.page(connection, DriftFilter(ENDPOINT, **wanted))


async def _look(hub: Hub) -> None:
    async with hub.database.begin() as connection:
        await drift.find(connection, hub, ENDPOINT)


async def test_an_upgrade_nobody_announced_gives_four_drifts_and_a_row_mends_one(
    city: City, hub: Hub
) -> None:
    bureau = Bureau(city, hub)
    await sync_endpoint(hub, ENDPOINT, "test")
    planted = {one.id for one in await _drifts(hub)}  # the bureau's own dirt
    for _ in range(6):
        await bureau.day(_as_ever)
    assert {one.id for one in await _drifts(hub)} == planted
    await bureau.day(_upgraded)
    await bureau.day(_upgraded, cards=3)

    found = {one.drift: one for one in await _drifts(hub) if one.id not in planted}
    told = {name: (one.path, one.code, one.other) for name, one in found.items()}
    assert told == {
        "code_new": ("rows/row/罪名", UNKNOWN, ""),
        "field_vanished": ("rows/row/生效日期", "", ""),
        "field_renamed": ("rows/row/户籍地", "", "rows/row/户籍所在地"),
        "code_frequent": ("rows/row/罪名", "诈骗罪", ""),
    }
    assert len(await _drifts(hub)) == len(planted) + 4
    await _is_told_once(hub, found)
    await _a_row_mends_it(hub, found["code_new"])


async def _is_told_once(hub: Hub, found: dict[str, Drift]) -> None:
    rows = await books.rows(
        hub.database, sa.text("select body from event where kind = 'drift.found'")
    )
    told = [row["body"]["drift"] for row in rows]
    assert len(told) == len(set(told))
    assert {one.id for one in found.values()} <= set(told)
    assert found["field_renamed"].suggestions == ({"path": "rows/row/户籍所在地"},)
    grown = found["code_frequent"]
    assert 2 * grown.before_count / grown.before_of < grown.after_count / grown.after_of


async def _a_row_mends_it(hub: Hub, one: Drift) -> None:
    best = one.suggestions[0]
    assert (best["code"], best["reason"]) == (MEANT, "same_sound")
    assert one.waiting >= 4  # of these, the bureau's own dirt has another spelling
    assert hub.book.folder is not None
    file = hub.book.folder / "tables/crime/crosswalk/justice_drop.tsv"
    before = file.read_text("utf-8").splitlines()

    row = Row(MEANT, "equal", "王检察官")
    shown = await drift_decide.confirm(hub, one.id, row, write=False)
    assert file.read_text("utf-8").splitlines() == before
    done = await drift_decide.confirm(hub, one.id, row)
    after = file.read_text("utf-8").splitlines()
    assert (shown.line, shown.failures) == (done.line, done.failures)
    assert [line for line in after if line not in before] == [done.line]
    assert done.line.startswith(f"{UNKNOWN}\t{MEANT}\tequal\t王检察官")
    spelt = hub.tables.crosswalk(SYSTEM, "crime")
    assert spelt is not None
    assert spelt.spellings[MEANT] == "盗窃罪"

    assert 4 <= done.passing < done.tried
    for failure in done.failures:
        assert (await replay(hub, failure, "HUB-OPERATOR")).is_closed
    await _look(hub)
    async with hub.database.read() as connection:
        kept = await drifts.one(connection, one.id)
    assert kept is not None
    assert (kept.state, kept.decided_by) == ("closed", "王检察官")
    assert kept.ended_at is not None


async def test_a_replay_is_no_traffic(city: City, hub: Hub) -> None:
    await sync_endpoint(hub, ENDPOINT, "test")
    before = await books.rows(hub.database, sa.select(census))
    failure = (await books.rows(hub.database, sa.text("select id from sync_failure")))[
        0
    ]
    await replay(hub, failure["id"], "HUB-OPERATOR")
    assert await books.rows(hub.database, sa.select(census)) == before


async def test_a_dismissed_drift_stays_so_and_its_reason_is_kept(
    city: City, hub: Hub
) -> None:
    await sync_endpoint(hub, ENDPOINT, "test")
    one = (await _drifts(hub, state="open"))[0]
    with pytest.raises(RequestInvalid):
        await drift_decide.dismiss(hub, one.id, "王检察官", " ")
    await drift_decide.dismiss(hub, one.id, "王检察官", "测试数据")
    await _look(hub)
    (kept,) = await _drifts(hub, state="dismissed")
    assert (kept.id, kept.reason, kept.ended_at) == (one.id, "测试数据", None)
    with pytest.raises(RequestInvalid):
        await drift_decide.dismiss(hub, one.id, "王检察官", "again")
    with pytest.raises(NotFound):
        await drift_decide.dismiss(hub, 999_999, "王检察官", "none")


async def test_a_row_that_cannot_be_is_refused_and_nothing_is_written(
    city: City, hub: Hub
) -> None:
    await sync_endpoint(hub, ENDPOINT, "test")
    one = next(one for one in await _drifts(hub) if one.table == "crime")
    assert hub.book.folder is not None
    file = hub.book.folder / "tables/crime/crosswalk/justice_drop.tsv"
    before = file.read_bytes()
    for row in (
        Row("CL9999999", "equal", "王检察官"),
        Row(MEANT, "alike", "王检察官"),
        Row(MEANT, "none", "王检察官"),
        Row("", "equal", "王检察官"),
        Row(MEANT, "equal", " "),
        Row(MEANT, "equal", "a\tb"),
    ):
        with pytest.raises(RequestInvalid):
            await drift_decide.confirm(hub, one.id, row)
    (file.parent / ".justice_drop.tsv.new").mkdir()  # nothing can be written there
    with pytest.raises(RequestInvalid):
        await drift_decide.confirm(hub, one.id, Row(MEANT, "equal", "王检察官"))
    assert file.read_bytes() == before
    assert (await _drifts(hub, state="confirmed")) == []


async def test_no_value_but_codes_is_counted(city: City, hub: Hub) -> None:
    """Of every other field only its being there; names stand nowhere in the books."""
    await sync_endpoint(hub, ENDPOINT, "test")
    told = await books.rows(hub.database, sa.select(census))
    words = {row["code"] for row in told} | {row["path"] for row in told}
    cases = [case for case in world.build(7, 500) if case.reached("EXECUTION")]
    people = {person.name for case in cases for person in case.persons}
    assert told
    assert not people & words
    assert {row["code"] for row in told if not row["code_table"]} == {""}
    assert all(count for count in (row["seen"] for row in told))
