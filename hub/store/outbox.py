"""The outbox: transfers and their parcels, committed together with their wake-up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.contract.messages import Record, Tree
from hub.errors import TransferConflicting
from hub.store.database import Connection
from hub.store.raw import digest
from hub.store.tables import (
    case_agency,
    case_record,
    endpoint_state,
    facet,
    parcel,
    person,
    transfer,
    transfer_step,
)


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """A hand-over that passed every check, and its parcel in the receiver's words."""

    id: UUID
    case_id: int
    node: str
    sender: str
    receiver: str
    endpoint: str
    lane: str
    round: int
    business_key: str
    idempotency_key: str
    message_id: str
    client_key: str
    submitted_by: str
    note: str
    numbers: Mapping[str, str]
    body: Record
    mapping_revision: int
    rules: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands in the outbox of one transfer; times are aware."""

    id: UUID
    case_id: int
    node: str
    sender: str
    receiver: str
    endpoint: str
    lane: str
    round: int
    business_key: str
    client_key: str
    submitted_by: str
    note: str
    state: str
    attempts: int
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands, as far as accepting a hand-over needs it."""

    id: int
    hub_number: str
    is_withdrawn: bool
    merged_into: int | None
    agencies: frozenset[str]
    persons: Mapping[int, str]  # id -> match key
    homes: frozenset[str]  # endpoints in which the case lives now


def content_digest(body: Record, numbers: Mapping[str, str]) -> bytes:
    """SHA-256 over the canonical JSON of what the receiver will be told."""
    told: dict[str, Tree] = {"body": body, "numbers": dict(numbers)}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return digest(text.encode())


async def stand(connection: Connection, case_id: int) -> Standing | None:
    """Hold a case against other hand-overs of it, and tell how it stands."""
    row = (
        await connection.execute(
            sa.select(case_record)
            .where(case_record.c.id == case_id)
            .with_for_update(key_share=True)
        )
    ).one_or_none()
    if row is None:
        return None
    agencies = sa.select(case_agency.c.agency).where(case_agency.c.case_id == case_id)
    persons = (
        sa.select(person.c.id, person.c.match_key)
        .where(person.c.case_id == case_id)
        .order_by(person.c.position)
    )
    homes = sa.select(facet.c.endpoint).where(
        facet.c.case_id == case_id, facet.c.is_current
    )
    return Standing(
        case_id,
        row.hub_number,
        row.is_withdrawn,
        row.merged_into,
        frozenset((await connection.execute(agencies)).scalars()),
        {one.id: one.match_key for one in await connection.execute(persons)},
        frozenset((await connection.execute(homes)).scalars()),
    )


async def by_client_key(
    connection: Connection, submitted_by: str, client_key: str
) -> Kept | None:
    """The transfer that this caller submitted under this key."""
    found = await _kept(
        connection,
        transfer.c.submitted_by == submitted_by,
        transfer.c.client_key == client_key,
    )
    return found[0] if found else None


async def by_hand_over(
    connection: Connection, case_id: int, node: str
) -> Sequence[Kept]:
    """Every transfer of this case and node, oldest first."""
    return await _kept(
        connection, transfer.c.case_id == case_id, transfer.c.node == node
    )


async def by_id(
    connection: Connection, transfer_id: UUID, *, hold: bool = False
) -> Kept | None:
    """One transfer; ``hold`` keeps workers from claiming it until commit."""
    found = await _kept(connection, transfer.c.id == transfer_id, hold=hold)
    return found[0] if found else None


async def _kept(
    connection: Connection, *where: sa.ColumnElement[bool], hold: bool = False
) -> Sequence[Kept]:
    columns = [transfer.c[name] for name in Kept.__slots__]
    statement = (
        sa.select(*columns)
        .where(*where)
        .order_by(transfer.c.submitted_at, transfer.c.id)
    )
    statement = statement.with_for_update() if hold else statement
    return [Kept(*row) for row in await connection.execute(statement)]


async def synced_at(connection: Connection, endpoint: str) -> datetime | None:
    """Up to when everything in an endpoint has been pulled."""
    found = await connection.execute(
        sa.select(endpoint_state.c.synced_at).where(
            endpoint_state.c.endpoint == endpoint
        )
    )
    at: datetime | None = found.scalar_one_or_none()
    return at


async def put(connection: Connection, new: NewTransfer) -> None:
    """Keep a transfer, its parcel, its first step and who takes part from now on.

    Raises ``TransferConflicting`` when the caller used its key before.
    """
    sha = content_digest(new.body, new.numbers)
    names = [name for name in NewTransfer.__slots__ if name in transfer.c]
    values: dict[str, object] = {name: getattr(new, name) for name in names}
    # not now(): two hand-overs of one case wait for each other, and the second
    # one's transaction may have begun before the first one's
    values |= {
        "state": "QUEUED",
        "content_digest": sha,
        "submitted_at": sa.func.clock_timestamp(),
        "next_attempt_at": sa.func.clock_timestamp(),
    }
    statement = insert(transfer).values(values).on_conflict_do_nothing()
    made = await connection.execute(statement.returning(transfer.c.id))
    if made.scalar_one_or_none() is None:
        raise TransferConflicting(
            "该幂等键已用于另一份移送",
            "This idempotency key was used for another transfer",
            where="clientKey",
        )
    await connection.execute(sa.insert(parcel).values(_parcel(new, sha)))
    await step(connection, new.id, "QUEUED")
    rows = [
        {"case_id": new.case_id, "agency": agency}
        for agency in sorted({new.sender, new.receiver})
    ]
    await connection.execute(insert(case_agency).on_conflict_do_nothing(), rows)


def _parcel(new: NewTransfer, sha: bytes) -> dict[str, object]:
    return {
        "transfer_id": new.id,
        "message_id": new.message_id,
        "numbers": dict(new.numbers),
        "body": new.body,
        "digest": sha,
        "mapping_revision": new.mapping_revision,
        "rules": new.rules,
    }


async def step(
    connection: Connection, transfer_id: UUID, state: str, note: str = ""
) -> None:
    """Add a line to a transfer's timeline."""
    values = {
        "transfer_id": transfer_id,
        "state": state,
        "note": note,
        "at": sa.func.clock_timestamp(),
    }
    await connection.execute(sa.insert(transfer_step).values(values))


async def requeue(connection: Connection, kept: Kept) -> None:
    """Make a dead transfer due again, under the same key.

    Its attempts start anew; one of them stays counted where the receiver may have
    seen the parcel, so that it is asked first.
    """
    await connection.execute(
        sa.update(transfer)
        .where(transfer.c.id == kept.id)
        .values(
            state="QUEUED",
            attempts=min(kept.attempts, 1),
            enquiries=0,
            error_code=None,
            next_attempt_at=sa.func.clock_timestamp(),
        )
    )


async def withdraw(connection: Connection, transfer_id: UUID) -> None:
    """Mark a transfer as cancelled."""
    await connection.execute(
        sa.update(transfer)
        .where(transfer.c.id == transfer_id)
        .values(state="CANCELLED", answered_at=sa.func.clock_timestamp())
    )


async def lift_hold(connection: Connection, endpoint: str) -> None:
    """An operator has acted: knock at a held endpoint again."""
    await connection.execute(
        sa.update(endpoint_state)
        .where(endpoint_state.c.endpoint == endpoint)
        .where(endpoint_state.c.state == "held")
        .values(state="unknown", since=sa.func.now())
    )


async def door(connection: Connection, endpoint: str) -> tuple[str, str]:
    """(state, error code) of an endpoint, as last known."""
    row = (
        await connection.execute(
            sa.select(endpoint_state.c.state, endpoint_state.c.error_code).where(
                endpoint_state.c.endpoint == endpoint
            )
        )
    ).one_or_none()
    return (row.state, row.error_code or "") if row else ("unknown", "")
