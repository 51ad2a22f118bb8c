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


ASK = """query ($system: String!, $table: String!, $raw: String, $code: String,
  $day: Date) { translateCode(system: $system, table: $table, raw: $raw, code: $code,
  asOf: $day) { code relation isValid reason { zh en }
  candidates { code raw nameZh score why } } }"""


async def test_a_raw_code_is_translated_with_relation_and_reason(ask):
    told = {"system": "court_case", "table": "crime", "raw": "醉驾"}
    found = (await ask(seeds.COURT, ASK, **told))["translateCode"]
    assert (found["code"], found["relation"]) == ("CL1330101", "narrower")
    told |= {"raw": "危险架驶罪"}
    found = (await ask(seeds.COURT, ASK, **told))["translateCode"]
    assert (found["code"], found["relation"]) == (None, "none")
    assert found["candidates"][0]["code"] == "CL1330101"
    assert found["reason"]["zh"]


async def test_the_way_back_names_every_spelling(ask):
    told = {"system": "police_case", "table": "crime", "code": "CL1330101"}
    found = (await ask(seeds.COURT, ASK, **told))["translateCode"]
    assert {"危险驾驶", "醉驾"} <= {one["raw"] for one in found["candidates"]}


async def test_a_case_of_2005_keeps_its_division_and_knows_todays(ask):
    told = {"system": "police_case", "table": "division", "raw": "421302"}
    found = (await ask(seeds.COURT, ASK, day="2005-06-01", **told))["translateCode"]
    assert (found["code"], found["isValid"]) == ("421302", True)
    assert {one["code"] for one in found["candidates"]} == {"421303", "421321"}


async def test_a_persons_division_tells_its_time_and_its_successors(ask, database):
    case_id = await seeds.case(database, seeds.POLICE)
    await seeds.number(database, case_id, "police", "A1")
    await seeds.person(database, case_id, household="421302")
    text = """{ case(number: "A1") { persons { household { code
      asOf(date: "2005-06-01") { nameZh } then: isValid(date: "2005-06-01")
      now: isValid(date: "2024-01-01") successors { code nameZh } } } } }"""
    found = (await ask(seeds.POLICE, text))["case"]["persons"][0]["household"]
    assert found["asOf"]["nameZh"] == "曾都区"
    assert (found["then"], found["now"]) == (True, False)
    assert {one["code"] for one in found["successors"]} == {"421303", "421321"}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"raw": None}, "raw"),
        ({"code": "1"}, "raw"),
        ({"table": "nothing"}, "table"),
        ({"system": "nothing"}, "system"),
    ],
)
async def test_a_translation_that_cannot_be_asked_for_is_refused(
    refusal, changes, where
):
    told = {"system": "police_case", "table": "sex", "raw": "1"} | changes
    assert (await refusal(seeds.COURT, ASK, **told))["where"] == where
