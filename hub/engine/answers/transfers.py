"""Answers about transfers: where they stand, their timeline, what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from hub.engine import policy
from hub.engine.hub import Hub
from hub.records.caller import Caller, Sight
from hub.records.page import Ask, Found
from hub.records.timeline import (
    ReceiptReason,
    ReceiptRecord,
    TransferFilter,
    TransferRecord,
    TransferStep,
)
from hub.store import reads_transfers


async def transfers(
    hub: Hub, caller: Caller, wanted: TransferFilter, ask: Ask
) -> Found[TransferRecord]:
    """One page of the transfers the caller's agency sends or receives."""
    sight = policy.allow(caller, "transfers")
    async with hub.database.read() as connection:
        found = await reads_transfers.page(connection, sight, wanted, ask)
    rows = tuple(_shown(one, sight) for one in found.rows)
    return Found(rows, found.has_next, found.place)


async def transfer_total(hub: Hub, caller: Caller, wanted: TransferFilter) -> int:
    """How many of them the filter wants."""
    sight = policy.allow(caller, "transfers")
    async with hub.database.read() as connection:
        return await reads_transfers.total(connection, sight, wanted)


async def transfer(hub: Hub, caller: Caller, key: UUID) -> TransferRecord | None:
    """One transfer: an own one, or one of a case the caller takes part in."""
    policy.allow(caller, "transfer")
    return (await transfers_by_id(hub, caller, [key])).get(key)


async def transfers_by_id(
    hub: Hub, caller: Caller, keys: Sequence[UUID]
) -> dict[UUID, TransferRecord]:
    """The visible ones of these transfers."""
    sight = policy.sight(caller, "transfer")
    async with hub.database.read() as connection:
        found = await reads_transfers.by_ids(connection, sight, keys)
    return {key: _shown(one, sight) for key, one in found.items()}


async def transfers_of(
    hub: Hub, caller: Caller, case_ids: Sequence[int]
) -> dict[int, tuple[TransferRecord, ...]]:
    """Every transfer of these cases: their timeline, whoever sent it."""
    sight = policy.sight(caller, "case")
    async with hub.database.read() as connection:
        return await reads_transfers.of_cases(connection, sight, case_ids)


async def steps_of(
    hub: Hub, caller: Caller, keys: Sequence[UUID]
) -> dict[UUID, tuple[TransferStep, ...]]:
    """The timelines of these transfers."""
    sight = policy.sight(caller, "transfer")
    async with hub.database.read() as connection:
        found = await reads_transfers.steps(connection, sight, keys)
    if sight.sees_content:
        return found
    return {
        key: tuple(replace(step, note="") for step in steps)
        for key, steps in found.items()
    }


async def receipts_of(
    hub: Hub, caller: Caller, keys: Sequence[UUID]
) -> dict[UUID, tuple[ReceiptRecord, ...]]:
    """What the receivers answered to these transfers."""
    sight = policy.sight(caller, "transfer")
    async with hub.database.read() as connection:
        found = await reads_transfers.receipts(connection, sight, keys)
    if sight.sees_content:
        return found
    return {key: tuple(map(_bare, many)) for key, many in found.items()}


def _shown(one: TransferRecord, sight: Sight) -> TransferRecord:
    """States and codes for whoever may not read the case; its words stay out."""
    mine = one if one.submitted_by == sight.agency else replace(one, client_key="")
    if sight.sees_content:
        return mine
    return replace(mine, note="", receiver_number=None)


def _bare(one: ReceiptRecord) -> ReceiptRecord:
    reasons = tuple(ReceiptReason(reason.code, "") for reason in one.reasons)
    return replace(one, numbers={}, reasons=reasons)
