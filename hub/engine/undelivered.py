"""What a person can do about a hand-over on its way: send it again, or stop it."""

from __future__ import annotations

from uuid import UUID

from hub.engine import policy
from hub.engine.hub import Hub
from hub.errors import NotFound, RequestInvalid
from hub.store import events, jobs, outbox
from hub.store.database import Connection
from hub.store.outbox import Kept


async def replay(hub: Hub, transfer_id: UUID, actor: str, reason: str = "") -> None:
    """Send a dead transfer again, under the same key.

    An operator's replay also lifts a hold of the endpoint, for it says that the
    cause was removed. Raises ``NotFound``, and ``RequestInvalid`` unless dead.
    """
    async with hub.database.begin() as connection:
        kept = await _hold(connection, transfer_id)
        if kept.state != "DEAD":
            raise RequestInvalid(
                f"只有死信才能重放，当前状态为 {kept.state}",
                f"Only a dead transfer can be replayed, this one is {kept.state}",
                where="id",
            )
        await outbox.lift_hold(connection, kept.endpoint)
        await outbox.requeue(connection, kept)
        await _tell(connection, kept, "QUEUED", _note(actor, reason))
        await jobs.wake_lane(connection, kept.lane)


async def cancel(hub: Hub, transfer_id: UUID, actor: str, reason: str = "") -> None:
    """Stop a transfer before it is sent; what waits behind it goes on.

    ``actor`` is the agency that submitted it, its sender, or the operator; for
    anyone else it is ``NotFound``. Raises ``RequestInvalid`` once it may have been
    sent: from then on only the receiver can return it.
    """
    async with hub.database.begin() as connection:
        kept = await _hold(connection, transfer_id)
        if actor not in {kept.submitted_by, kept.sender, policy.OPERATOR}:
            raise _unknown()
        may_be_there = kept.state == "QUEUED" and kept.attempts > 0
        if kept.state not in {"QUEUED", "DEAD"} or may_be_there:
            raise RequestInvalid(
                f"移送可能已发出，不能取消（{kept.state}）",
                f"The transfer may have been sent already ({kept.state})",
                where="id",
            )
        await outbox.withdraw(connection, kept.id)
        await _tell(connection, kept, "CANCELLED", _note(actor, reason))
        await jobs.wake_lane(connection, kept.lane)


async def _hold(connection: Connection, transfer_id: UUID) -> Kept:
    kept = await outbox.by_id(connection, transfer_id, hold=True)
    if kept is None:
        raise _unknown()
    return kept


def _unknown() -> NotFound:
    return NotFound("没有该移送", "There is no such transfer", where="id")


_KINDS = {"QUEUED": "transfer.replayed", "CANCELLED": "transfer.cancelled"}


def _note(actor: str, reason: str) -> str:
    return f"by {actor}: {reason}" if reason else f"by {actor}"


async def _tell(connection: Connection, kept: Kept, state: str, note: str) -> None:
    await outbox.step(connection, kept.id, state, note)
    body = {
        "node": kept.node,
        "sender": kept.sender,
        "receiver": kept.receiver,
        "state": state,
    }
    await events.announce(
        connection, _KINDS[state], case_id=kept.case_id, transfer_id=kept.id, body=body
    )
