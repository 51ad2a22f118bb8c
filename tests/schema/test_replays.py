"""Replays and corrections in the schema: whose they are, and what each may see."""

import asyncio
from datetime import UTC, datetime

import pytest

from hub.store import corrections as store
from hub.store.corrections import Notice
from hub.store.tables_replay import (
    replay_change,
    replay_item,
    replay_job,
    replay_transfer,
)
from schema import ids
from tests.schema import seeds
from tests.schema.test_case_events import (  # noqa: F401 - fixtures
    address,
    auth,
    bearer,
    connected,
    heard,
    settled,
    subscribe,
)

OPERATOR = "HUB-OPERATOR"
MINE = """query ($filter: CorrectionFilter, $after: String) {
  corrections(first: 1, filter: $filter, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id causes reason acknowledgedAt case { hubNumber title }
            changes { path place before after } transfers { id } } } }"""
ACKNOWLEDGE = """mutation ($id: ID!) { acknowledgeCorrection(id: $id) {
  ... on CorrectionAcknowledged { correction { id acknowledgedAt } }
  ... on Refusal { code where } } }"""
JOB = """query ($id: ID!) { replayJob(id: $id) {
  id state total done reason startedBy scope { endpoints cases everything }
  items { totalCount nodes { sourceKey outcome paths facetBefore facetAfter } }
  callers { agency { code } cases read received acknowledged }
  transfers { id note } } }"""


async def job(database, **values):
    scope = {
        "endpoints": ["police-suizhou"],
        "kind": None,
        "cause": None,
        "cases": [],
        "everything": False,
    }
    row = {
        "key": "k",
        "scope": scope,
        "rules": {},
        "reason": "代码互换",
        "started_by": OPERATOR,
        "state": "finished",
        "total": 3,
        "done": 3,
    }
    return await seeds.put(database, replay_job, **(row | values))


async def change(database, job_id, case_id, place="persons[0].birth_date", **values):
    row = {
        "place": place,
        "path": place.replace("[0]", ""),
        "read_as": [case_id],
        "before": "1901-01-01",
        "after": "1901-02-03",
        "rules_before": "a",
        "rules_after": "b",
        "settled_at": datetime(2023, 1, 1, tzinfo=UTC),
    }
    return await seeds.put(
        database, replay_change, job_id=job_id, case_id=case_id, **(row | values)
    )


async def notify(database, job_id, case_id, caller, *changes, received=False):
    notice = Notice(job_id, case_id, caller, set(changes), None, was_received=received)
    if not received:
        notice.read_at = datetime.now(UTC)
    async with database.begin() as connection:
        await store.issue(connection, [notice])


@pytest.fixture
async def told(database):
    """A replay that told the police of one case; (job, case, change)."""
    case_id = await seeds.case(database, seeds.POLICE, seeds.PROC)
    job_id = await job(database)
    change_id = await change(database, job_id, case_id)
    await notify(database, job_id, case_id, seeds.POLICE, change_id)
    return job_id, case_id, change_id


async def test_a_caller_sees_its_own_corrections_and_no_others(ask, told):
    found = (await ask(seeds.POLICE, MINE))["corrections"]
    assert found["totalCount"] == 1
    (one,) = found["nodes"]
    assert one["causes"] == ["READ"]
    assert one["reason"] == "代码互换"
    assert one["case"]["title"] == "李某危险驾驶案"
    assert one["changes"] == [
        {
            "path": "persons.birthDate",
            "place": "persons[0].birthDate",
            "before": "1901-01-01",
            "after": "1901-02-03",
        }
    ]
    for other in (seeds.PROC, seeds.STRANGER):
        assert (await ask(other, MINE))["corrections"]["totalCount"] == 0
        node = "query ($id: ID!) { node(id: $id) { id } }"
        assert await ask(other, node, id=one["id"]) == {"node": None}


async def test_whoever_may_not_see_the_case_any_longer_sees_no_value(
    ask, database, told
):
    job_id, _, _ = told
    hidden = await seeds.case(database, seeds.COURT)
    change_id = await change(database, job_id, hidden)
    await notify(database, job_id, hidden, seeds.JUSTICE, change_id)
    (one,) = (await ask(seeds.JUSTICE, MINE))["corrections"]["nodes"]
    assert (one["case"], one["changes"]) == (None, [])


async def test_corrections_come_in_pages_and_by_whether_they_are_known(
    ask, database, told
):
    job_id, _, _ = told
    for _ in range(2):
        case_id = await seeds.case(database, seeds.POLICE)
        change_id = await change(database, job_id, case_id)
        await notify(database, job_id, case_id, seeds.POLICE, change_id)
    seen, after = [], None
    while True:
        found = (await ask(seeds.POLICE, MINE, after=after))["corrections"]
        seen += [one["id"] for one in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert len(set(seen)) == 3
    done = (await ask(seeds.POLICE, ACKNOWLEDGE, id=seen[0]))["acknowledgeCorrection"]
    assert done["correction"]["acknowledgedAt"] is not None
    again = (await ask(seeds.POLICE, ACKNOWLEDGE, id=seen[0]))["acknowledgeCorrection"]
    assert again == done
    for known, count in ((True, 1), (False, 2)):
        found = await ask(seeds.POLICE, MINE, filter={"acknowledged": known})
        assert found["corrections"]["totalCount"] == count


async def test_reading_a_correction_in_the_moment_of_its_replay_sends_no_second(
    ask, database
):
    """It counts as a read of the value; but what it would be told, it was told."""
    case_id = await seeds.case(database, seeds.POLICE)
    job_id = await job(database, state="running")
    change_id = await change(database, job_id, case_id, settled_at=None)
    await notify(database, job_id, case_id, seeds.POLICE, change_id)
    (one,) = (await ask(seeds.POLICE, MINE))["corrections"]["nodes"]
    await ask(seeds.POLICE, ACKNOWLEDGE, id=one["id"])
    found = (await ask(seeds.POLICE, MINE))["corrections"]
    assert found["nodes"][0]["acknowledgedAt"] is not None
    assert (await ask(seeds.POLICE, MINE))["corrections"] == found


async def test_a_correction_of_others_cannot_be_acknowledged(ask, told):
    (one,) = (await ask(seeds.POLICE, MINE))["corrections"]["nodes"]
    refused = {"code": "NOT_FOUND", "where": "id"}
    for key in (one["id"], ids.encode("Correction", 999)):
        found = await ask(seeds.PROC, ACKNOWLEDGE, id=key)
        assert found["acknowledgeCorrection"] == refused
    (one,) = (await ask(seeds.POLICE, MINE))["corrections"]["nodes"]
    assert one["acknowledgedAt"] is None


async def test_one_case_and_replay_make_one_correction_that_grows(ask, database, told):
    job_id, case_id, _ = told
    (one,) = (await ask(seeds.POLICE, MINE))["corrections"]["nodes"]
    await ask(seeds.POLICE, ACKNOWLEDGE, id=one["id"])
    key = await seeds.transfer(database, case_id)
    more = await change(database, job_id, case_id, "title", before="甲", after="乙")
    await seeds.put(database, replay_transfer, change_id=more, transfer_id=key)
    await notify(database, job_id, case_id, seeds.POLICE, more, received=True)
    (grown,) = (await ask(seeds.POLICE, MINE))["corrections"]["nodes"]
    assert grown["id"] == one["id"]
    assert grown["causes"] == ["READ", "RECEIVED"]
    assert [one["path"] for one in grown["changes"]] == ["persons.birthDate", "title"]
    assert grown["transfers"] == [{"id": ids.encode("Transfer", key)}]
    assert grown["acknowledgedAt"] is None, "there is more to know"


async def test_an_operator_sees_what_changed_and_whom_it_touches_but_no_value(
    ask, database, told
):
    job_id, case_id, change_id = told
    key = await seeds.transfer(database, case_id)
    await seeds.put(database, replay_transfer, change_id=change_id, transfer_id=key)
    await seeds.put(
        database,
        replay_item,
        job_id=job_id,
        endpoint="police-suizhou",
        kind="case",
        source_key="A1",
        raw_id=1,
        outcome="changed",
        facet_before=1,
        facet_after=2,
        paths=["persons[0].birth_date"],
    )
    found = (await ask(OPERATOR, JOB, id=ids.encode("ReplayJob", job_id)))["replayJob"]
    assert found["scope"] == {
        "endpoints": ["police-suizhou"],
        "cases": 0,
        "everything": False,
    }
    assert found["items"]["nodes"] == [
        {
            "sourceKey": "A1",
            "outcome": "CHANGED",
            "paths": ["persons[0].birthDate"],
            "facetBefore": ids.encode("Facet", 1),
            "facetAfter": ids.encode("Facet", 2),
        }
    ]
    assert found["callers"] == [
        {
            "agency": {"code": seeds.POLICE},
            "cases": 1,
            "read": 1,
            "received": 0,
            "acknowledged": 0,
        }
    ]
    assert found["transfers"] == [{"id": ids.encode("Transfer", key), "note": ""}]
    assert "1901" not in str(found)


async def test_what_cannot_be_started_is_refused_with_the_reason(ask):
    start = """mutation ($input: StartReplayInput!) { startReplay(input: $input) {
      ... on ReplayTurned { job { id } } ... on Refusal { code where } } }"""
    wanted = {
        "scope": ({}, "reason"),
        "nowhere": ({"scope": {"endpoints": ["nowhere"]}}, "x"),
        "case": ({"scope": {"cases": ["H0"]}}, "x"),
        "nothing": ({"scope": {}}, "x"),
    }
    codes = {}
    for name, (told, reason) in wanted.items():
        given = {"reason": "" if name == "scope" else reason} | told
        found = (await ask(OPERATOR, start, input=given))["startReplay"]
        codes[name] = (found["code"], found["where"])
    assert codes == {
        "scope": ("REQUEST_INVALID", "reason"),
        "nowhere": ("NOT_FOUND", "endpoint"),
        "case": ("NOT_FOUND", "cases"),
        "nothing": ("REQUEST_INVALID", "scope"),
    }


@pytest.mark.parametrize("what", ["pause", "resume", "cancel"])
async def test_a_replay_that_is_not_there_or_over_is_not_turned(ask, database, what):
    key = await job(database)
    query = f"""mutation ($id: ID!) {{ {what}Replay(id: $id) {{
      ... on ReplayTurned {{ job {{ id }} }} ... on Refusal {{ code where }} }} }}"""
    for found, code in ((key, "REQUEST_INVALID"), (key + 1, "NOT_FOUND")):
        told = await ask(OPERATOR, query, id=ids.encode("ReplayJob", found))
        assert told[f"{what}Replay"] == {"code": code, "where": "id"}


FOLLOW = "subscription { correctionIssued { id changes { after } } }"


async def test_a_subscriber_hears_what_it_missed_and_then_what_comes(
    address,  # noqa: F811
    auth,  # noqa: F811
    ask,
    database,
    told,
):
    job_id, _, _ = told
    other = await seeds.case(database, seeds.POLICE)
    change_id = await change(database, job_id, other, after="1902-01-01")
    await notify(database, job_id, other, seeds.POLICE, change_id)
    (known, *_) = (await ask(seeds.POLICE, MINE))["corrections"]["nodes"]
    await ask(seeds.POLICE, ACKNOWLEDGE, id=known["id"])
    async with connected(address, bearer(auth, seeds.POLICE)) as socket:
        await heard(socket)
        await subscribe(socket, FOLLOW)
        missed = await heard(socket)
        await settled()
        third = await seeds.case(database, seeds.POLICE, seeds.PROC)
        change_id = await change(database, job_id, third, after="1903-01-01")
        await notify(database, job_id, third, seeds.PROC, change_id)
        await notify(database, job_id, third, seeds.POLICE, change_id)
        coming = await heard(socket)
    values = [
        one["payload"]["data"]["correctionIssued"]["changes"][0]["after"]
        for one in (missed, coming)
    ]
    assert values == ["1901-02-03", "1903-01-01"]


async def test_an_event_leaves_only_after_its_read_is_written(
    address,  # noqa: F811
    auth,  # noqa: F811
    database,
    told,
):
    from hub.store.tables_replay import read_log

    async def count():
        import sqlalchemy as sa

        async with database.read() as connection:
            wanted = sa.select(sa.func.count()).select_from(read_log)
            return (await connection.execute(wanted)).scalar_one()

    async with connected(address, bearer(auth, seeds.POLICE)) as socket:
        await heard(socket)
        assert await count() == 0
        await subscribe(socket, FOLLOW)
        await heard(socket)
        assert await count() == 1
    async with database.begin() as connection:
        await connection.exec_driver_sql("alter table read_log rename to away")
    async with connected(address, bearer(auth, seeds.POLICE)) as socket:
        await heard(socket)
        await subscribe(socket, FOLLOW)
        answer = await asyncio.wait_for(heard(socket), 20)
    assert "1901" not in str(answer)
    error = answer["payload"]["errors"][0]["extensions"]
    assert error["code"] == "HUB"
