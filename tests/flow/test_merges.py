"""A case that is merged away in the very moment somebody writes to it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from hub.contract.messages import Outcome, Parcel, RawRecord, Receipt
from hub.engine.hub import Hub
from hub.engine.joining import join_numbers
from hub.engine.sync import sync_endpoint
from hub.store import linking
from hub.store.database import Database
from hub.store.lanes import Claim
from hub.store.receipts import Settled
from tests.bench import world
from tests.flow import books


class Source(world.PageSource):
    """Tells what it is given."""

    content: Sequence[RawRecord] = ()


@pytest.fixture
async def hub(database: Database) -> Hub:
    """A hub that knows three cases, 1 to 3."""
    made = world.hub_on(database, Source)
    await _told(made, [world.case(one) for one in (1, 2, 3)])
    return made


async def _told(hub: Hub, cases: Sequence[dict[str, object]]) -> None:
    Source.content = [world.raw(one) for one in cases]
    async with hub.database.begin() as connection:
        await connection.execute(sa.text("delete from watermark"))
    await sync_endpoint(hub, world.ENDPOINT, "test")


async def test_news_of_a_case_that_is_being_merged_goes_to_the_case_that_stays(
    hub: Hub,
) -> None:
    """Another endpoint shows that two cases are one while a page is under way."""
    async with hub.database.begin() as merging:
        await linking.merge(merging, 2, 1)
        telling = asyncio.create_task(_told(hub, [world.case(2, edition=7)]))
        await asyncio.sleep(0.5)
        assert not telling.done()
    await telling
    told = await books.rows(
        hub.database,
        sa.text("select case_id from facet where is_current order by id"),
    )
    assert [one["case_id"] for one in told] == [1, 3, 1]
    shown = await books.rows(
        hub.database,
        sa.text("select summary from case_record where merged_into is null and id = 1"),
    )
    assert "第7次更正" in shown[0]["summary"]


@pytest.mark.parametrize("given", ["", "A-NEW-NUMBER"])
async def test_a_receipt_of_a_case_merged_meanwhile_joins_the_case_that_stays(
    hub: Hub, given: str
) -> None:
    """The claim was taken before the merge; the receipt comes after it."""
    own = str(world.case(3)["AJBH"])
    scheme, number = ("court", given) if given else ("police", own)
    parcel = Parcel("k", "m", "NODE", "A", "B", {}, {}, datetime.now(UTC))
    claim = Claim(uuid4(), 2, world.ENDPOINT, "QUEUED", 0, 0, parcel)
    async with hub.database.begin() as connection:
        await linking.merge(connection, 2, 1)
    said = Receipt(Outcome.ACCEPTED, numbers={scheme: number})
    async with hub.database.begin() as connection:
        settled = Settled(claim, "ACCEPTED", 1, receipt=said)
        await join_numbers(connection, hub, [settled])
    owners = await books.rows(
        hub.database,
        sa.text("select case_id from case_number where value = :n").bindparams(
            n=number
        ),
    )
    assert [one["case_id"] for one in owners] == [1]
    lost = await books.rows(
        hub.database,
        sa.text(
            "select f.id from facet f join case_record c on c.id = f.case_id"
            " where c.merged_into is not null"
        ),
    )
    assert lost == []
