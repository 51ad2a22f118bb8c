"""Each role by each root field, against a table written a second time by hand."""

import pytest
from graphql import build_schema

from hub.engine import policy
from hub.records.caller import Caller, Reach
from schema.build import SCHEMA
from schema.permissions import root_fields
from tests.conftest import ROOT
from tests.schema import seeds

HANDLERS = ("POLICE", "PROC", "COURT", "JUSTICE", "DETENTION", "PRISON")
COMMITTEE, OPERATOR = "COMMITTEE-421300", "HUB-OPERATOR"

#: root field -> who gets an answer: H handlers, C committee, O operator
MATRIX = {
    "case": "H",
    "cases": "H",
    "persons": "H",
    "charges": "H",
    "measures": "H",
    "documents": "H",
    "transfer": "HO",
    "transfers": "HO",
    "agencies": "HCO",
    "endpoints": "HCO",
    "syncRuns": "O",
    "syncFailures": "O",
    "failureCauses": "O",
    "losses": "O",
    "lineage": "H",
    "ruleApprovals": "O",
    "drifts": "O",
    "coverage": "O",
    "codeTables": "HCO",
    "codeTable": "HCO",
    "translateCode": "HCO",
    "corrections": "H",
    "replayJobs": "O",
    "replayJob": "O",
    "counts": "HCO",
    "caller": "HCO",
    "node": "HCO",
    "submitTransfer": "H",
    "cancelTransfer": "HO",
    "replayFailure": "O",
    "runSync": "O",
    "startReplay": "O",
    "pauseReplay": "O",
    "resumeReplay": "O",
    "cancelReplay": "O",
    "acknowledgeCorrection": "H",
    "caseEvents": "H",
    "correctionIssued": "H",
}
QUERIES = {
    "case": '{ case(number: "A1") { hubNumber } }',
    "cases": "{ cases { nodes { hubNumber } totalCount } }",
    "persons": "{ persons { nodes { name } } }",
    "charges": "{ charges { nodes { wording } } }",
    "measures": "{ measures { nodes { startedOn } } }",
    "documents": "{ documents { nodes { name } } }",
    "transfer": '{ transfer(id: "VHJhbnNmZXI6MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw") { id } }',  # noqa: E501
    "transfers": "{ transfers { nodes { id } } }",
    "agencies": "{ agencies { code } }",
    "endpoints": "{ endpoints { code } }",
    "syncRuns": "{ syncRuns { nodes { id } } }",
    "syncFailures": "{ syncFailures { nodes { id } } }",
    "failureCauses": "{ failureCauses { code } }",
    "losses": "{ losses { place } }",
    "lineage": '{ lineage(id: "Q2FzZTox", path: "title") { value } }',
    "ruleApprovals": "{ ruleApprovals { nodes { diff } } }",
    "drifts": "{ drifts { id } }",
    "coverage": '{ coverage(system: "police_case") { days } }',
    "codeTables": "{ codeTables { name } }",
    "codeTable": '{ codeTable(name: "sex") { name } }',
    "translateCode": '{ translateCode(system: "police_case", table: "sex", raw: "1") { code } }',  # noqa: E501
    "corrections": "{ corrections { totalCount nodes { id } } }",
    "replayJobs": "{ replayJobs { totalCount nodes { id } } }",
    "replayJob": '{ replayJob(id: "UmVwbGF5Sm9iOjE=") { id } }',
    "counts": "{ counts { cases } }",
    "caller": "{ caller { agencyType } }",
    "node": '{ node(id: "QWdlbmN5OlBPTElDRS00MjEzODE=") { id } }',
}


def letter(kind):
    return "H" if kind in HANDLERS else kind[0].replace("H", "O")


def kinds():
    return (*HANDLERS, "COMMITTEE", "HUB", "LEGAL_AID", "", "police")


def test_every_root_field_stands_in_the_table_and_in_this_one():
    assert root_fields(SCHEMA._schema) == set(MATRIX)
    committed = build_schema((ROOT / "schema/schema.graphql").read_text("utf-8"))
    assert root_fields(committed) == set(MATRIX)


@pytest.mark.parametrize("kind", kinds())
def test_the_table_says_what_the_matrix_says(kind):
    known = kind in (*HANDLERS, "COMMITTEE", "HUB")
    for name, who in MATRIX.items():
        thing = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
        expected = known and letter(kind) in who
        reached = policy.reach(kind, thing) is not Reach.NOTHING
        assert reached == expected, (kind, name)


def test_a_thing_that_stands_in_no_row_is_refused_to_everybody():
    assert all(policy.reach(kind, "secrets") is Reach.NOTHING for kind in kinds())


@pytest.fixture
async def someone_elses(database):
    case_id = await seeds.case(database, "COURT-421321")
    await seeds.number(database, case_id, "police", "A1")
    who = await seeds.person(database, case_id)
    await seeds.charge(database, case_id, who)
    await seeds.measure(database, case_id, who)
    await seeds.document(database, case_id)
    await seeds.transfer(
        database, case_id, sender="COURT-421321", receiver="PROC-421321"
    )


@pytest.mark.parametrize("name", sorted(QUERIES))
async def test_each_role_gets_an_answer_or_a_coded_refusal(hub, someone_elses, name):
    from schema.execute import execute

    for kind in (*HANDLERS, "COMMITTEE", "HUB"):
        agency = "HUB-OPERATOR" if kind == "HUB" else f"{kind}-421381"
        answer = await execute(hub, Caller(agency, kind), QUERIES[name])
        if letter(kind) in MATRIX[name]:
            assert answer.errors == (), (kind, name, answer.errors)
        else:
            assert answer.errors[0]["extensions"]["code"] == "NOT_ALLOWED", kind


@pytest.mark.parametrize(
    "name", ["cases", "persons", "charges", "measures", "documents", "transfers"]
)
async def test_no_handler_sees_a_row_of_others(ask, someone_elses, name):
    for kind in HANDLERS:
        found = await ask(f"{kind}-421381", QUERIES[name])
        assert found[name]["nodes"] == [], kind
        assert found[name].get("totalCount", 0) == 0
    assert await ask(f"{kind}-421381", QUERIES["case"]) == {"case": None}


async def test_a_caller_of_no_known_type_gets_nothing_at_all(hub, someone_elses):
    from schema.execute import execute

    for name, text in QUERIES.items():
        answer = await execute(hub, Caller("X", "LEGAL_AID"), text)
        assert answer.errors[0]["extensions"]["code"] == "NOT_ALLOWED", name
