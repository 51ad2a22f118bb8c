from datetime import date

import pytest

from tests.schema import seeds

PAGE = """query ($first: Int!, $after: String, $order: CaseOrder, $filter: CaseFilter) {
  cases(first: $first, after: $after, order: $order, filter: $filter) {
    totalCount nodes { hubNumber filedOn }
    edges { cursor node { hubNumber } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@pytest.fixture
async def seven(database):
    """Seven own cases, two filed on the same day, two with no day, one of others."""
    days = [date(2023, 8, 1), date(2023, 8, 2), date(2023, 8, 2), None, None]
    days += [date(2023, 8, 3), date(2023, 7, 1)]
    for day in days:
        await seeds.case(database, seeds.POLICE, filed_on=day)
    await seeds.case(database, seeds.STRANGER)


@pytest.mark.parametrize("by", ["CHANGED", "FILED", "DUE", "MODIFIED", "NUMBER"])
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("first", [1, 2, 3, 7])
async def test_pages_of_any_order_show_each_case_once(
    ask, seven, by, descending, first
):
    seen, after, pages = [], None, 0
    while True:
        page = (
            await ask(
                seeds.POLICE,
                PAGE,
                first=first,
                after=after,
                order={"by": by, "descending": descending},
            )
        )["cases"]
        seen += [one["hubNumber"] for one in page["nodes"]]
        pages += 1
        assert page["totalCount"] == 7
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        after = page["pageInfo"]["endCursor"]
        assert after == page["edges"][-1]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 7
    assert pages == -(-7 // first)


@pytest.mark.parametrize("descending", [True, False])
async def test_what_has_no_day_comes_last_in_either_direction(ask, seven, descending):
    order = {"by": "FILED", "descending": descending}
    page = (await ask(seeds.POLICE, PAGE, first=7, order=order))["cases"]
    days = [one["filedOn"] for one in page["nodes"]]
    assert days[-2:] == [None, None]
    assert days[:5] == sorted(days[:5], reverse=descending)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"stage": "S110_PROSECUTION_REVIEW"}, 2),
        ({"stage": ["S020_FILED", "S110_PROSECUTION_REVIEW"]}, 3),
        ({"agency": seeds.PROC}, 1),
        ({"investigator": seeds.POLICE}, 3),
        ({"crime": seeds.DRIVING}, 1),
        ({"idNumber": "421381198001010010"}, 1),
        ({"titleContains": "盗窃"}, 1),
        ({"titleContains": "%"}, 0),
        ({"filedFrom": "2023-08-02"}, 1),
        ({"filedTo": "2023-08-01", "isWithdrawn": False}, 2),
        ({"changedSince": "2030-01-01T00:00:00+08:00"}, 0),
        ({"isWithdrawn": True}, 0),
        (None, 3),
    ],
)
async def test_every_filter_narrows_by_what_it_says(ask, database, wanted, expected):
    driving = await seeds.case(database, seeds.POLICE, seeds.PROC)
    who = await seeds.person(database, driving, id_number="421381198001010010")
    await seeds.charge(database, driving, who)
    await seeds.case(database, seeds.POLICE, title="王某盗窃案", stage="S020_FILED")
    await seeds.case(database, seeds.POLICE, filed_on=date(2023, 8, 9))
    page = (await ask(seeds.POLICE, PAGE, first=20, filter=wanted))["cases"]
    assert page["totalCount"] == len(page["nodes"]) == expected


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_that_is_too_small_or_too_large_is_refused(refusal, first):
    found = await refusal(seeds.POLICE, PAGE, first=first)
    assert (found["code"], found["where"]) == ("REQUEST_INVALID", "first")


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "bm90IGpzb24", "WyJjaGFuZ2VkLmRlc2MiLCJ4IiwiMSJd", "中文", "W10"],
)
async def test_a_cursor_that_is_none_is_refused(refusal, cursor):
    found = await refusal(seeds.POLICE, PAGE, first=1, after=cursor)
    assert (found["code"], found["where"]) == ("REQUEST_INVALID", "after")


async def test_a_cursor_of_another_order_is_refused(ask, refusal, seven):
    page = (await ask(seeds.POLICE, PAGE, first=1))["cases"]
    found = await refusal(
        seeds.POLICE,
        PAGE,
        first=1,
        after=page["pageInfo"]["endCursor"],
        order={"by": "FILED", "descending": True},
    )
    assert found["where"] == "after"


@pytest.mark.parametrize("text", ["", "   ", "x" * 201, "a\x00b"])
async def test_a_filter_that_can_match_nothing_is_refused(refusal, text):
    found = await refusal(seeds.POLICE, PAGE, first=1, filter={"titleContains": text})
    assert found["where"] == "filter.titleContains"
