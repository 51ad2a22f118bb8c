"""A wrong mapping is shipped, three callers read, it is mended and replayed.

Exactly the records concerned change, exactly those who had read or were handed the
wrong value are told what is right, and a second replay has nothing to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flow.city import City, open_city
from tests.flow.conftest import MakeHub
from tests.flow.desk import (
    PATH,
    SWAPPED,
    Desk,
    measures,
    open_desk,
    police,
)

READ = """query ($number: String!) { mine: case(number: $number) {
  title people: persons { ...Held } } }
  fragment Held on Person { name m: measures { what: kind { code } } }"""
OTHER = "query ($number: String!) { case(number: $number) { title persons { name } } }"
SUBMIT = """mutation ($input: SubmitTransferInput!) { submitTransfer(input: $input) {
  __typename ... on TransferSubmitted { transfer { id } }
  ... on Refusal { code problems { where message { en } } } } }"""
RIGHT = dict(zip(SWAPPED, reversed(SWAPPED), strict=True))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Five agencies with enough cases that some are as the test needs them."""
    with open_city(tmp_path_factory.mktemp("town"), cases=120) as city:
        yield city


@pytest.fixture
async def desk(town: City, make_hub: MakeHub, tmp_path: Path) -> AsyncIterator[Desk]:
    """The hub, after it has synced everything by the wrong rules."""
    async with open_desk(make_hub(town.endpoints.values()), tmp_path / "d") as opened:
        await opened.sync()
        yield opened


async def _parties(desk: Desk) -> dict[int, set[str]]:
    rows = await desk.rows("select case_id, agency from case_agency")
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row["case_id"], set()).add(row["agency"])
    return found


async def _rows_of_cases(desk: Desk) -> dict[str, dict[int, list[str]]]:
    """Table -> case -> digests of its rows, of everything that hangs under a case."""
    found: dict[str, dict[int, list[str]]] = {}
    for table in (
        "person",
        "charge",
        "measure",
        "sentence",
        "document",
        "case_number",
        "case_agency",
        "facet",
    ):
        rows = await desk.rows(
            f"select case_id, md5(t::text) as d from {table} t order by t::text"  # noqa: S608
        )
        for row in rows:
            found.setdefault(table, {}).setdefault(row["case_id"], []).append(row["d"])
    rows = await desk.rows("select id, md5(t::text) as d from case_record t")
    found["case_record"] = {row["id"]: [row["d"]] for row in rows}
    return found


async def _told_wrongly(desk: Desk, endpoint: str) -> set[int]:
    """The cases of which this endpoint told one of the swapped measures."""
    rows = await desk.rows(
        "select case_id, body from facet where is_current and endpoint = :endpoint",
        endpoint=endpoint,
    )
    return {row["case_id"] for row in rows if set(measures(row["body"])) & set(SWAPPED)}


async def _hand_over(desk: Desk, wrong: set[int]) -> tuple[int, str]:
    """A hand-over by the police of a case with the wrong value; (case, transfer)."""
    refused, known = [], await desk.records()
    for case_id in sorted(wrong):
        record = known[case_id]
        division = str(record["investigator"]).partition("-")[2]
        told = {
            "caseNumber": record["hub_number"],
            "node": "PROSECUTION_TRANSFER",
            "receiver": f"PROC-{division}",
            "clientKey": f"k-{case_id}",
        }
        sender = str(record["investigator"])
        done = (await desk.ask(sender, SUBMIT, input=told))["submitTransfer"]
        if done["__typename"] == "TransferSubmitted":
            return case_id, done["transfer"]["id"]
        refused.append(done)
    raise AssertionError(refused)


async def test_exactly_those_who_had_the_wrong_value_are_told_the_right_one(
    desk: Desk, town: City
) -> None:
    ids = await _told_wrongly(desk, police(town))
    given, transfer = await _hand_over(desk, ids)
    await _hand_over(desk, set(await desk.records()) - ids)
    async with desk.worker():
        while await desk.rows("select id from transfer where state <> 'ACCEPTED'"):
            await asyncio.sleep(0.1)
    await desk.sync()
    before, parties = await desk.records(), await _parties(desk)
    wrong = {key: one for key, one in before.items() if key in ids}
    right = {key: one for key, one in before.items() if key not in wrong}
    assert wrong and right
    read = next(k for k in wrong if len(parties[k]) == 4)
    three = sorted(one for one in parties[read] if not one.startswith("JUSTICE"))
    (fourth,) = parties[read] - set(three)
    number = before[read]["hub_number"]
    shown = {}
    for one in three:
        shown[one] = (await desk.ask(one, READ, number=number))["mine"]
    await desk.ask(fourth, OTHER, number=number)
    apart = next(k for k in right if not parties[k] & parties[read])
    fifth = sorted(parties[apart])[0]
    await desk.ask(fifth, READ, number=before[apart]["hub_number"])

    receiver = f"PROC-{str(before[given]['investigator']).partition('-')[2]}"
    told = await desk.ask(three[0], READ, number=number)
    rows = await _rows_of_cases(desk)

    desk.mend()
    async with desk.worker():
        started = await desk.start(
            "拘留与逮捕代码互换，已更正", endpoints=[police(town)]
        )
        job = await desk.finished(started["job"]["id"])
    after = await desk.records()

    # exactly the records concerned change, and in them exactly the field concerned
    assert job["state"] == "FINISHED"
    assert job["done"] == job["total"] > len(wrong)
    assert job["changed"] == job["items"]["totalCount"] == len(wrong)
    for key, one in after.items():
        if key in right:
            assert one == before[key]
        else:
            assert one != before[key]
            kinds = [RIGHT.get(kind, kind) for kind in measures(before[key])]
            assert measures(one) == kinds
            assert _without(one) == _without(before[key])
    for table, digests in (await _rows_of_cases(desk)).items():
        for key, many in digests.items():
            if key in right:
                assert many == rows[table][key], (table, key)
    for item in job["items"]["nodes"]:
        assert item["outcome"] == "CHANGED"
        assert {_plain(path) for path in item["paths"]} == {PATH}
        assert item["facetBefore"] != item["facetAfter"]

    # exactly those three are told, and the receiver of the hand-over
    callers = {one["agency"]["code"]: one for one in job["callers"]}
    assert set(callers) == {*three, receiver}
    assert [one["id"] for one in job["transfers"]] == [transfer]
    for one in three:
        (notice,) = [
            notice
            for notice in await desk.corrections(one)
            if notice["case"]["hubNumber"] == number
        ]
        assert "READ" in notice["causes"]
        assert notice["reason"] == "拘留与逮捕代码互换，已更正"
        assert {change["path"] for change in notice["changes"]} == {PATH}
        had = [
            m["what"]["code"] for p in shown[one]["people"] for m in p["m"] if m["what"]
        ]
        for change in notice["changes"]:
            assert change["before"] in had
            assert change["after"] == RIGHT[change["before"]]
            assert change["rulesBefore"] != change["rulesAfter"]
        assert len(notice["changes"]) == sum(kind in SWAPPED for kind in had)
    for agency in (fourth, fifth):
        if agency != receiver:
            assert await desk.corrections(agency) == []
    (handed,) = [
        notice
        for notice in await desk.corrections(receiver)
        if notice["case"]["hubNumber"] == before[given]["hub_number"]
    ]
    assert "RECEIVED" in handed["causes"]
    assert [one["id"] for one in handed["transfers"]] == [transfer]
    assert {change["path"] for change in handed["changes"]} == {PATH}
    assert told["mine"] == shown[three[0]]

    # a second replay has nothing to do, and one of everything changes nothing
    again = await desk.start("noch einmal", endpoints=[police(town)])
    assert again["__typename"] == "Refusal"
    assert again["code"] == "REQUEST_INVALID"
    events = await desk.rows("select id from event where kind = 'correction.issued'")
    async with desk.worker():
        started = await desk.start("again", endpoints=[police(town)], everything=True)
        second = await desk.finished(started["job"]["id"])
    assert second["state"] == "FINISHED"
    assert second["done"] == second["total"] == job["total"]
    assert (second["changed"], second["notices"]) == (0, 0)
    assert (second["items"]["totalCount"], second["callers"]) == (0, [])
    assert await desk.records() == after
    assert (
        await desk.rows("select id from event where kind = 'correction.issued'")
        == events
    )
    for agency in three:
        told = await desk.corrections(agency)
        assert {one["replayId"] for one in told} == {job["id"]}


def _without(record: Any) -> Any:
    """The record without the kinds of measures."""
    persons = [
        {
            **person,
            "measures": [
                {k: v for k, v in one.items() if k != "kind"}
                for one in person["measures"]
            ],
        }
        for person in record["persons"]
    ]
    return {**record, "persons": persons}


def _plain(place: str) -> str:
    return "".join(part.partition("]")[2] or part for part in place.split("[")[:1]) + (
        "".join(part.partition("]")[2] for part in place.split("[")[1:])
    )
