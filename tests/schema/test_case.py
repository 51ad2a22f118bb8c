import pytest

from tests.schema import seeds

CASE = """query ($number: String!) { case(number: $number) {
  hubNumber title stage { code nameZh nameEn } investigator { code nameZh }
  numbers { scheme value source } agencies { code } isStale } }"""


@pytest.fixture
async def numbered(database):
    case_id = await seeds.case(database, seeds.POLICE, seeds.PROC, seeds.COURT)
    for scheme, value in (
        ("police", "A4213810000002023080001"),
        ("department", "广检刑诉受[2023]421381000001号"),
        ("court", "(2023)鄂1381刑初1号"),
    ):
        await seeds.number(database, case_id, scheme, value)
    return case_id


@pytest.mark.parametrize(
    "spelled",
    [
        "A4213810000002023080001",
        " a4213810000002023080001 ",
        "广检刑诉受[2023]421381000001号",
        "广检刑诉受〔2023〕421381000001号",
        "（2023）鄂1381刑初1号",
        "(2023)鄂1381刑初1号",
        "[2023] 鄂1381刑初１号",
    ],
)
async def test_a_case_is_found_by_any_number_however_it_is_spelled(
    ask, numbered, spelled
):
    found = (await ask(seeds.COURT, CASE, number=spelled))["case"]
    assert found["title"] == "李某危险驾驶案"
    assert {one["scheme"] for one in found["numbers"]} == {
        "police",
        "department",
        "court",
    }
    assert {one["code"] for one in found["agencies"]} == {
        seeds.COURT,
        seeds.POLICE,
        seeds.PROC,
    }


async def test_codes_come_with_both_names(ask, numbered):
    found = (await ask(seeds.POLICE, CASE, number="A4213810000002023080001"))["case"]
    assert found["stage"]["code"] == "S110_PROSECUTION_REVIEW"
    assert found["stage"]["nameZh"]
    assert found["investigator"] == {"code": seeds.POLICE, "nameZh": "广水市公安局"}


async def test_a_hidden_case_looks_exactly_like_a_missing_one(ask, numbered):
    hidden = await ask(seeds.STRANGER, CASE, number="A4213810000002023080001")
    missing = await ask(seeds.STRANGER, CASE, number="A4213810000002023080002")
    assert hidden == missing == {"case": None}


async def test_an_empty_number_is_told_to_be_empty(refusal):
    found = await refusal(seeds.POLICE, CASE, number="  ")
    assert (found["code"], found["where"]) == ("REQUEST_INVALID", "number")
    assert found["messageZh"]
    assert found["remedy"]["zh"]


async def test_a_merged_case_is_found_under_the_one_it_became(ask, database, numbered):
    await seeds.case(database, seeds.POLICE, hub_number="H-GONE", merged_into=numbered)
    lost = await seeds.case(database, seeds.POLICE, merged_into=numbered)
    await seeds.number(database, lost, "unified", "42138120230000100")
    found = await ask(seeds.POLICE, CASE, number="42138120230000100")
    assert len(found["case"]["numbers"]) == 3


async def test_facets_tell_how_fresh_they_are_and_say_all_they_know(ask, database):
    case_id = await seeds.case(database, seeds.POLICE)
    await seeds.number(database, case_id, "police", "A1")
    await seeds.facet(database, case_id)
    await seeds.facet(database, case_id, "justice-suizhou", system="justice_drop")
    await seeds.standing(database, "police-suizhou")
    await seeds.standing(
        database,
        "justice-suizhou",
        "down",
        error_code="AGENCY_UNREACHABLE",
        note_zh="连不上",
        note_en="no answer",
    )
    found = await ask(
        seeds.POLICE,
        """{ case(number: "A1") { isStale facets { endpointCode system isStale
        staleSince reason { zh en } rawDigest body agency { code }
        endpoint { state error { code message { zh } } } } } }""",
    )
    police, justice = found["case"]["facets"]
    assert found["case"]["isStale"] is True
    assert (police["isStale"], police["reason"]) == (False, None)
    assert police["body"] == {"title": "李某危险驾驶案"}
    assert police["agency"]["code"] == "POLICE-421300"
    assert len(police["rawDigest"]) == 64
    assert justice["isStale"] is True
    assert justice["reason"]["zh"].startswith("对方系统当前不可用")
    assert justice["endpoint"]["state"] == "DOWN"
    assert justice["endpoint"]["error"]["message"]["zh"] == "连不上"


async def test_disagreements_are_told_for_the_case_and_everything_below_it(
    ask, database
):
    case_id = await seeds.case(
        database,
        seeds.COURT,
        sources={"filed_on": seeds.source(), "title": seeds.source("proc20-suizhou")},
        disagreements={
            "filed_on": [{"value": "2023-08-02"} | seeds.source("proc20-suizhou")]
        },
        unreadable={"closed_on": "二〇二三年"},
    )
    await seeds.number(database, case_id, "police", "A1")
    person_id = await seeds.person(
        database,
        case_id,
        disagreements={"sex": [{"value": "2"} | seeds.source("proc20-suizhou")]},
    )
    await seeds.charge(database, case_id, person_id, unreadable={"crime": "危险驾使"})
    found = (
        await ask(
            seeds.COURT,
            """{ case(number: "A1") {
              disagreements { path chosen others { value endpointCode at
                endpoint { code } } }
              unreadable { path text }
              sources(paths: ["filedOn"]) {
                path endpointCode at agency { code } } } }""",
        )
    )["case"]
    filed, sex = found["disagreements"]
    assert (filed["path"], filed["chosen"]) == ("filedOn", "2023-08-01")
    assert filed["others"][0]["value"] == "2023-08-02"
    assert filed["others"][0]["endpoint"]["code"] == "proc20-suizhou"
    assert (sex["path"], sex["chosen"]) == ("persons[0].sex", "1")
    assert found["unreadable"] == [
        {"path": "closedOn", "text": "二〇二三年"},
        {"path": "persons[0].charges[0].crime", "text": "危险驾使"},
    ]
    assert [one["path"] for one in found["sources"]] == ["filedOn"]
    assert found["sources"][0]["agency"]["code"] == "POLICE-421300"
