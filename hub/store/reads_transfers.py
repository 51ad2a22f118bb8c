"""Reading transfers with their timeline and receipts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from hub.errors import AgencyLoginRefused
from hub.records.caller import Reach, Sight
from hub.records.page import Ask, Found
from hub.records.timeline import (
    ReceiptReason,
    ReceiptRecord,
    TransferFilter,
    TransferRecord,
    TransferStep,
)
from hub.store import reads
from hub.store.database import Connection
from hub.store.tables import (
    endpoint_state,
    raw_record,
    receipt,
    transfer,
    transfer_step,
)

_SORT = reads.Sort(transfer.c.id, transfer.c.submitted_at)


def _columns() -> list[sa.ColumnElement[Any]]:
    """A transfer's columns; one that waits at a held door tells why, and no time.

    A lane of such an endpoint is not even opened, so its rows know nothing of it.
    """
    door, code = endpoint_state.c, AgencyLoginRefused.code
    shut = sa.exists().where(
        door.endpoint == transfer.c.endpoint,
        door.state == "held",
        door.error_code == code,
    )
    waits = sa.and_(transfer.c.state.in_(("QUEUED", "SENDING", "DELIVERED")), shut)
    instead: dict[str, Any] = {"error_code": code, "next_attempt_at": None}
    return [
        sa.case((waits, instead[one.key]), else_=one).label(one.key)
        if one.key in instead
        else one
        for one in reads.columns(TransferRecord, transfer)
    ]


def _own(sight: Sight) -> reads.Condition:
    """Sent or received by the caller's own agency."""
    if sight.reach in {Reach.ALL, Reach.STATES}:
        return sa.true()
    if sight.reach is Reach.OWN:
        return sa.or_(
            transfer.c.sender == sight.agency, transfer.c.receiver == sight.agency
        )
    return sa.false()


def _seen(sight: Sight) -> sa.Select[Any]:
    """Own ones, and those of a case the caller takes part in: its timeline."""
    return sa.select(*_columns()).where(
        sa.or_(_own(sight), reads.visible(sight, transfer.c.case_id))
    )


async def by_ids(
    connection: Connection, sight: Sight, ids: Sequence[UUID]
) -> dict[UUID, TransferRecord]:
    """The visible ones of these transfers."""
    rows = await connection.execute(_seen(sight).where(transfer.c.id.in_(ids)))
    return {row.id: reads.record(TransferRecord, row) for row in rows}


async def of_cases(
    connection: Connection, sight: Sight, case_ids: Sequence[int]
) -> dict[int, tuple[TransferRecord, ...]]:
    """The transfers of these cases, oldest first."""
    rows = await connection.execute(
        sa.select(*_columns())
        .where(transfer.c.case_id.in_(case_ids))
        .where(reads.visible(sight, transfer.c.case_id))
        .order_by(transfer.c.submitted_at, transfer.c.id)
    )
    found = [reads.record(TransferRecord, row) for row in rows]
    return reads.grouped(found, case_ids, "case_id")


async def page(
    connection: Connection, sight: Sight, wanted: TransferFilter, ask: Ask
) -> Found[TransferRecord]:
    """One page of the caller's own transfers."""
    statement = _filtered(sight, wanted)
    return await reads.page(connection, TransferRecord, statement, _SORT, ask)


async def total(connection: Connection, sight: Sight, wanted: TransferFilter) -> int:
    """How many of the caller's own transfers the filter wants."""
    return await reads.total(connection, _filtered(sight, wanted))


def _filtered(sight: Sight, wanted: TransferFilter) -> sa.Select[Any]:
    table = transfer.c
    tests: dict[str, Callable[[Any], reads.Condition]] = {
        "case_id": lambda key: table.case_id == key,
        "node": lambda code: table.node == code,
        "state": table.state.in_,
        "sender": lambda code: table.sender == code,
        "receiver": lambda code: table.receiver == code,
        "endpoint": lambda code: table.endpoint == code,
        "submitted_since": lambda moment: table.submitted_at >= moment,
    }
    return (
        sa.select(*_columns())
        .where(_own(sight))
        .where(
            *(
                test(getattr(wanted, name))
                for name, test in tests.items()
                if getattr(wanted, name) is not None
            )
        )
    )


async def steps(
    connection: Connection, sight: Sight, ids: Sequence[UUID]
) -> dict[UUID, tuple[TransferStep, ...]]:
    """The timelines of these transfers."""
    rows = await connection.execute(
        sa.select(*reads.columns(TransferStep, transfer_step))
        .where(transfer_step.c.transfer_id.in_(ids), _shown(transfer_step, sight))
        .order_by(transfer_step.c.id)
    )
    found = [reads.record(TransferStep, row) for row in rows]
    return reads.grouped(found, ids, "transfer_id")


async def receipts(
    connection: Connection, sight: Sight, ids: Sequence[UUID]
) -> dict[UUID, tuple[ReceiptRecord, ...]]:
    """What the receivers answered to these transfers, oldest first."""
    rows = await connection.execute(
        sa.select(
            *reads.columns(ReceiptRecord, receipt),
            raw_record.c.digest.label("raw_digest"),
        )
        .join(raw_record, raw_record.c.id == receipt.c.raw_id)
        .where(receipt.c.transfer_id.in_(ids), _shown(receipt, sight))
        .order_by(receipt.c.id)
    )
    found = [
        reads.record(ReceiptRecord, row, reasons=_reasons(row.reasons)) for row in rows
    ]
    return reads.grouped(found, ids, "transfer_id")


def _shown(table: sa.Table, sight: Sight) -> reads.Condition:
    if sight.reach in {Reach.ALL, Reach.STATES}:
        return sa.true()
    mine = sa.or_(_own(sight), reads.visible(sight, transfer.c.case_id))
    return sa.exists().where(transfer.c.id == table.c.transfer_id, mine)


def _reasons(told: Sequence[dict[str, Any]]) -> tuple[ReceiptReason, ...]:
    return tuple(
        ReceiptReason(str(one.get("code", "")), str(one.get("text", "")))
        for one in told
    )
