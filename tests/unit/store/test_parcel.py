"""A parcel leaves the store as it was written: an XML sequence has an order."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from hub.store import numbers, tables
from hub.store.database import Database

#: an order that sorting by name, or by length and name, would change
BODY = {"TYSAH": "1", "BMSAH": "2", "AH": "3", "AJMC": {"Z": "1", "A": "2"}}


async def test_the_order_of_elements_survives_the_outbox(database: Database) -> None:
    transfer_id = uuid.uuid4()
    async with database.begin() as connection:
        case_id, _ = await numbers.open_case(connection, "421381", "202308")
        texts = ("node", "sender", "receiver", "endpoint", "lane", "business_key")
        texts += ("idempotency_key", "client_key", "submitted_by")
        row = dict.fromkeys(texts, "x") | {"id": transfer_id, "case_id": case_id}
        row |= {"content_digest": b"", "state": "QUEUED"}
        await connection.execute(sa.insert(tables.transfer).values(row))
        parcel = {"transfer_id": transfer_id, "message_id": "m", "body": BODY}
        parcel |= {"digest": b"", "mapping_revision": 1, "rules": ""}
        await connection.execute(sa.insert(tables.parcel).values(parcel))
    async with database.read() as connection:
        found = await connection.execute(sa.text("select body from parcel"))
        body = found.scalar_one()
    assert list(body) == list(BODY)
    assert list(body["AJMC"]) == ["Z", "A"]
