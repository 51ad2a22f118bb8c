"""Few statements, never one per row; and the row policy in each that reads a case."""

import re

import pytest

from tests.schema import seeds

FIFTY = """{ cases(first: 50) { totalCount nodes {
  hubNumber title stage { nameZh } isStale numbers { scheme value } agencies { code }
  persons { name charges { crime { nameZh } } measures { kind { nameZh } }
            sentence { fine } stage { code } case { hubNumber } }
  documents { name type { nameZh } }
  transfers { state steps { state } receipts { outcome } endpoint { state } }
  facets { system } disagreements { path } } } }"""


@pytest.fixture
async def fifty(database):
    for _ in range(50):
        case_id = await seeds.case(database, seeds.POLICE)
        who = await seeds.person(database, case_id)
        await seeds.charge(database, case_id, who)
        await seeds.measure(database, case_id, who)
        await seeds.document(database, case_id)
        await seeds.transfer(database, case_id)
        await seeds.facet(database, case_id)


def looks(statements):
    """What was read; the read log is written, whatever its statement looks like."""
    return [
        one
        for one in statements
        if "select" in one.lower()[:40] and not {"read_log", "read_shape"} & words(one)
    ]


def words(statement):
    return set(re.findall(r"\w+", statement))


async def test_fifty_cases_with_all_below_them_take_few_statements(
    ask, fifty, statements
):
    statements.clear()
    found = await ask(seeds.POLICE, FIFTY)
    assert len(found["cases"]["nodes"]) == 50
    assert found["cases"]["nodes"][0]["persons"][0]["charges"]
    # page, total, numbers, agencies, persons, charges, measures, sentences,
    # documents, transfers, steps, receipts, facets, endpoints, the persons' cases
    assert len(looks(statements)) <= 15, looks(statements)


async def test_the_number_of_statements_does_not_grow_with_the_rows(
    ask, database, fifty, statements
):
    counts = []
    for first in (1, 50):
        statements.clear()
        await ask(seeds.POLICE, FIFTY.replace("50", str(first)))
        counts.append(len(looks(statements)))
    assert counts[0] == counts[1]


async def test_what_is_not_asked_for_is_not_read(ask, fifty, statements):
    statements.clear()
    await ask(seeds.POLICE, "{ cases(first: 50) { nodes { hubNumber } } }")
    assert len(looks(statements)) == 1


async def test_every_statement_that_reads_a_case_asks_who_reads(ask, fifty, statements):
    statements.clear()
    await ask(seeds.POLICE, FIFTY)
    for one in looks(statements):
        assert "case_agency" in one or "endpoint_state" in one, one
