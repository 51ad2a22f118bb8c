"""Prepared changes of the mappings, tried on what five simulated agencies told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hub.contract.endpoint import Endpoint
from hub.engine.dryrun.bench import Difference, Progress, Wanted
from hub.engine.dryrun.run import dry_run
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.engine.rules import RuleBook
from hub.engine.sync import sync_endpoint
from hub.errors import CodeTableMissing, NotFound, RequestInvalid
from hub.mapping.dryrun.digest import digests
from hub.mapping.dryrun.report import Group
from hub.store import tables
from hub.store.database import Database
from hub.store.embedded import embedded_postgres
from hub.store.migrate import upgrade
from tests.flow import books
from tests.flow.changes import prepared
from tests.flow.city import ROOT, City


async def _sync_all(url: str, endpoints: list[Endpoint]) -> None:
    database = Database.open(url)
    book = RuleBook.open(ROOT / "mappings")
    hub = Hub(database, book, Registry.load(ROOT / "adapters", endpoints))
    for one in endpoints:
        await sync_endpoint(hub, one.code, "test")
    await database.close()


@pytest.fixture(scope="module")
def synced(whole_city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with everything the whole city had to tell; nobody changes it."""
    with embedded_postgres(tmp_path_factory.mktemp("synced")) as url:
        upgrade(url)
        asyncio.run(_sync_all(url, list(whole_city.endpoints.values())))
        yield url


@pytest.fixture
async def hub(synced: str, whole_city: City, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub on it, with a folder of rules of its own."""
    folder = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", folder)
    database = Database.open(synced, pool=5)
    registry = Registry.load(ROOT / "adapters", whole_city.endpoints.values())
    yield Hub(database, RuleBook.open(folder), registry)
    await database.close()


async def _try(hub: Hub, name: str, into: Path, **wanted: object) -> Difference:
    assert hub.book.folder is not None
    offered = (prepared(name, hub.book.folder, into),)
    return await dry_run(hub, Wanted(offered, **wanted), lambda _: None)


def _told(found: Difference, part: str) -> dict[tuple[str, str], Group]:
    groups = found.report.ordered(part)
    return {(one.spot.rule, one.spot.field): one for one in groups}


async def test_a_harmless_refactor_makes_no_difference(
    hub: Hub, tmp_path: Path
) -> None:
    found = await _try(hub, "refactor", tmp_path)
    police = await books.rows(
        hub.database,
        tables.raw_record.select().where(
            tables.raw_record.c.endpoint == "police-suizhou"
        ),
    )
    assert found.before != found.after
    assert found.changed == ("police_case.yaml",)
    assert found.books.records == len(police) == 500
    assert found.books.cases > 450
    assert found.books.refused_before == found.books.refused_after > 0
    assert not found.report.groups
    assert found.books.changed == found.books.changed_cases == 0


async def test_an_intended_fix_changes_its_field_and_nothing_else(
    hub: Hub, tmp_path: Path
) -> None:
    found = await _try(hub, "fix", tmp_path)
    assert set(_told(found, "records")) == {
        ("court_case: records.sentence.fields.fine", "persons[].sentence.fine")
    }
    assert set(_told(found, "cases")) == {("mappings", "persons[].sentence.fine")}
    assert set(_told(found, "parcels")) == {
        ("procuratorate_15: parcels.JUDGMENT_SERVICE", "BGRXX/BGR[]/FJ"),
        ("procuratorate_20: parcels.JUDGMENT_SERVICE", "xyrxx[]/pjxx/fj"),
        ("justice_drop: parcels.COMMUNITY_CORRECTION_HANDOVER", "rows/row[]/罚金"),
    }
    (group,) = found.report.ordered("records")
    assert group.how == "convert amount"
    assert set(group.shifts) == {"value -> value"}
    assert found.books.newly_refused == found.books.newly_accepted == 0


async def test_a_converter_that_tidies_dates_away_is_caught(
    hub: Hub, tmp_path: Path
) -> None:
    found = await _try(hub, "tidied_dates", tmp_path)
    told = _told(found, "records")
    place = "police_case: records.person.fields.birth_date"
    assert set(told) == {(place, "persons[].birth_date")}
    assert set(told[place, "persons[].birth_date"].shifts) == {"value -> absent"}


async def test_a_widened_alternative_that_refuses_new_cases_is_caught(
    hub: Hub, tmp_path: Path
) -> None:
    found = await _try(hub, "widened_from", tmp_path)
    told = _told(found, "records")
    place = "procuratorate_20: records.case.fields.court_number"
    assert set(told) == {(place, "court_number")}
    group = told[place, "court_number"]
    assert set(group.shifts) == {"absent -> refused RECORD_INVALID"}
    assert group.records == found.books.newly_refused > 10
    assert found.books.refused_after - found.books.refused_before == group.records
    assert found.books.changed == group.records
    # what is set aside leaves the case as it is told now
    assert not _told(found, "cases")


async def test_a_missing_row_lets_through_what_was_set_aside_and_no_more(
    hub: Hub, tmp_path: Path
) -> None:
    found = await _try(hub, "missing_row", tmp_path)
    (group,) = found.report.ordered("records")
    assert group.spot.rule == "police_case: records.charge.fields.crime"
    assert group.how == "convert trimmed, table crime"
    assert dict(group.shifts) == {"refused CODE_UNKNOWN -> CL2930001": 1}
    assert (found.books.newly_accepted, found.books.newly_refused) == (1, 0)
    assert found.books.refused_after == found.books.refused_before - 1


async def test_a_crosswalk_row_that_changes_what_is_written_is_caught(
    hub: Hub, tmp_path: Path
) -> None:
    found = await _try(hub, "row_on_top", tmp_path)
    assert not _told(found, "records")
    assert not _told(found, "cases")
    (group,) = found.report.ordered("parcels")
    assert group.spot.rule == "court_case: parcels.INDICTMENT"
    assert (group.spot.field, group.how) == ("dsr[]/xb", "table sex")
    assert set(group.shifts) == {"1 -> 3"}


async def test_another_order_of_systems_shows_in_the_cases(
    hub: Hub, tmp_path: Path
) -> None:
    found = await _try(hub, "order_of_systems", tmp_path)
    assert not _told(found, "records")
    cases = _told(found, "cases")
    assert cases
    assert {rule for rule, _ in cases} == {"precedence.yaml: person.measures"}


async def test_a_sample_of_all_comes_first_and_every_record_once(
    hub: Hub, tmp_path: Path
) -> None:
    told: list[Progress] = []
    assert hub.book.folder is not None
    offered = (prepared("tidied_dates", hub.book.folder, tmp_path),)
    found = await dry_run(hub, Wanted(offered, last=450), told.append)
    parts = [one.part for one in told]
    assert parts == sorted(parts, key=["sample", "records", "cases"].index)
    assert [one.done for one in told if one.part != "cases"] == [
        100,
        200,
        300,
        400,
        450,
    ]
    assert found.books.records == 450
    assert found.books.cases == 450


async def test_the_same_question_twice_has_the_same_digest(
    hub: Hub, tmp_path: Path
) -> None:
    one = await _try(hub, "tidied_dates", tmp_path / "one")
    two = await _try(hub, "tidied_dates", tmp_path / "two")
    less = await _try(hub, "tidied_dates", tmp_path / "less", last=100)
    other = await _try(hub, "fix", tmp_path)
    assert one.digest == two.digest
    assert len({one.digest, less.digest, other.digest}) == 3


async def test_only_what_is_asked_for_is_compared(hub: Hub, tmp_path: Path) -> None:
    court = await _try(hub, "tidied_dates", tmp_path / "court", system="court_case")
    assert court.books.records == 0
    police = await _try(
        hub, "tidied_dates", tmp_path / "police", endpoint="police-suizhou"
    )
    assert police.books.records == 500
    with pytest.raises(NotFound):
        await _try(hub, "tidied_dates", tmp_path / "none", endpoint="nobody")
    with pytest.raises(RequestInvalid):
        await _try(hub, "tidied_dates", tmp_path / "odd", system="nothing")


async def test_a_broken_candidate_is_told_and_the_folder_in_force_is_left_alone(
    hub: Hub, tmp_path: Path
) -> None:
    assert hub.book.folder is not None
    before = dict(digests(hub.book.folder))
    broken = tmp_path / "broken.yaml"
    text = (hub.book.folder / "police_case.yaml").read_text("utf-8")
    broken.write_text(text.replace("table: sex", "table: sexx"), "utf-8")
    with pytest.raises(CodeTableMissing):
        await dry_run(hub, Wanted((str(broken),)), lambda _: None)
    assert digests(hub.book.folder) == before


async def test_a_changed_file_that_no_record_shows_is_named(
    hub: Hub, tmp_path: Path
) -> None:
    assert hub.book.folder is not None
    place = "tables/node_stage/2018.tsv"
    path = tmp_path / "2018.tsv"
    text = (hub.book.folder / place).read_text("utf-8")
    path.write_text(text.rstrip("\n").rpartition("\n")[0] + "\n", "utf-8")
    found = await dry_run(hub, Wanted((f"{place}={path}",)), lambda _: None)
    assert not found.report.groups
    assert set(found.unseen) == {place}
