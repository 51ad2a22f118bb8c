"""Roots persons, charges, measures and documents, and the same below a case."""

import pytest

from tests.schema import seeds


@pytest.fixture
async def full(database):
    case_id = await seeds.case(database, seeds.POLICE)
    await seeds.number(database, case_id, "police", "A1")
    for place, name in enumerate(("李某", "王某")):
        who = await seeds.person(
            database, case_id, name=name, position=place, id_number=f"42138{place}"
        )
        await seeds.charge(database, case_id, who)
        await seeds.measure(database, case_id, who)
        if place:
            await seeds.sentence(database, case_id, who)
    await seeds.document(database, case_id)
    hidden = await seeds.case(database, seeds.STRANGER)
    who = await seeds.person(database, hidden, name="李某")
    await seeds.charge(database, hidden, who)
    await seeds.measure(database, hidden, who)
    await seeds.document(database, hidden)
    return case_id


async def test_a_person_has_its_own_charges_measures_and_sentence(ask, full):
    found = (
        await ask(
            seeds.POLICE,
            """{ case(number: "A1") { persons { name sex { nameZh } role { code }
            stage { code } charges { crime { nameZh } wording person { name } }
            measures { kind { nameZh } decidedBy { code } startedOn endsOn }
            sentence { result { code } months fine } case { hubNumber } }
            charges { wording } measures { startedOn }
            documents { type { nameZh } name number } } }""",
        )
    )["case"]
    first, second = found["persons"]
    assert (first["name"], second["name"]) == ("李某", "王某")
    assert first["sex"]["nameZh"] == "男性"
    assert first["charges"][0]["crime"]["nameZh"] == "危险驾驶罪"
    assert first["charges"][0]["person"]["name"] == "李某"
    assert first["measures"][0]["kind"]["nameZh"] == "取保候审"
    assert first["sentence"] is None
    assert second["sentence"]["fine"] == "2000.00"
    assert len(found["charges"]) == len(found["measures"]) == 2
    assert found["documents"][0]["type"]["nameZh"] == "起诉意见书"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (None, ["李某", "王某"]),
        ({"name": "李某"}, ["李某"]),
        ({"idNumber": "421381"}, ["王某"]),
        ({"crime": seeds.DRIVING}, ["李某", "王某"]),
        ({"stage": "S020_FILED"}, []),
    ],
)
async def test_persons_are_those_of_own_cases(ask, full, wanted, names):
    found = await ask(
        seeds.POLICE,
        """query ($filter: PersonFilter) { persons(filter: $filter) {
        totalCount nodes { name } } }""",
        filter=wanted,
    )
    assert [one["name"] for one in found["persons"]["nodes"]] == names
    assert found["persons"]["totalCount"] == len(names)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('charges(filter: {crime: "CL1330101"})', 2),
        ('charges(filter: {crime: "CL2640001"})', 0),
        ('measures(filter: {kind: "BAIL"})', 2),
        ('measures(filter: {on: "2023-08-05"})', 2),
        ('measures(filter: {on: "2025-08-05"})', 0),
        ('documents(filter: {type: "PROSECUTION_OPINION"})', 1),
        ('documents(filter: {number: "广公诉字[2023]1号"})', 1),
        ("documents(first: 1)", 1),
    ],
)
async def test_the_other_lists_are_those_of_own_cases(ask, full, asked, expected):
    found = await ask(
        seeds.POLICE, f"{{ found: {asked} {{ totalCount nodes {{ id }} }} }}"
    )
    assert len(found["found"]["nodes"]) == expected
    assert found["found"]["totalCount"] == expected


async def test_a_cursor_of_persons_is_none_of_charges(ask, refusal, full):
    page = await ask(
        seeds.POLICE, "{ persons(first: 1) { pageInfo { endCursor hasNextPage } } }"
    )
    cursor = page["persons"]["pageInfo"]["endCursor"]
    assert page["persons"]["pageInfo"]["hasNextPage"]
    text = "query ($after: String) { charges(after: $after) { totalCount } }"
    assert (await refusal(seeds.POLICE, text, after=cursor))["where"] == "after"
