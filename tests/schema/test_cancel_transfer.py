import pytest

from schema import ids
from tests.schema import seeds

CANCEL = """mutation ($input: CancelTransferInput!) { cancelTransfer(input: $input) {
  __typename ... on TransferCancelled { transfer { state steps { state note } } }
  ... on Refusal { code where message { zh en } remedy { zh } } } }"""


@pytest.fixture
async def queued(database):
    case_id = await seeds.case(database, seeds.POLICE, seeds.PROC)
    return ids.encode("Transfer", await seeds.transfer(database, case_id))


async def test_the_sender_takes_back_what_was_not_sent(ask, queued):
    given = {"id": queued, "reason": "移送有误"}
    found = (await ask(seeds.POLICE, CANCEL, input=given))["cancelTransfer"]
    assert found["__typename"] == "TransferCancelled", found
    assert found["transfer"]["state"] == "CANCELLED"
    assert "移送有误" in found["transfer"]["steps"][-1]["note"]


async def test_an_operator_may_too_and_still_reads_no_note(ask, queued):
    given = {"id": queued, "reason": "应移送机关要求"}
    found = (await ask("HUB-OPERATOR", CANCEL, input=given))["cancelTransfer"]
    assert found["transfer"]["state"] == "CANCELLED"
    assert found["transfer"]["steps"][-1]["note"] == ""


@pytest.mark.parametrize(
    ("agency", "change", "code"),
    [
        (seeds.PROC, {}, "NOT_ALLOWED"),
        (seeds.STRANGER, {}, "NOT_FOUND"),
        ("COMMITTEE-421300", {}, "NOT_ALLOWED"),
        (seeds.POLICE, {"reason": " "}, "REQUEST_INVALID"),
        (seeds.POLICE, {"reason": "x" * 501}, "REQUEST_INVALID"),
        (seeds.POLICE, {"id": "x"}, "REQUEST_INVALID"),
        (seeds.POLICE, {"id": ids.encode("Case", 1)}, "REQUEST_INVALID"),
    ],
)
async def test_nobody_else_and_nothing_malformed(ask, queued, agency, change, code):
    given = {"id": queued, "reason": "移送有误"} | change
    found = (await ask(agency, CANCEL, input=given))["cancelTransfer"]
    assert (found["__typename"], found["code"]) == ("Refusal", code)
    text = "query ($id: ID!) { transfer(id: $id) { state } }"
    assert (await ask(seeds.POLICE, text, id=queued))["transfer"]["state"] == "QUEUED"


@pytest.mark.conformance("F20")
async def test_what_is_with_the_receiver_cannot_be_taken_back(ask, database):
    case_id = await seeds.case(database, seeds.POLICE)
    key = await seeds.transfer(database, case_id, state="ACCEPTED")
    given = {"id": ids.encode("Transfer", key), "reason": "移送有误"}
    found = (await ask(seeds.POLICE, CANCEL, input=given))["cancelTransfer"]
    assert (found["code"], found["where"]) == ("REQUEST_INVALID", "id")
