"""A failure closes only when its record came through, and leaves a proof."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.engine.failures import replay
from hub.engine.hub import Hub
from hub.engine.rules import RuleBook
from hub.engine.sync import sync_endpoint
from hub.errors import MappingInvalid, NotFound, RequestInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings
from hub.store import raw, reads_runs, tables
from tests.flow import books
from tests.flow.city import ROOT, City
from tests.flow.conftest import MakeHub

SYSTEM = "police_case"


@pytest.fixture
async def hub(whole_city: City, make_hub: MakeHub) -> Hub:
    """A hub that synced the whole seeded police, with its dirt set aside."""
    made = make_hub([whole_city.endpoints[SYSTEM]])
    await sync_endpoint(made, whole_city.endpoints[SYSTEM].code, "test")
    return made


async def _unknown_code(hub: Hub) -> dict[str, Any]:
    """An open failure whose first fault is a code that no crosswalk has."""
    wanted = (
        sa.select(tables.sync_failure)
        .where(tables.sync_failure.c.code == "CODE_UNKNOWN")
        .order_by(tables.sync_failure.c.id)
    )
    return (await books.rows(hub.database, wanted))[0]


async def _failure(hub: Hub, failure_id: int) -> dict[str, Any]:
    table = tables.sync_failure
    wanted = sa.select(table).where(table.c.id == failure_id)
    return (await books.rows(hub.database, wanted))[0]


async def _mend(hub: Hub, failure: dict[str, Any], folder: Path) -> None:
    """A person adds the missing crosswalk row to the files in this folder."""
    fault = failure["faults"][0]
    async with hub.database.read() as connection:
        kept = await raw.load(connection, failure["raw_id"])
    assert kept is not None
    tree = hub.registry.open(failure["endpoint"]).read(kept.record)
    word = _at(tree, fault["source"])
    rows = folder / "tables" / fault["rule"] / "crosswalk" / f"{SYSTEM}.tsv"
    code = rows.read_text("utf-8").splitlines()[1].split("\t")[1]
    with rows.open("a", encoding="utf-8") as sink:
        sink.write(f"{word}\t{code}\tnarrower\tconfirmed by a person\n")


async def _mended(hub: Hub, failure: dict[str, Any], folder: Path) -> Hub:
    """The hub after that, as it starts with those files."""
    shutil.copytree(ROOT / "mappings", folder)
    await _mend(hub, failure, folder)
    mended = Tables.load(folder / "tables")
    rules = replace(hub.book.now, tables=mended, mappings=Mappings.load(folder, mended))
    return replace(hub, book=RuleBook(rules))


def _at(tree: Any, path: str) -> str:
    """The text at a source path such as ``AJ/RYLB/RY[0]/ZM[1]``."""
    for part in path.split("/"):
        name, place = re.fullmatch(r"([^\[]+)(?:\[(\d+)\])?", part).groups()
        tree = tree[name] if isinstance(tree, dict) else tree
        if place is not None and isinstance(tree, list):
            tree = tree[int(place)]
        elif place is not None and isinstance(tree, str):
            tree = re.split("[、,，;；|]", tree)[int(place)]
    return str(tree).strip()


async def test_a_replay_of_what_is_still_wrong_stays_open(hub: Hub) -> None:
    failure = await _unknown_code(hub)
    done = await replay(hub, failure["id"], "HUB-OPERATOR")
    after = await _failure(hub, failure["id"])
    assert not done.is_closed
    assert (after["state"], after["attempts"]) == ("open", 2)
    assert after["tried_at"] > failure["tried_at"]
    assert after["run_id"] == done.run_id


async def test_a_replay_after_the_mend_closes_with_a_proof(
    hub: Hub, tmp_path: Path
) -> None:
    failure = await _unknown_code(hub)
    mended = await _mended(hub, failure, tmp_path / "mappings")
    before = await books.count(hub.database, tables.facet)
    done = await replay(mended, failure["id"], "HUB-OPERATOR")
    after = await _failure(hub, failure["id"])
    assert done.is_closed
    assert after["closed_by"] == "replay by HUB-OPERATOR"
    assert after["proof_facet_id"] is not None
    assert await books.count(hub.database, tables.facet) == before + 1
    run = await books.run(hub.database, done.run_id)
    assert (run["trigger"], run["mapped"]) == ("replay", 1)
    async with hub.database.read() as connection:
        shown = await reads_runs.failure_by_id(connection, failure["id"])
    assert shown is not None
    assert shown.proof_run_id == done.run_id
    assert shown.proof_case_id is not None


async def test_a_closed_failure_is_not_replayed(hub: Hub, tmp_path: Path) -> None:
    failure = await _unknown_code(hub)
    mended = await _mended(hub, failure, tmp_path / "mappings")
    await replay(mended, failure["id"], "HUB-OPERATOR")
    before = await books.snapshot(hub.database)
    with pytest.raises(RequestInvalid):
        await replay(mended, failure["id"], "HUB-OPERATOR")
    with pytest.raises(NotFound):
        await replay(mended, 999_999, "HUB-OPERATOR")
    assert await books.snapshot(hub.database) == before


async def test_a_sync_alone_does_not_close_what_was_set_aside(
    hub: Hub, tmp_path: Path
) -> None:
    """The watermark has passed; a replay of each failure is what brings it in."""
    failure = await _unknown_code(hub)
    mended = await _mended(hub, failure, tmp_path / "mappings")
    endpoint = failure["endpoint"]
    run = await books.run(hub.database, await sync_endpoint(mended, endpoint, "test"))
    assert run["mapped"] == 0
    assert (await _failure(hub, failure["id"]))["state"] == "open"


async def test_a_failure_tells_cause_place_and_no_value(hub: Hub) -> None:
    failure = await _unknown_code(hub)
    fault = failure["faults"][0]
    assert all(fault[name] for name in ("where", "source", "rule"))
    async with hub.database.read() as connection:
        kept = await raw.load(connection, failure["raw_id"])
    assert kept is not None
    tree = hub.registry.open(failure["endpoint"]).read(kept.record)
    word = _at(tree, fault["source"])
    told = fault["zh"] + fault["en"]
    assert len(word) < 2 or word not in told


@pytest.fixture
def living(hub: Hub, tmp_path: Path) -> tuple[Hub, Path]:
    """The hub as it serves, and the folder its rules are from."""
    folder = tmp_path / "living"
    shutil.copytree(ROOT / "mappings", folder)
    return replace(hub, book=RuleBook.open(folder)), folder


async def test_a_mend_on_disk_counts_without_a_restart(
    living: tuple[Hub, Path],
) -> None:
    serving, folder = living
    failure = await _unknown_code(serving)
    assert not (await replay(serving, failure["id"], "HUB-OPERATOR")).is_closed
    await _mend(serving, failure, folder)
    assert (await replay(serving, failure["id"], "HUB-OPERATOR")).is_closed


async def test_a_broken_file_refuses_the_replay_and_leaves_the_rules_in_force(
    living: tuple[Hub, Path],
) -> None:
    serving, folder = living
    failure = await _unknown_code(serving)
    good = serving.mappings
    page = folder / f"{SYSTEM}.yaml"
    words = page.read_text("utf-8")
    for broken in (words.replace("system:", "sistem:", 1), "a: [", "\x00"):
        page.write_text(broken, "utf-8")
        before = await books.snapshot(serving.database)
        for _ in range(2):
            with pytest.raises(MappingInvalid):
                await replay(serving, failure["id"], "HUB-OPERATOR")
        assert await books.snapshot(serving.database) == before
        assert serving.mappings is good
    run_id = await sync_endpoint(serving, failure["endpoint"], "test")
    assert (await books.run(serving.database, run_id))["state"] == "finished"
    assert serving.mappings is good
    page.write_text(words, "utf-8")
    assert not (await replay(serving, failure["id"], "HUB-OPERATOR")).is_closed


async def test_a_sync_starts_with_the_rules_of_now(living: tuple[Hub, Path]) -> None:
    serving, folder = living
    good = serving.mappings
    page = folder / f"{SYSTEM}.yaml"
    words = page.read_text("utf-8")
    page.write_text(words + "note: 新版 / anew\n", "utf-8")
    await sync_endpoint(serving, (await _unknown_code(serving))["endpoint"], "test")
    assert serving.mappings is not good
