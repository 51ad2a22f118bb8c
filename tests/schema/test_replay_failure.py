import pytest

from schema import ids
from tests.schema import seeds

REPLAY = """mutation ($input: ReplayFailureInput!) { replayFailure(input: $input) {
  __typename
  ... on FailureReplayed { isClosed failure { state attempts } run { trigger state }
    transfer { state steps { state } } }
  ... on Refusal { code where message { zh en } remedy { zh } } } }"""
OPERATOR = "HUB-OPERATOR"


@pytest.fixture
async def dead(database):
    case_id = await seeds.case(database, seeds.POLICE)
    return ids.encode("Transfer", await seeds.transfer(database, case_id, state="DEAD"))


async def test_a_dead_letter_is_queued_again(ask, dead):
    given = {"id": dead, "reason": "对方已恢复"}
    found = (await ask(OPERATOR, REPLAY, input=given))["replayFailure"]
    assert found["__typename"] == "FailureReplayed", found
    assert found["transfer"]["state"] == "QUEUED"
    assert found["isClosed"] is False


@pytest.mark.parametrize(
    ("agency", "change", "code"),
    [
        (seeds.POLICE, {}, "NOT_ALLOWED"),
        ("COMMITTEE-421300", {}, "NOT_ALLOWED"),
        (OPERATOR, {"reason": ""}, "REQUEST_INVALID"),
        (OPERATOR, {"id": "?"}, "REQUEST_INVALID"),
        (OPERATOR, {"id": ids.encode("Case", 1)}, "REQUEST_INVALID"),
        (OPERATOR, {"id": ids.encode("Transfer", "1")}, "REQUEST_INVALID"),
        (OPERATOR, {"id": ids.encode("SyncFailure", 99)}, "NOT_FOUND"),
    ],
)
async def test_nobody_else_and_nothing_malformed(ask, dead, agency, change, code):
    given = {"id": dead, "reason": "对方已恢复"} | change
    found = (await ask(agency, REPLAY, input=given))["replayFailure"]
    assert (found["__typename"], found["code"]) == ("Refusal", code)


async def test_a_closed_failure_and_a_living_transfer_are_not_replayed(ask, database):
    case_id = await seeds.case(database, seeds.POLICE)
    alive = ids.encode("Transfer", await seeds.transfer(database, case_id))
    closed = ids.encode("SyncFailure", await seeds.failure(database, state="closed"))
    for key in (alive, closed):
        given = {"id": key, "reason": "再试一次"}
        found = (await ask(OPERATOR, REPLAY, input=given))["replayFailure"]
        assert (found["code"], found["where"]) == ("REQUEST_INVALID", "id")
