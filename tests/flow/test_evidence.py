"""What stands in a record set aside can be seen, by one person, on the books."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from hub.contract.place import at
from hub.engine.evidence import look
from hub.engine.hub import Hub
from hub.engine.sync import sync_endpoint
from hub.errors import NotFound
from hub.mapping.code_tables.tables import Tables
from hub.store.tables import event, sync_failure
from tests.flow import books
from tests.flow.city import City
from tests.flow.conftest import MakeHub

SYSTEM = "police_case"


@pytest.fixture
async def hub(whole_city: City, make_hub: MakeHub) -> Hub:
    """A hub that synced the whole seeded police, with its dirt set aside."""
    made = make_hub([whole_city.endpoints[SYSTEM]])
    await sync_endpoint(made, whole_city.endpoints[SYSTEM].code, "test")
    return made


async def _failures(hub: Hub, code: str) -> list[dict[str, Any]]:
    table = sync_failure
    wanted = sa.select(table).where(table.c.code == code).order_by(table.c.id)
    return await books.rows(hub.database, wanted)


async def test_an_unknown_code_is_shown_as_it_stands_there(
    hub: Hub, tables: Tables
) -> None:
    failures = await _failures(hub, "CODE_UNKNOWN")
    assert failures
    for failure in failures:
        found = await look(hub, failure["id"], "somebody")
        assert found.record.body
        told = {one.source: one.value for one in found.sights}
        for fault in failure["faults"]:
            walk = tables.crosswalk(SYSTEM, fault["rule"])
            value = told[fault["source"]]
            assert value
            assert walk is None or value.strip() not in walk.meanings


async def test_another_place_of_the_record_can_be_asked_for(hub: Hub) -> None:
    failure = (await _failures(hub, "CODE_UNKNOWN"))[0]
    (sight,) = (await look(hub, failure["id"], "somebody", "AJ/AJBH")).sights
    assert sight.value == failure["source_key"]
    (nothing,) = (await look(hub, failure["id"], "somebody", "AJ/NO[3]/X")).sights
    assert nothing.value is None


async def test_bytes_that_cannot_be_taken_apart_are_shown_whole(hub: Hub) -> None:
    failure = (await _failures(hub, "RECORD_UNREADABLE"))[0]
    found = await look(hub, failure["id"], "somebody")
    assert found.sights == ()
    assert found.record.body


async def test_every_look_is_on_the_books_without_a_word_of_the_record(
    hub: Hub,
) -> None:
    failure = (await _failures(hub, "CODE_UNKNOWN"))[0]
    await look(hub, failure["id"], "somebody")
    await look(hub, failure["id"], "somebody else")
    with pytest.raises(NotFound):
        await look(hub, 999_999, "somebody")
    wanted = sa.select(event).where(event.c.kind == "raw.seen").order_by(event.c.id)
    assert [one["body"] for one in await books.rows(hub.database, wanted)] == [
        {"failure": failure["id"], "by": "somebody"},
        {"failure": failure["id"], "by": "somebody else"},
    ]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("A/B[1]/C", "two"),
        ("A/D", "x、y"),
        ("A/D[1]", "x、y"),
        ("A/E/F", "one"),
        ("A/B[7]/C", None),
        ("A/D/Z", None),
        ("/A/D", "x、y"),
    ],
)
def test_a_place_is_found_as_the_faults_tell_it(place: str, value: str | None) -> None:
    rows = [{"C": "one"}, {"C": "two"}]
    tree = {"A": {"B": rows, "D": "x、y", "E": [{"F": "one"}]}}
    assert at(tree, place) == value
