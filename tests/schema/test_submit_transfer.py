import pytest
import sqlalchemy as sa

from hub.store import tables
from schema import ids
from tests.schema import seeds

SUBMIT = """mutation ($input: SubmitTransferInput!) { submitTransfer(input: $input) {
  __typename
  ... on TransferSubmitted { isRepeat transfer { id state sender { code } note
    steps { state } case { hubNumber } endpoint { code } } }
  ... on Refusal { code where message { zh en } remedy { zh en }
    problems { code where message { zh en } source rule } } } }"""
PAPERS = (
    "PROSECUTION_OPINION",
    "FILING_DECISION",
    "DOSSIER_INDEX",
    "INTERROGATION_RECORD",
    "HOUSEHOLD_PROOF",
    "CRIMINAL_RECORD_CHECK",
    "ARRIVAL_STATEMENT",
    "RIGHTS_NOTICE_SUSPECT",
    "BAIL_DECISION",
)
INPUT = {
    "caseNumber": "a4213810000002023080001",
    "node": "PROSECUTION_TRANSFER",
    "receiver": seeds.PROC,
    "clientKey": "k-1",
}


@pytest.fixture
async def ready_case(database):
    """A case the police may hand over: every document, the right stage."""
    case_id = await seeds.case(
        database, seeds.POLICE, stage="S020_FILED", summary="醉酒驾驶机动车"
    )
    await seeds.number(database, case_id, "police", "A4213810000002023080001")
    hub = await _hub_number(database, case_id)
    await seeds.number(database, case_id, "hub", hub, "hub")
    who = await seeds.person(
        database,
        case_id,
        stage="S020_FILED",
        birth_date=seeds.date(1980, 1, 1),
        id_type="111",
        id_number="421381198001010010",
        ethnic_group="01",
        education="70",
        household="421381",
        address="某街",
        occupation="务工",
    )
    await seeds.charge(database, case_id, who)
    await seeds.measure(database, case_id, who)
    for place, kind in enumerate(PAPERS):
        await seeds.document(
            database, case_id, type=kind, position=place, name=kind, number=f"{place}"
        )
    return case_id, who


async def _hub_number(database, case_id):
    async with database.read() as connection:
        column = tables.case_record.c.hub_number
        query = sa.select(column).where(tables.case_record.c.id == case_id)
        return (await connection.execute(query)).scalar_one()


async def _transfers(database):
    async with database.read() as connection:
        query = sa.select(sa.func.count()).select_from(tables.transfer)
        return (await connection.execute(query)).scalar_one()


async def test_a_hand_over_is_accepted_and_queued(ask, database, ready_case):
    found = await ask(seeds.POLICE, SUBMIT, input=INPUT | {"note": "请审查"})
    found = found["submitTransfer"]
    assert found["__typename"] == "TransferSubmitted", found
    assert found["isRepeat"] is False
    assert found["transfer"]["state"] == "QUEUED"
    assert found["transfer"]["endpoint"]["code"] == "proc20-suizhou"
    assert [step["state"] for step in found["transfer"]["steps"]] == ["QUEUED"]
    assert await _transfers(database) == 1


async def test_the_same_request_again_is_the_same_transfer(ask, database, ready_case):
    first = (await ask(seeds.POLICE, SUBMIT, input=INPUT))["submitTransfer"]
    again = (await ask(seeds.POLICE, SUBMIT, input=INPUT))["submitTransfer"]
    assert again["isRepeat"] is True
    assert again["transfer"]["id"] == first["transfer"]["id"]
    assert await _transfers(database) == 1


async def test_a_person_can_be_named_by_its_id(ask, database, ready_case):
    chosen = INPUT | {"persons": [ids.encode("Person", ready_case[1])]}
    found = (await ask(seeds.POLICE, SUBMIT, input=chosen))["submitTransfer"]
    assert found["__typename"] == "TransferSubmitted", found


@pytest.mark.usefixtures("ready_case")
@pytest.mark.parametrize(
    ("agency", "change", "code", "where"),
    [
        (seeds.PROC, {}, "NOT_FOUND", "caseNumber"),
        (seeds.STRANGER, {}, "NOT_FOUND", "caseNumber"),
        ("COMMITTEE-421300", {}, "NOT_ALLOWED", "submitTransfer"),
        ("HUB-OPERATOR", {}, "NOT_ALLOWED", "submitTransfer"),
        (seeds.POLICE, {"sender": seeds.PROC}, "NOT_ALLOWED", "sender"),
        (seeds.POLICE, {"caseNumber": "A9"}, "NOT_FOUND", "caseNumber"),
        (seeds.POLICE, {"caseNumber": " "}, "REQUEST_INVALID", "caseNumber"),
        (seeds.POLICE, {"clientKey": ""}, "REQUEST_INVALID", "clientKey"),
        (seeds.POLICE, {"node": "NOTHING"}, "TRANSFER_NOT_ACCEPTABLE", None),
        (seeds.POLICE, {"receiver": "PROC-1"}, "TRANSFER_NOT_ACCEPTABLE", None),
        (seeds.POLICE, {"persons": ["x"]}, "REQUEST_INVALID", "persons[0]"),
        (seeds.POLICE, {"persons": ["UGVyc29uOjk="]}, "TRANSFER_NOT_ACCEPTABLE", None),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(  # noqa: PLR0917
    ask, database, agency, change, code, where
):
    found = (await ask(agency, SUBMIT, input=INPUT | change))["submitTransfer"]
    assert (found["__typename"], found["code"]) == ("Refusal", code)
    assert where is None or found["where"] == where
    for text in (found["message"], found["remedy"]):
        assert text["zh"]
        assert text["en"]
    assert await _transfers(database) == 0


async def test_every_missing_document_is_named_at_once(ask, database, ready_case):
    async with database.begin() as connection:
        table = tables.document
        gone = table.c.type.in_(["HOUSEHOLD_PROOF", "DOSSIER_INDEX"])
        await connection.execute(sa.delete(table).where(gone))
    found = (await ask(seeds.POLICE, SUBMIT, input=INPUT))["submitTransfer"]
    assert found["code"] == "TRANSFER_NOT_ACCEPTABLE"
    assert {one["where"] for one in found["problems"]} == {
        "documents.HOUSEHOLD_PROOF",
        "documents.DOSSIER_INDEX",
    }


async def test_a_key_used_for_something_else_conflicts(ask, database, ready_case):
    await ask(seeds.POLICE, SUBMIT, input=INPUT)
    changed = INPUT | {"note": "另一份"}
    found = (await ask(seeds.POLICE, SUBMIT, input=changed))["submitTransfer"]
    assert found["code"] == "TRANSFER_CONFLICTING"
    assert await _transfers(database) == 1


@pytest.mark.usefixtures("ready_case")
async def test_everything_malformed_is_told_at_once_in_the_callers_words(ask):
    wrong = {
        "caseNumber": " ",
        "clientKey": "",
        "node": "NOTHING",
        "receiver": "PROC-1",
        "note": "长" * 2001,
        "persons": [ids.encode("Person", 1), "x", ids.encode("Case", 1)],
    }
    found = (await ask(seeds.POLICE, SUBMIT, input=INPUT | wrong))["submitTransfer"]
    assert (found["code"], found["where"]) == ("REQUEST_INVALID", "caseNumber")
    assert [one["where"] for one in found["problems"]] == [
        "caseNumber",
        "clientKey",
        "note",
        "persons[1]",
        "persons[2]",
        "node",
        "receiver",
    ]
    told = " ".join(one["message"]["en"] for one in found["problems"])
    assert "clientKey must not be empty" in told
    assert "client_key" not in told + found["message"]["zh"]


async def test_a_person_of_another_case_is_named_by_its_place(ask, ready_case):
    chosen = [ids.encode("Person", ready_case[1]), ids.encode("Person", 10**6)]
    given = INPUT | {"persons": chosen}
    found = (await ask(seeds.POLICE, SUBMIT, input=given))["submitTransfer"]
    assert [one["where"] for one in found["problems"]] == ["persons[1]"]
