"""A change of the rules is approved by another person, bound to what was seen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub.engine.dryrun import approval
from hub.engine.dryrun.bench import Difference, Wanted
from hub.engine.hub import Hub
from hub.engine.rules import RuleBook
from hub.engine.sync import sync_endpoint
from hub.errors import (
    ApprovalStale,
    NotAllowed,
    NotFound,
    RequestInvalid,
    RulesNotApproved,
)
from hub.records.actor import Actor
from hub.store import captured, raw, tables
from hub.store.tables_approval import rule_approval, rule_diff
from tests.flow import books
from tests.flow.changes import prepared
from tests.flow.city import ROOT, City, open_city
from tests.flow.conftest import MakeHub

SYSTEM = "court_case"
WANG, LI = Actor("王提出", "ops"), Actor("李批准", "ops")


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A court with a few cases; nobody changes anything in it."""
    with open_city(tmp_path_factory.mktemp("court"), [SYSTEM], cases=40) as city:
        yield city


@pytest.fixture
async def hub(court: City, make_hub: MakeHub, tmp_path: Path) -> Hub:
    """A hub that synced it, with a folder of rules of its own."""
    folder = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", folder)
    made = make_hub([court.endpoints[SYSTEM]])
    await sync_endpoint(made, court.endpoints[SYSTEM].code, "test")
    return replace(made, book=RuleBook.open(folder))


def _offered(hub: Hub, into: Path) -> str:
    assert hub.book.folder is not None
    return prepared("fix", hub.book.folder, into)


async def _propose(hub: Hub, offered: str, who: Actor = WANG) -> Difference:
    return await approval.propose(hub, Wanted((offered,)), who, lambda _: None)


async def _approve(hub: Hub, offered: str, digest: str, who: Actor = LI) -> None:
    await approval.approve(
        hub, [offered], digest, who=who, reason="fines checked", told=lambda _: None
    )


def _put(hub: Hub, offered: str) -> None:
    """The changed file takes its place."""
    assert hub.book.folder is not None
    place, _, path = offered.partition("=")
    shutil.copyfile(path, hub.book.folder / place)


def _write_more(path: Path) -> None:
    """The same file with one comment more."""
    path.write_text(path.read_text("utf-8") + "# edited\n", "utf-8")


async def test_what_was_shown_holds_no_value_and_is_approved_by_another(
    hub: Hub, tmp_path: Path
) -> None:
    offered = _offered(hub, tmp_path)
    found = await _propose(hub, offered)
    assert found.books.changed > 0
    await _approve(hub, offered, found.digest[:12])
    (row,) = await books.rows(hub.database, rule_approval.select())
    assert (row["diff"], row["approved_by"]) == (found.digest, "李批准")
    assert (row["rules_before"], row["rules_after"]) == (found.before, found.after)
    assert (row["reason"], row["approved_account"]) == ("fines checked", "ops")
    (kept,) = await books.rows(hub.database, rule_diff.select())
    assert kept["proposed_by"] == "王提出"
    assert kept["body"]["groups"] == found.body["groups"]
    samples = [one for group in found.report.groups.values() for one in group.samples]
    assert samples
    assert not [one for one in samples if str(one.before.value) in str(kept["body"])]


async def test_who_ran_the_comparison_does_not_approve_it(
    hub: Hub, tmp_path: Path
) -> None:
    offered = _offered(hub, tmp_path)
    found = await _propose(hub, offered)
    await _propose(hub, offered, LI)  # who looks again later did not propose it
    for name in ("王提出", " 王提出 "):
        with pytest.raises(NotAllowed):
            await _approve(hub, offered, found.digest, Actor(name, "other"))
    await _approve(hub, offered, found.digest)


async def test_nobody_approves_what_nobody_saw(hub: Hub, tmp_path: Path) -> None:
    offered = _offered(hub, tmp_path)
    found = await _propose(hub, offered)
    for digest in ("0" * 64, found.digest[:4], "%", ""):
        with pytest.raises(NotFound):
            await _approve(hub, offered, digest)
    with pytest.raises(RequestInvalid):
        await _approve(hub, offered, found.digest, Actor("", "ops"))
    assert await books.count(hub.database, rule_approval) == 0


async def test_another_file_than_the_one_that_was_seen_is_refused(
    hub: Hub, tmp_path: Path
) -> None:
    offered = _offered(hub, tmp_path)
    found = await _propose(hub, offered)
    _write_more(Path(offered.partition("=")[2]))
    with pytest.raises(ApprovalStale) as refused:
        await _approve(hub, offered, found.digest)
    assert refused.value.where == "--with"


async def test_rules_that_changed_meanwhile_make_the_approval_stale(
    hub: Hub, tmp_path: Path
) -> None:
    offered = _offered(hub, tmp_path)
    found = await _propose(hub, offered)
    assert hub.book.folder is not None
    _write_more(hub.book.folder / "police_case.yaml")
    await hub.book.renew()
    with pytest.raises(ApprovalStale) as refused:
        await _approve(hub, offered, found.digest)
    assert refused.value.where == "mappings"


async def _capture(hub: Hub, change: tuple[bytes, bytes] | None = None) -> None:
    """The court tells one of its records again, as it was or with another text."""
    async with hub.database.begin() as connection:
        ids = await captured.newest(connection, ["court-test"], ["case"], 500)
        for kept in await captured.load(connection, ids):
            body = kept.record.body
            if change is None or change[0] in body:
                body = body.replace(*change) if change else body
                record = replace(kept.record, body=body)
                await raw.keep(connection, "court-test", record, "court_case/1")
                return
    raise AssertionError("no record is like that")


async def test_newer_records_of_the_same_sort_leave_the_approval_good(
    hub: Hub, tmp_path: Path
) -> None:
    offered = _offered(hub, tmp_path)
    found = await _propose(hub, offered)
    await _capture(hub)
    await _approve(hub, offered, found.digest)


async def test_a_newer_record_that_shows_something_else_makes_it_stale(
    hub: Hub, tmp_path: Path
) -> None:
    offered = _offered(hub, tmp_path)
    await _capture(hub, (b'"N_FJ":', b'"N_XX":'))  # the newest one tells no fine
    wanted = Wanted((offered,), last=1)
    found = await approval.propose(hub, wanted, WANG, lambda _: None)
    assert not found.report.ordered("records")
    await _capture(hub, (b'"N_FJ":', b'"N_FJ": '))
    with pytest.raises(ApprovalStale) as refused:
        await _approve(hub, offered, found.digest)
    assert refused.value.where == "--diff"
    assert await books.count(hub.database, rule_approval) == 0


async def test_unmasked_samples_are_noted_before_they_are_shown(
    hub: Hub, tmp_path: Path
) -> None:
    wanted = Wanted((_offered(hub, tmp_path),))
    found = await approval.propose(hub, wanted, WANG, lambda _: None, unmasked=True)
    told = await books.rows(
        hub.database,
        tables.event.select().where(tables.event.c.kind == "raw.seen"),
    )
    assert [one["body"] for one in told] == [{"diff": found.digest, "by": "ops"}]


async def test_guarded_rules_change_only_when_somebody_approved_them(
    hub: Hub, tmp_path: Path
) -> None:
    await approval.guard(hub)
    good = hub.mappings
    offered = _offered(hub, tmp_path)
    _put(hub, offered)
    for _ in range(2):
        with pytest.raises(RulesNotApproved):
            await hub.book.renew()
    assert (await hub.book.renew_if_sound()).mappings is good
    run_id = await sync_endpoint(hub, "court-test", "test")
    assert (await books.run(hub.database, run_id))["state"] == "finished"
    assert hub.mappings is good


async def test_an_approved_change_comes_into_force_by_itself(
    hub: Hub, tmp_path: Path
) -> None:
    await approval.guard(hub)
    good = hub.mappings
    offered = _offered(hub, tmp_path)
    serving = replace(hub, book=replace(hub.book))
    found = await _propose(hub, offered)
    _put(serving, offered)
    with pytest.raises(RulesNotApproved):
        await serving.book.renew()
    await _approve(hub, offered, found.digest)
    await serving.book.renew()
    assert serving.book.now.digest == found.after
    assert serving.mappings is not good


async def test_what_nobody_looked_at_does_not_come_in_behind_an_approved_change(
    hub: Hub, tmp_path: Path
) -> None:
    """Put a change into the files, then have a harmless one on top of it approved."""
    await approval.guard(hub)
    assert hub.book.folder is not None
    folder = hub.book.folder
    _put(hub, _offered(hub, tmp_path))
    sly = replace(hub, book=RuleBook.open(folder))
    on_top = tmp_path / "police_case.yaml"
    shutil.copyfile(folder / "police_case.yaml", on_top)
    _write_more(on_top)
    offered = f"police_case.yaml={on_top}"
    found = await _propose(sly, offered)
    assert not found.report.groups
    await _approve(sly, offered, found.digest)
    _put(hub, offered)
    with pytest.raises(RulesNotApproved):
        await hub.book.renew()


async def test_a_hub_does_not_start_with_rules_that_nobody_approved(
    hub: Hub, tmp_path: Path
) -> None:
    await approval.guard(hub)
    assert hub.book.folder is not None
    folder = hub.book.folder
    again = replace(hub, book=RuleBook.open(folder))
    await approval.guard(again)
    _put(hub, _offered(hub, tmp_path))
    with pytest.raises(RulesNotApproved):
        await approval.guard(replace(hub, book=RuleBook.open(folder)))
    assert await books.count(hub.database, rule_approval) == 1
