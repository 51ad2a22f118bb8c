"""The walk in: everything the agencies hold arrives, once, and the books balance."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from hub.engine.hub import Hub
from hub.engine.sync import sync_endpoint
from hub.store import tables
from tests.flow import books
from tests.flow.city import City
from tests.flow.conftest import MakeHub


async def test_a_thousand_records_arrive_and_the_dirt_is_the_failures(
    whole_city: City, make_hub: MakeHub
) -> None:
    hub = make_hub(whole_city.endpoints.values())
    total = 0
    for system, endpoint in whole_city.endpoints.items():
        run = await books.run(
            hub.database, await sync_endpoint(hub, endpoint.code, "test")
        )
        declared = whole_city.look(system, "/_sim/declared")
        expected = {dirt["key"]: dirt["code"] for dirt in declared}
        assert run["state"] == "finished", run
        assert await books.open_failures(hub.database, endpoint.code) == expected
        assert run["fetched"] == run["stored"]
        assert run["stored"] == run["mapped"] + run["set_aside"]
        assert run["set_aside"] == len(expected) > 0
        assert run["remainder"] == {}
        total += run["fetched"]
    assert total >= 1000
    await _nothing_new(hub, whole_city)


async def _nothing_new(hub: Hub, city: City) -> None:
    before = await books.snapshot(hub.database)
    for endpoint in city.endpoints.values():
        run = await books.run(
            hub.database, await sync_endpoint(hub, endpoint.code, "test")
        )
        assert (run["state"], run["mapped"], run["set_aside"]) == ("finished", 0, 0)
    assert await books.snapshot(hub.database) == before


async def test_one_case_told_by_four_systems_is_one_case(
    small_city: City, make_hub: MakeHub
) -> None:
    hub = make_hub(small_city.endpoints.values())
    for endpoint in small_city.endpoints.values():
        await sync_endpoint(hub, endpoint.code, "test")
    systems = sa.func.array_agg(tables.facet.c.system.distinct())
    told = await books.rows(
        hub.database,
        sa.select(tables.facet.c.case_id, systems.label("systems"))
        .where(tables.facet.c.is_current)
        .group_by(tables.facet.c.case_id),
    )
    assert any(len(row["systems"]) == 4 for row in told)
    live = sa.select(tables.case_record).where(
        tables.case_record.c.merged_into.is_(None)
    )
    assert len(await books.rows(hub.database, live)) <= 12


@pytest.mark.conformance("F06")
async def test_the_order_in_which_agencies_speak_changes_no_fact(
    small_city: City, make_hub: MakeHub
) -> None:
    hub = make_hub(small_city.endpoints.values())
    backwards = list(small_city.endpoints.values())[::-1]
    for endpoint in backwards:
        await sync_endpoint(hub, endpoint.code, "test")
    numbers = await books.rows(
        hub.database,
        sa.select(tables.case_number.c.value).where(
            tables.case_number.c.scheme == "police"
        ),
    )
    live = await books.rows(
        hub.database,
        sa.select(tables.case_record).where(tables.case_record.c.merged_into.is_(None)),
    )
    assert len(numbers) == len(live)


async def test_a_source_that_fails_is_not_an_empty_source(
    small_city: City, make_hub: MakeHub
) -> None:
    hub = make_hub(small_city.endpoints.values())
    police = small_city.endpoints["police_case"]
    await sync_endpoint(hub, police.code, "test")
    before = await books.snapshot(hub.database)
    small_city.fault("police_case", down=True)
    run = await books.run(hub.database, await sync_endpoint(hub, police.code, "test"))
    assert run["state"] == "failed"
    assert run["error_code"] in {"AGENCY_UNREACHABLE", "AGENCY_BUSY"}
    assert run["watermark_before"] == run["watermark_after"] != {}
    assert await books.snapshot(hub.database) == before
    (state,) = await books.rows(hub.database, sa.select(tables.endpoint_state))
    assert state["state"] == "down"
    small_city.fault("police_case")
    await sync_endpoint(hub, police.code, "test")
    (state,) = await books.rows(hub.database, sa.select(tables.endpoint_state))
    assert state["state"] == "up"
