"""Roots agencies, codeTables, codeTable, caller; and node."""

import pytest

from schema import ids
from tests.schema import seeds

NODE = """query ($id: ID!) { node(id: $id) { __typename id
  ... on Case { hubNumber } ... on Endpoint { code } ... on Agency { nameZh } } }"""


async def test_agencies_can_be_narrowed_to_a_type(ask):
    text = """{ agencies(type: "COURT") {
      code nameZh nameEn type { nameZh } endpoints { code } } }"""
    found = (await ask(seeds.COURT, text))["agencies"]
    assert seeds.COURT in {one["code"] for one in found}
    assert {one["type"]["nameZh"] for one in found} == {"人民法院"}
    text = (
        '{ agencies(type: "POLICE") { code endpoints { code } division { nameZh } } }'
    )
    found = (await ask(seeds.COURT, text))["agencies"]
    served = {one["code"]: one["endpoints"] for one in found}
    assert served[seeds.POLICE] == [{"code": "police-suizhou"}]


async def test_a_code_table_comes_by_pages_and_by_codes(ask):
    text = """query ($after: String, $codes: [String!]) {
      codeTable(name: "sex") { name revision digest
        rows(first: 2, after: $after, codes: $codes) { totalCount
          nodes { code nameZh nameEn columns }
          pageInfo { endCursor hasNextPage } } } }"""
    seen, after = [], None
    while True:
        rows = (await ask(seeds.COURT, text, after=after))["codeTable"]["rows"]
        seen += [row["code"] for row in rows["nodes"]]
        after = rows["pageInfo"]["endCursor"]
        if not rows["pageInfo"]["hasNextPage"]:
            break
    assert seen[:2] == ["0", "1"]
    assert len(seen) == len(set(seen)) == rows["totalCount"]
    found = (await ask(seeds.COURT, text, codes=["1"]))["codeTable"]["rows"]
    assert [row["nameZh"] for row in found["nodes"]] == ["男性"]
    assert found["totalCount"] == 1


async def test_an_unknown_table_or_revision_is_null(ask):
    text = """{ a: codeTable(name: "nothing") { name }
      b: codeTable(name: "sex", revision: "1") { name } }"""
    assert await ask(seeds.COURT, text) == {"a": None, "b": None}


async def test_all_tables_are_listed_with_their_revisions(ask):
    found = await ask("HUB-OPERATOR", "{ codeTables { name revision } }")
    assert {"name": "sex", "revision": "2003"} in found["codeTables"]


async def test_the_caller_is_told_who_it_is_and_what_it_may_ask(ask):
    text = "{ caller { agency { code nameZh } agencyType mayAsk expiresAt } }"
    found = (await ask("COMMITTEE-421300", text))["caller"]
    assert found["agencyType"] == "COMMITTEE"
    assert "counts" in found["mayAsk"]
    assert "cases" not in found["mayAsk"]
    operator = (await ask("HUB-OPERATOR", text))["caller"]
    assert operator["agency"]["nameZh"] == "枢纽运维"


async def test_every_id_handed_out_leads_back_to_its_thing(ask, database):
    case_id = await seeds.case(database, seeds.POLICE)
    await seeds.number(database, case_id, "police", "A1")
    who = await seeds.person(database, case_id)
    await seeds.charge(database, case_id, who)
    await seeds.measure(database, case_id, who)
    await seeds.document(database, case_id)
    await seeds.transfer(database, case_id)
    found = (
        await ask(
            seeds.POLICE,
            """{ case(number: "A1") { id persons { id } charges { id } measures { id }
            documents { id } transfers { id } agencies { id } } }""",
        )
    )["case"]
    keys = [found.pop("id")] + [one[0]["id"] for one in found.values()]
    for key in keys:
        node = (await ask(seeds.POLICE, NODE, id=key))["node"]
        assert node["id"] == key
    for key in keys[:-1]:
        assert (await ask(seeds.STRANGER, NODE, id=key))["node"] is None


async def test_the_operators_ids_lead_back_too(ask, database):
    await seeds.failure(database)
    found = await ask(
        "HUB-OPERATOR",
        "{ syncRuns { nodes { id } } syncFailures { nodes { id } } endpoints { id } }",
    )
    keys = [
        found["syncRuns"]["nodes"][0]["id"],
        found["syncFailures"]["nodes"][0]["id"],
    ]
    keys.append(found["endpoints"][0]["id"])
    for key in keys:
        assert (await ask("HUB-OPERATOR", NODE, id=key))["node"]["id"] == key


@pytest.mark.parametrize(
    ("agency", "kind"),
    [
        ("COMMITTEE-421300", "Case"),
        ("HUB-OPERATOR", "Person"),
        (seeds.POLICE, "SyncRun"),
        ("COMMITTEE-421300", "SyncFailure"),
    ],
)
async def test_an_id_opens_no_door_that_its_root_field_keeps_shut(
    refusal, agency, kind
):
    found = await refusal(agency, NODE, id=ids.encode(kind, 1))
    assert found["code"] == "NOT_ALLOWED"


@pytest.mark.parametrize("bad", ["", "x", "中", "Q2FzZQ==", "Q2FzZTo=", "VGV4dDox"])
async def test_what_is_no_id_is_refused(refusal, bad):
    assert (await refusal(seeds.POLICE, NODE, id=bad))["where"] == "id"
