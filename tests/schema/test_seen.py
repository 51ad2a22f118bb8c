"""The read log: what is noted of an answer, and that no answer goes without it."""

import pytest
import sqlalchemy as sa

from hub.store.tables_replay import read_log, read_shape
from tests.schema import seeds


@pytest.fixture
async def noted(database):
    """``await noted()`` -> {caller: {case id: set of paths}} of the whole log."""

    async def look():
        async with database.read() as connection:
            rows = await connection.execute(
                sa.select(
                    read_log.c.caller, read_log.c.case_id, read_shape.c.paths
                ).join(read_shape, read_shape.c.id == read_log.c.shape_id)
            )
            found = {}
            for caller, case_id, paths in rows:
                found.setdefault(caller, {}).setdefault(case_id, set()).update(paths)
        return found

    return look


@pytest.fixture
async def whole(database):
    """A case with one of everything below it; its id."""
    case_id = await seeds.case(
        database,
        seeds.POLICE,
        seeds.PROC,
        disagreements={"title": [{"value": "别的", **seeds.source("proc20-suizhou")}]},
    )
    await seeds.number(database, case_id, "police", "A1")
    who = await seeds.person(database, case_id)
    await seeds.charge(database, case_id, who)
    await seeds.measure(database, case_id, who)
    await seeds.document(database, case_id)
    await seeds.facet(database, case_id)
    await seeds.transfer(database, case_id)
    return case_id


CASES = {
    "plain": (
        '{ case(number: "A1") { title filedOn } }',
        {"title", "filed_on"},
    ),
    "aliases": (
        '{ a: case(number: "A1") { t: title people: persons { s: sex { nameZh } } } }',
        {"title", "persons.sex"},
    ),
    "fragments": (
        """query { case(number: "A1") { ...Head
             persons { ...Who ... on Person { name } } } }
           fragment Head on Case { stage { code } }
           fragment Who on Person { measures { kind { code } startedOn } }""",
        {
            "stage",
            "persons.name",
            "persons.measures.kind",
            "persons.measures.started_on",
        },
    ),
    "directives": (
        '{ case(number: "A1") { title @skip(if: true) summary @include(if: true) } }',
        {"summary"},
    ),
    "a list of persons": (
        "{ persons { nodes { birthDate } edges { node { idNumber } } } }",
        {"persons.birth_date", "persons.id_number"},
    ),
    "a list of charges and their case": (
        "{ charges { nodes { crime { code } person { name case { closedOn } } } } }",
        {"persons.charges.crime", "persons.name", "closed_on"},
    ),
    "the case of a transfer": (
        "{ transfers { nodes { state case { documents { type { code } } } } } }",
        {"documents.type"},
    ),
    "what others say": (
        '{ case(number: "A1") { disagreements { path chosen others { value } } } }',
        {"title", "facets.title"},
    ),
    "only that they disagree": (
        '{ case(number: "A1") { disagreements { path } } }',
        None,
    ),
    "a facet in full": ('{ case(number: "A1") { facets { body } } }', {"facets"}),
    "a facet without its body": ('{ case(number: "A1") { facets { system } } }', None),
    "numbers": (
        '{ case(number: "A1") { hubNumber numbers { value } } }',
        {
            "hub_number",
            "police_number",
            "department_number",
            "unified_number",
            "court_number",
            "correction_number",
        },
    ),
    "an empty list": (
        '{ case(number: "A1") { persons { sentence { fine } } } }',
        {"persons.sentence.fine"},
    ),
    "nothing of the case": (
        "{ cases { totalCount } caller { agency { code } } }",
        None,
    ),
}


@pytest.mark.parametrize(("document", "paths"), CASES.values(), ids=CASES.keys())
async def test_the_log_tells_the_fields_an_answer_shows(
    ask, noted, whole, document, paths
):
    await ask(seeds.POLICE, document)
    assert await noted() == ({seeds.POLICE: {whole: paths}} if paths else {})


async def test_two_cases_in_one_operation_keep_their_own_fields(
    ask, noted, database, whole
):
    other = await seeds.case(database, seeds.POLICE)
    await seeds.number(database, other, "police", "A2")
    await ask(
        seeds.POLICE,
        """{ a: case(number: "A1") { title }
             b: case(number: "A2") { persons { name } } }""",
    )
    assert await noted() == {seeds.POLICE: {whole: {"title"}, other: {"persons.name"}}}


async def test_a_case_of_others_is_not_read(ask, noted, whole):
    await ask(seeds.STRANGER, '{ case(number: "A1") { title } }')
    assert await noted() == {}


async def test_a_node_by_its_id_is_read(ask, noted, whole):
    found = await ask(seeds.PROC, '{ case(number: "A1") { id } }')
    assert await noted() == {}
    key = found["case"]["id"]
    await ask(
        seeds.PROC,
        "query ($id: ID!) { node(id: $id) { ... on Case { title } } }",
        id=key,
    )
    assert await noted() == {seeds.PROC: {whole: {"title"}}}


async def test_a_page_of_fifty_is_written_by_one_statement(ask, database, statements):
    for _ in range(50):
        await seeds.case(database, seeds.POLICE)
    await ask(seeds.POLICE, "{ cases(first: 50) { nodes { title } } }")
    statements.clear()
    await ask(seeds.POLICE, "{ cases(first: 50) { nodes { title } } }")
    assert len([one for one in statements if "read_log" in one]) == 1
    assert len([one for one in statements if "read_shape" in one]) == 0
    async with database.read() as connection:
        count = sa.select(sa.func.count()).select_from(read_log)
        assert (await connection.execute(count)).scalar_one() == 100


async def test_an_answer_whose_read_cannot_be_written_does_not_leave(
    refusal, database, whole
):
    async with database.begin() as connection:
        await connection.execute(sa.text("alter table read_log rename to away"))
    found = await refusal(seeds.POLICE, '{ case(number: "A1") { title } }')
    assert found["code"] == "HUB"
