import pytest
import sqlalchemy as sa

from tests.schema import seeds

RUN = """mutation ($input: RunSyncInput!) { runSync(input: $input) { __typename
  ... on SyncQueued { endpoint { code } lastRun { id state } }
  ... on Refusal { code where message { zh en } remedy { zh } } } }"""
OPERATOR = "HUB-OPERATOR"


async def _jobs(database):
    async with database.read() as connection:
        rows = await connection.execute(
            sa.text("select task_name, lock, args from procrastinate_jobs")
        )
        return [tuple(row) for row in rows]


async def test_a_sync_is_queued_once_in_the_endpoints_own_lane(ask, database):
    await seeds.run(database)
    for _ in range(2):
        given = {"endpoint": "police-suizhou"}
        found = (await ask(OPERATOR, RUN, input=given))["runSync"]
        assert found["__typename"] == "SyncQueued", found
        assert found["endpoint"]["code"] == "police-suizhou"
        assert found["lastRun"]["state"] == "FINISHED"
    ((task, lock, args),) = await _jobs(database)
    assert (task, lock) == ("sync_endpoint", "sync#police-suizhou")
    assert args == {"endpoint": "police-suizhou", "trigger": "caller"}


@pytest.mark.parametrize(
    ("agency", "endpoint", "code"),
    [
        (seeds.POLICE, "police-suizhou", "NOT_ALLOWED"),
        ("COMMITTEE-421300", "police-suizhou", "NOT_ALLOWED"),
        (OPERATOR, "nothing", "NOT_FOUND"),
        (OPERATOR, "", "NOT_FOUND"),
    ],
)
async def test_nobody_else_and_no_unknown_endpoint(
    ask, database, agency, endpoint, code
):
    found = (await ask(agency, RUN, input={"endpoint": endpoint}))["runSync"]
    assert (found["__typename"], found["code"]) == ("Refusal", code)
    assert await _jobs(database) == []
