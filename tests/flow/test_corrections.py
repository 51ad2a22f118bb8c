"""A wrong mapping is shipped, three callers read, it is mended and replayed.

Exactly the records concerned change, exactly those who had read or were handed the
wrong value are told what is right, and a second replay has nothing to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hub.engine.differences import path_of
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
FIVE = [
    "police_case",
    "procuratorate_15",
    "procuratorate_20",
    "court_case",
    "justice_drop",
]
REASON = "拘留与逮捕代码互换，已更正"
RIGHT = dict(zip(SWAPPED, reversed(SWAPPED), strict=True))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Five agencies with enough cases that some are as the test needs them."""
    with open_city(tmp_path_factory.mktemp("town"), FIVE, cases=120) as city:
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
        division = str(record.get("investigator")).partition("-")[2]
        if not division:
            continue
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


_UNDERWAY = "select id from transfer where state <> 'ACCEPTED'"


@dataclass
class Scene:
    """How things stood when the wrong value had been read by three."""

    before: dict[int, Any]
    rows: dict[str, dict[int, list[str]]]
    wrong: set[int]
    read: int
    shown: dict[str, list[str]]  # caller -> the measures it was shown
    others: tuple[str, str]  # who read another field of it, and another case
    given: int
    transfer: str
    receiver: str

    @property
    def number(self) -> str:
        """Of the case that was read."""
        return str(self.before[self.read]["hub_number"])


async def _scene(desk: Desk, endpoint: str) -> Scene:
    wrong = await _told_wrongly(desk, endpoint)
    given, transfer = await _hand_over(desk, wrong)
    await _hand_over(desk, set(await desk.records()) - wrong)
    async with desk.worker():
        while await desk.rows(_UNDERWAY):  # noqa: ASYNC110 - others are at work
            await asyncio.sleep(0.1)
    await desk.sync()
    before, parties = await desk.records(), await _parties(desk)
    read = next(key for key in sorted(wrong) if len(parties[key]) == 4)
    three = sorted(one for one in parties[read] if not one.startswith("JUSTICE"))
    (fourth,) = parties[read] - set(three)
    number = before[read]["hub_number"]
    shown = {one: await _read(desk, one, number) for one in three}
    await desk.ask(fourth, OTHER, number=number)
    apart = next(
        key for key in sorted(set(before) - wrong) if not parties[key] & parties[read]
    )
    fifth = min(parties[apart])
    assert await _read(desk, fifth, before[apart]["hub_number"])
    receiver = f"PROC-{str(before[given]['investigator']).partition('-')[2]}"
    rows = await _rows_of_cases(desk)
    others = (fourth, fifth)
    return Scene(before, rows, wrong, read, shown, others, given, transfer, receiver)


async def _read(desk: Desk, agency: str, number: str) -> list[str]:
    """The case's measures as an agency is shown them."""
    found = (await desk.ask(agency, READ, number=number))["mine"]
    return [one["what"]["code"] for person in found["people"] for one in person["m"]]


async def test_exactly_those_who_had_the_wrong_value_are_told_the_right_one(
    desk: Desk, town: City
) -> None:
    endpoint = police(town)
    scene = await _scene(desk, endpoint)
    desk.mend()
    async with desk.worker():
        started = await desk.start(REASON, endpoints=[endpoint])
        job = await desk.finished(started["job"]["id"])
    assert job["state"] == "FINISHED"
    assert job["done"] == job["total"] > len(scene.wrong) > 0
    await _exactly_the_records_concerned_changed(desk, scene, job)
    await _exactly_those_concerned_are_told(desk, scene, job)
    await _a_second_replay_changes_and_sends_nothing(desk, endpoint, job)


async def _exactly_the_records_concerned_changed(
    desk: Desk, scene: Scene, job: Any
) -> None:
    assert job["changed"] == job["items"]["totalCount"] == len(scene.wrong)
    for item in job["items"]["nodes"]:
        assert item["outcome"] == "CHANGED"
        assert {path_of(path) for path in item["paths"]} == {PATH}
        assert item["facetBefore"] != item["facetAfter"]
    after = await desk.records()
    assert set(after) == set(scene.before)
    for key, one in after.items():
        was = scene.before[key]
        if key not in scene.wrong:
            assert one == was
            continue
        assert measures(one) == [RIGHT.get(kind, kind) for kind in measures(was)]
        assert measures(one) != measures(was)
        assert _without(one) == _without(was)
    for table, digests in (await _rows_of_cases(desk)).items():
        for key in set(digests) - scene.wrong:
            assert digests[key] == scene.rows[table][key], (table, key)


async def _exactly_those_concerned_are_told(desk: Desk, scene: Scene, job: Any) -> None:
    callers = {one["agency"]["code"] for one in job["callers"]}
    assert callers == {*scene.shown, scene.receiver}
    assert [one["id"] for one in job["transfers"]] == [scene.transfer]
    for agency in set(scene.others) - {scene.receiver}:
        assert await desk.corrections(agency) == []
    for agency, had in scene.shown.items():
        notice = await _notice(desk, agency, scene.number)
        assert "READ" in notice["causes"]
        assert notice["reason"] == REASON
        told = [(one["path"], one["before"], one["after"]) for one in notice["changes"]]
        wrong = [(PATH, one, RIGHT[one]) for one in had if one in RIGHT]
        assert sorted(told) == sorted(wrong)
        assert all(one["rulesBefore"] != one["rulesAfter"] for one in notice["changes"])
        assert await _read(desk, agency, scene.number) == [
            RIGHT.get(one, one) for one in had
        ]
    given = str(scene.before[scene.given]["hub_number"])
    handed = await _notice(desk, scene.receiver, given)
    assert "RECEIVED" in handed["causes"]
    assert [one["id"] for one in handed["transfers"]] == [scene.transfer]
    assert {one["path"] for one in handed["changes"]} == {PATH}


async def _notice(desk: Desk, agency: str, number: str) -> Any:
    found = [
        one
        for one in await desk.corrections(agency)
        if one["case"]["hubNumber"] == number
    ]
    assert len(found) == 1
    return found[0]


async def _a_second_replay_changes_and_sends_nothing(
    desk: Desk, endpoint: str, job: Any
) -> None:
    before = await desk.records(), await _rows_of_cases(desk)
    sent = "select id from event where kind = 'correction.issued'"
    events = await desk.rows(sent)
    assert events
    refused = await desk.start("again", endpoints=[endpoint])
    assert (refused["__typename"], refused["code"]) == ("Refusal", "REQUEST_INVALID")
    async with desk.worker():
        started = await desk.start("again", endpoints=[endpoint], everything=True)
        second = await desk.finished(started["job"]["id"])
    assert second["state"] == "FINISHED"
    assert second["done"] == second["total"] == job["total"]
    assert (second["changed"], second["notices"]) == (0, 0)
    assert (second["items"]["totalCount"], second["callers"]) == (0, [])
    assert (await desk.records(), await _rows_of_cases(desk)) == before
    assert await desk.rows(sent) == events


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
