"""Accepting a hand-over: what stands in its way is told at once, or it is committed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from hub.engine.accept import accept
from hub.engine.hub import Hub
from hub.errors import (
    HubError,
    NotAllowed,
    NotFound,
    RequestInvalid,
    TransferConflicting,
    TransferNotAcceptable,
)
from hub.store.database import Database
from tests.flow.mill import PAPERS, POLICE, build_hub, draft, file_case, rows


@pytest.fixture
def hub(database: Database) -> Hub:
    """A hub whose receiver nobody needs to reach."""
    return build_hub(database, "http://127.0.0.1:9")


async def filed(hub: Hub, title: str = "case-0", **changes: Any) -> str:
    """A case that may go, unless changed."""
    async with hub.database.begin() as connection:
        return await file_case(connection, title, **changes)


async def count(hub: Hub, table: str) -> int:
    """How many rows there are."""
    statement = f"select count(*) as n from {table}"  # noqa: S608 - a table of ours
    [found] = await rows(hub, statement)
    return int(found.n)


async def nothing_happened(hub: Hub) -> bool:
    """No refused hand-over leaves anything behind."""
    tables = ("transfer", "parcel", "transfer_step", "event", "procrastinate_jobs")
    return [await count(hub, table) for table in tables] == [0] * len(tables)


async def refusal(hub: Hub, **changes: Any) -> TransferNotAcceptable:
    """What is said to a hand-over that cannot be sent."""
    with pytest.raises(TransferNotAcceptable) as told:
        await accept(hub, POLICE, draft(**changes))
    assert await nothing_happened(hub)
    return told.value


async def test_transfer_parcel_event_and_wake_up_are_committed_together(
    hub: Hub,
) -> None:
    number = await filed(hub)
    done = await accept(hub, POLICE, draft(number))
    [kept] = await rows(hub, "select * from transfer")
    [parcel] = await rows(hub, "select * from parcel")
    [event] = await rows(hub, "select kind, transfer_id from event")
    assert kept.id == parcel.transfer_id == event.transfer_id == done.transfer_id
    assert event.kind == "transfer.submitted"
    assert parcel.body == {"title": "case-0", "names": [{"name": "case-0"}]}
    assert parcel.digest == kept.content_digest
    assert await count(hub, "procrastinate_jobs") == 1
    agencies = await rows(hub, "select agency from case_agency order by 1")
    assert [one.agency for one in agencies] == [POLICE, "PROC-421381"]


@pytest.mark.conformance("F16")
async def test_everything_in_the_way_is_told_at_once(hub: Hub) -> None:
    papers = tuple(one for one in PAPERS if one != "DOSSIER_INDEX")
    number = await filed(hub, papers=papers, stage="S210_FIRST_INSTANCE")
    told = await refusal(hub, number=number, persons=(424242,))
    assert {fault.where for fault in told.faults} == {
        "persons[0]",
        "documents.DOSSIER_INDEX",
    }
    told = await refusal(hub, number=number)
    assert {fault.where for fault in told.faults} == {
        "documents.DOSSIER_INDEX",
        "persons[0].stage",
    }
    assert all(fault.message.zh and fault.message.en for fault in told.faults)


async def test_a_bail_decision_is_asked_for_only_on_bail(hub: Hub) -> None:
    papers = tuple(one for one in PAPERS if one != "BAIL_DECISION")
    number = await filed(hub, papers=papers)
    told = await refusal(hub, number=number)
    assert [fault.where for fault in told.faults] == ["documents.BAIL_DECISION"]
    async with hub.database.begin() as connection:
        await connection.execute(sa.text("update measure set ends_on = '2020-01-01'"))
    assert not (await accept(hub, POLICE, draft(number))).is_repeat


async def test_a_person_in_custody_goes_with_a_custody_change(hub: Hub) -> None:
    number = await filed(hub)
    async with hub.database.begin() as connection:
        await connection.execute(sa.text("update measure set kind = 'ARREST'"))
    told = await refusal(hub, number=number)
    assert [fault.where for fault in told.faults] == ["documents.CUSTODY_CHANGE_CERT"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"node": "NO_SUCH_NODE"}, {"node", "receiver"}),
        ({"receiver": "PROC-999999"}, {"receiver"}),
        ({"receiver": "COURT-421381"}, {"receiver"}),
        ({"receiver": POLICE}, {"receiver"}),
    ],
)
async def test_a_hand_over_to_the_wrong_place_is_refused(
    hub: Hub, changes: dict[str, Any], where: set[str]
) -> None:
    told = await refusal(hub, number=await filed(hub), **changes)
    assert {fault.where for fault in told.faults} == where


@pytest.mark.parametrize("field", ["case_number", "node", "receiver", "client_key"])
async def test_an_empty_argument_is_malformed(hub: Hub, field: str) -> None:
    with pytest.raises(RequestInvalid) as told:
        await accept(hub, POLICE, draft(await filed(hub), **{field: " "}))
    assert told.value.where == field
    assert await nothing_happened(hub)


async def test_a_stranger_learns_nothing_of_a_case(hub: Hub) -> None:
    number = await filed(hub)
    answers = []
    for case in (number, "H000000000000000000X"):
        with pytest.raises(NotFound) as told:
            await accept(hub, "COURT-421303", draft(case))
        answers.append(told.value.message)
    assert answers[0] == answers[1]


async def test_one_agency_does_not_hand_over_for_another(hub: Hub) -> None:
    number = await filed(hub)
    with pytest.raises(NotAllowed):
        await accept(hub, POLICE, draft(number, sender="POLICE-421303"))
    assert await nothing_happened(hub)


async def test_the_same_key_and_content_give_the_same_transfer(hub: Hub) -> None:
    number = await filed(hub)
    first = await accept(hub, POLICE, draft(number))
    again = await accept(hub, POLICE, draft(number))
    assert (again.transfer_id, again.is_repeat) == (first.transfer_id, True)


async def test_a_repeat_is_answered_even_when_the_case_has_moved_on(hub: Hub) -> None:
    number = await filed(hub)
    first = await accept(hub, POLICE, draft(number))
    async with hub.database.begin() as connection:
        await connection.execute(
            sa.text("update person set stage = 'S110_PROSECUTION_REVIEW'")
        )
    again = await accept(hub, POLICE, draft(number))
    assert again.transfer_id == first.transfer_id


async def test_the_same_key_with_other_content_conflicts(hub: Hub) -> None:
    number = await filed(hub)
    other = await filed(hub, "case-1")
    await accept(hub, POLICE, draft(number, "one-key"))
    for changed in (draft(number, "one-key", note="new"), draft(other, "one-key")):
        with pytest.raises(TransferConflicting):
            await accept(hub, POLICE, changed)
    assert await count(hub, "transfer") == 1


async def test_the_same_hand_over_under_way_conflicts(hub: Hub) -> None:
    number = await filed(hub)
    await accept(hub, POLICE, draft(number, "first"))
    with pytest.raises(TransferConflicting):
        await accept(hub, POLICE, draft(number, "second"))


@pytest.mark.conformance("F05")
async def test_after_acceptance_the_next_waits_for_the_receivers_own_record(
    hub: Hub,
) -> None:
    number = await filed(hub)
    await accept(hub, POLICE, draft(number, "first"))
    async with hub.database.begin() as connection:
        await connection.execute(
            sa.text("update transfer set state = 'ACCEPTED', answered_at = now()")
        )
    with pytest.raises(TransferConflicting):
        await accept(hub, POLICE, draft(number, "second"))
    async with hub.database.begin() as connection:
        await connection.execute(
            sa.text(
                "insert into endpoint_state (endpoint, state, synced_at)"
                " values ('proc-test', 'up', now() + interval '1 s')"
            )
        )
    await accept(hub, POLICE, draft(number, "second"))
    found = await rows(hub, "select round from transfer order by round")
    assert [one.round for one in found] == [1, 2]


async def test_a_cancelled_one_does_not_count_as_a_round(hub: Hub) -> None:
    number = await filed(hub)
    await accept(hub, POLICE, draft(number, "first"))
    async with hub.database.begin() as connection:
        await connection.execute(sa.text("update transfer set state = 'CANCELLED'"))
    await accept(hub, POLICE, draft(number, "second"))
    found = await rows(hub, "select round, business_key, idempotency_key from transfer")
    assert {one.round for one in found} == {1}
    assert len({one.business_key for one in found}) == 1
    assert len({one.idempotency_key for one in found}) == 2


async def test_the_same_submission_twenty_times_at_once_is_one_transfer(
    hub: Hub,
) -> None:
    number = await filed(hub)
    done = await asyncio.gather(
        *(accept(hub, POLICE, draft(number)) for _ in range(20))
    )
    assert len({one.transfer_id for one in done}) == 1
    assert sum(not one.is_repeat for one in done) == 1


async def test_one_key_for_two_cases_at_once_is_one_transfer_and_one_conflict(
    hub: Hub,
) -> None:
    cases = [await filed(hub, f"case-{place}") for place in range(2)]
    done = await asyncio.gather(
        *(accept(hub, POLICE, draft(case, "one-key")) for case in cases),
        return_exceptions=True,
    )
    assert sum(isinstance(one, TransferConflicting) for one in done) == 1
    assert await count(hub, "transfer") == 1


async def test_no_key_holds_a_name_or_an_identity_number(hub: Hub) -> None:
    number = await filed(hub, "张三")
    await accept(hub, POLICE, draft(number))
    [kept] = await rows(hub, "select business_key, idempotency_key from transfer")
    assert "张三" not in kept.business_key + kept.idempotency_key
    with pytest.raises(HubError) as told:
        await accept(hub, POLICE, draft(number, "again"))
    assert "张三" not in str(told.value) + told.value.message.zh
