"""What became of the parcels that were sent: written down, fenced, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from hub.contract.messages import RawRecord, Receipt
from hub.store import events
from hub.store.database import Connection
from hub.store.lanes import Claim
from hub.store.raw import row_of
from hub.store.tables import event, raw_record, receipt

#: states that end a transfer's way, and the event each is announced by
_EVENTS = {
    "DELIVERED": "transfer.delivered",
    "ACCEPTED": "transfer.accepted",
    "RETURNED": "transfer.returned",
    "DEAD": "transfer.dead",
}

_SETTLE = sa.text("""
update transfer t set state = r.state, attempts = r.attempts,
  enquiries = r.enquiries, error_code = r.error,
  next_attempt_at = now() + make_interval(secs => r.wait),
  receiver_number = coalesce(r.number, t.receiver_number),
  delivered_at = case when r.state in ('DELIVERED','ACCEPTED','RETURNED')
    then coalesce(t.delivered_at, clock_timestamp()) else t.delivered_at end,
  answered_at = case when r.state in ('ACCEPTED','RETURNED')
    then clock_timestamp() else t.answered_at end
from unnest(cast(:ids as uuid[]), cast(:states as text[]), cast(:attempts as int[]),
  cast(:enquiries as int[]), cast(:errors as text[]), cast(:waits as float8[]),
  cast(:numbers as text[])) as r(id, state, attempts, enquiries, error, wait, number)
where t.id = r.id and t.fence = :fence and t.state = 'SENDING'
returning t.id, t.case_id
""")

_STEPS = sa.text("""
insert into transfer_step (transfer_id, state, error_code, note, at)
select id, state, error, note, coalesce(at, clock_timestamp())
from unnest(cast(:ids as uuid[]), cast(:states as text[]), cast(:errors as text[]),
  cast(:notes as text[]), cast(:times as timestamptz[])) with ordinality
  as s(id, state, error, note, at, place) order by place
""")


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one claim.

    ``wait`` in seconds until it is looked at again; ``sent_at`` is empty where
    nothing was sent (an enquiry); ``is_news``: does it belong in the timeline?
    """

    claim: Claim
    state: str
    attempts: int
    enquiries: int = 0
    wait: float = 0.0
    error_code: str | None = None
    receipt: Receipt | None = None
    receiver_number: str | None = None
    sent_at: datetime | None = None
    note: str = ""
    is_news: bool = True


async def settle(
    connection: Connection,
    fence: int,
    settled: Sequence[Settled],
    adapter_version: str,
) -> int:
    """Write outcomes, receipts, timeline and events; returns how many stood.

    An outcome whose lane was taken over meanwhile is dropped: the new owner asks
    or sends again under the same key and gets the same answer.
    """
    if not settled:
        return 0
    cases = await _update(connection, fence, settled)
    ours = [one for one in settled if one.claim.transfer_id in cases]
    await _keep_receipts(connection, ours, adapter_version)
    await _write_steps(connection, ours)
    await _announce(connection, ours, cases)
    return len(ours)


async def _update(
    connection: Connection, fence: int, settled: Sequence[Settled]
) -> dict[UUID, int]:
    values = {
        "ids": [one.claim.transfer_id for one in settled],
        "states": [one.state for one in settled],
        "attempts": [one.attempts for one in settled],
        "enquiries": [one.enquiries for one in settled],
        "errors": [one.error_code for one in settled],
        "waits": [one.wait for one in settled],
        "numbers": [one.receiver_number for one in settled],
        "fence": fence,
    }
    rows = await connection.execute(_SETTLE, values)
    return {row.id: row.case_id for row in rows}


async def _keep_receipts(
    connection: Connection, settled: Sequence[Settled], adapter_version: str
) -> None:
    """The receiver's bytes as raw records, and what they say as receipts."""
    answered = [
        (one, one.receipt) for one in settled if one.receipt is not None and one.is_news
    ]
    if not answered:
        return
    rows = [
        row_of(
            one.claim.endpoint,
            RawRecord("receipt", one.claim.parcel.key, said.body, said.media),
            adapter_version,
            None,
        )
        for one, said in answered
    ]
    made = await connection.execute(
        sa.insert(raw_record).returning(raw_record.c.id, sort_by_parameter_order=True),
        rows,
    )
    pairs = zip(answered, made.scalars().all(), strict=True)
    await connection.execute(
        sa.insert(receipt),
        [_receipt_row(one, said, raw_id) for (one, said), raw_id in pairs],
    )


def _receipt_row(one: Settled, said: Receipt, raw_id: int) -> dict[str, object]:
    return {
        "transfer_id": one.claim.transfer_id,
        "outcome": said.outcome.value,
        "numbers": dict(said.numbers),
        "reasons": [{"code": why.code, "text": why.text} for why in said.reasons],
        "raw_id": raw_id,
        "received_at": said.received_at or datetime.now(UTC),
    }


async def _write_steps(connection: Connection, settled: Sequence[Settled]) -> None:
    steps: list[tuple[UUID, str, str | None, str, datetime | None]] = []
    for one in settled:
        transfer_id = one.claim.transfer_id
        if one.sent_at is not None:
            steps.append((transfer_id, "SENDING", None, "", one.sent_at))
        if one.is_news:
            steps.append((transfer_id, one.state, one.error_code, one.note, None))
    names = ("ids", "states", "errors", "notes", "times")
    columns = (list(column) for column in zip(*steps, strict=True))
    if steps:
        await connection.execute(_STEPS, dict(zip(names, columns, strict=True)))


async def _announce(
    connection: Connection, settled: Sequence[Settled], cases: Mapping[UUID, int]
) -> None:
    rows = [
        {
            "kind": _EVENTS[one.state],
            "case_id": cases[one.claim.transfer_id],
            "transfer_id": one.claim.transfer_id,
            "body": _body(one),
        }
        for one in settled
        if one.is_news and one.state in _EVENTS
    ]
    if rows:
        await connection.execute(sa.insert(event), rows)
        await events.notify(connection)


def _body(one: Settled) -> dict[str, object]:
    parcel = one.claim.parcel
    body: dict[str, object] = {
        "node": parcel.node,
        "sender": parcel.sender,
        "receiver": parcel.receiver,
        "state": one.state,
    }
    if one.error_code:
        body["error_code"] = one.error_code
    return body
