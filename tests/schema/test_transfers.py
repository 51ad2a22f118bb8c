import pytest

from schema import ids
from tests.schema import seeds

FIELDS = """id node { code nameZh } state sender { code } receiver { code } note
  receiverNumber clientKey errorCode error { message { zh } } attempts
  case { hubNumber } endpoint { code } nextAttemptAt
  steps { state note errorCode at }
  receipts { outcome rawDigest numbers { scheme value }
    reasons { reason { code nameZh } text } }"""
ONE = f"query ($id: ID!) {{ transfer(id: $id) {{ {FIELDS} }} }}"
MANY = """query ($filter: TransferFilter) { transfers(filter: $filter) {
  totalCount nodes { id } } }"""


@pytest.fixture
async def returned(database):
    case_id = await seeds.case(database, seeds.POLICE, seeds.PROC, seeds.COURT)
    await seeds.number(database, case_id, "police", "A1")
    key = await seeds.transfer(
        database, case_id, state="RETURNED", receiver_number="广检刑诉受[2023]1号"
    )
    await seeds.receipt(database, key)
    return ids.encode("Transfer", key)


async def test_the_sender_sees_its_transfer_with_timeline_and_receipt(ask, returned):
    found = (await ask(seeds.POLICE, ONE, id=returned))["transfer"]
    assert found["node"] == {"code": "PROSECUTION_TRANSFER", "nameZh": "移送审查起诉"}
    assert (found["state"], found["nextAttemptAt"]) == ("RETURNED", None)
    assert found["clientKey"].startswith("own-")
    assert found["steps"][0]["note"] == "李某案已排队"
    receipt = found["receipts"][0]
    assert receipt["reasons"][0]["reason"]["nameZh"] == "法律文书缺失"
    assert receipt["numbers"][0]["scheme"] == "department"


async def test_only_the_submitter_sees_its_own_key(ask, returned):
    found = (await ask(seeds.PROC, ONE, id=returned))["transfer"]
    assert found["clientKey"] is None
    assert found["note"] == "请依法审查"


async def test_a_participant_sees_the_whole_timeline_of_its_case(ask, returned):
    text = """{ case(number: "A1") {
      transfers { id steps { state } receipts { outcome } } } }"""
    found = (await ask(seeds.COURT, text))["case"]["transfers"]
    assert [one["id"] for one in found] == [returned]
    assert found[0]["receipts"] == [{"outcome": "RETURNED"}]
    assert (await ask(seeds.COURT, ONE, id=returned))["transfer"]["steps"]
    assert (await ask(seeds.COURT, MANY))["transfers"]["totalCount"] == 0


async def test_an_operator_sees_states_and_codes_but_no_word_of_the_case(ask, returned):
    found = (await ask("HUB-OPERATOR", ONE, id=returned))["transfer"]
    assert found["state"] == "RETURNED"
    assert found["case"] is None
    assert (found["note"], found["receiverNumber"]) == ("", None)
    assert [step["note"] for step in found["steps"]] == [""]
    assert found["receipts"][0]["numbers"] == []
    reason = found["receipts"][0]["reasons"][0]
    assert (reason["reason"]["code"], reason["text"]) == ("R02", "")


async def test_a_stranger_sees_no_transfer_at_all(ask, returned):
    assert (await ask(seeds.STRANGER, ONE, id=returned))["transfer"] is None
    assert (await ask(seeds.STRANGER, MANY))["transfers"]["nodes"] == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, 2),
        ({"state": "QUEUED"}, 1),
        ({"state": ["QUEUED", "DEAD"]}, 2),
        ({"node": "INDICTMENT"}, 1),
        ({"receiver": seeds.PROC}, 1),
        ({"endpoint": "proc20-suizhou", "sender": seeds.POLICE}, 1),
        ({"submittedSince": "2040-01-01T00:00:00Z"}, 0),
    ],
)
async def test_transfers_are_narrowed_by_what_the_filter_says(
    ask, database, wanted, expected
):
    case_id = await seeds.case(database, seeds.POLICE)
    await seeds.transfer(database, case_id)
    await seeds.transfer(
        database,
        case_id,
        receiver=seeds.COURT,
        node="INDICTMENT",
        state="DEAD",
        endpoint="court",
    )
    found = (await ask(seeds.POLICE, MANY, filter=wanted))["transfers"]
    assert found["totalCount"] == len(found["nodes"]) == expected


@pytest.mark.parametrize("bad", ["", "x", "Q2FzZTox", "VHJhbnNmZXI6MQ=="])
async def test_an_id_that_is_none_of_a_transfer_is_refused(refusal, bad):
    found = await refusal(seeds.POLICE, ONE, id=bad)
    assert (found["code"], found["where"]) == ("REQUEST_INVALID", "id")


WAITS = """query ($id: ID!) { transfer(id: $id) { state errorCode nextAttemptAt
  error { code message { zh en } remedy { en } } } }"""


async def test_what_waits_at_a_held_door_says_that_an_operator_must_act(ask, database):
    case_id = await seeds.case(database, seeds.POLICE)
    key = ids.encode("Transfer", await seeds.transfer(database, case_id))
    done = ids.encode(
        "Transfer", await seeds.transfer(database, case_id, state="RETURNED")
    )
    before = (await ask(seeds.POLICE, WAITS, id=key))["transfer"]
    assert before["nextAttemptAt"]
    assert before["error"] is None
    held = {"state": "held", "error_code": "AGENCY_LOGIN_REFUSED"}
    await seeds.standing(database, "proc20-suizhou", **held)
    found = (await ask(seeds.POLICE, WAITS, id=key))["transfer"]
    assert (found["state"], found["nextAttemptAt"]) == ("QUEUED", None)
    assert found["errorCode"] == found["error"]["code"] == "AGENCY_LOGIN_REFUSED"
    assert "not tried again until an operator acts" in found["error"]["message"]["en"]
    assert "hub sync" in found["error"]["remedy"]["en"]
    settled = (await ask(seeds.POLICE, WAITS, id=done))["transfer"]
    assert settled["error"] is None
