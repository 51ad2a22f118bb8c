"""What callers may have done, each asked of the policy first.

Thin on purpose: rights here, the work in ``accept``, ``undelivered`` and
``failures``. Every function raises leaves of ``HubError`` and then has changed nothing.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hub.engine import accept, failures, policy, replays, undelivered
from hub.engine.answers import cases as answer
from hub.engine.answers import transfers as answer_transfers
from hub.engine.failures import Replayed
from hub.engine.hub import Hub
from hub.engine.replays import Wanted
from hub.errors import Fault, NotAllowed, NotFound, RequestInvalid
from hub.records.caller import Caller, Reach
from hub.records.transfer import Accepted, TransferDraft
from hub.store import corrections, jobs

_LONGEST_REASON = 500


async def submit(
    hub: Hub, caller: Caller, draft: TransferDraft, faults: tuple[Fault, ...] = ()
) -> Accepted:
    """Accept a hand-over for delivery; only the sending agency itself may ask.

    ``faults`` are what the door found malformed already. Raises ``NotAllowed``,
    ``NotFound`` (also for a case of others), or what ``accept`` raises with every
    problem in it.
    """
    policy.allow(caller, "submit_transfer")
    if draft.sender and draft.sender != caller.agency:
        raise NotAllowed(
            "只能以本机关名义移送",
            "An agency may hand over in its own name only",
            where="sender",
        )
    accept.check_form(hub, draft, faults)
    found = await answer.case(hub, caller, draft.case_number)
    if found is None:
        raise NotFound(
            "没有这个案件，或本机关未参与",
            "There is no such case, or your agency takes no part in it",
            where="caseNumber",
        )
    known = replace(draft, case_number=found.hub_number)
    return await accept.accept(hub, caller.agency, known)


async def cancel(hub: Hub, caller: Caller, key: UUID, reason: str) -> None:
    """Cancel a transfer that was not sent yet: its sender may, or an operator."""
    sight = policy.allow(caller, "cancel_transfer")
    found = await answer_transfers.transfer(hub, caller, key)
    if found is None:
        raise NotFound("没有这个移送", "There is no such transfer", where="id")
    if sight.reach is Reach.OWN and found.sender != caller.agency:
        raise NotAllowed(
            "只有移送机关可以撤销", "Only the sending agency may cancel", where="id"
        )
    await undelivered.cancel(hub, key, caller.agency, _reason(reason))


async def replay_failure(hub: Hub, caller: Caller, key: int, reason: str) -> Replayed:
    """Read a record that was set aside again, through the rules of now."""
    policy.allow(caller, "replay_failure")
    return await failures.replay(hub, key, caller.agency, _reason(reason))


async def replay_transfer(hub: Hub, caller: Caller, key: UUID, reason: str) -> None:
    """Send a dead letter again under the same key."""
    policy.allow(caller, "replay_failure")
    await undelivered.replay(hub, key, caller.agency, _reason(reason))


async def run_sync(hub: Hub, caller: Caller, endpoint: str) -> None:
    """Have a worker pull an endpoint now; one that waits already serves this too.

    It goes through the endpoint's lane, so it never overlaps a run under way.
    """
    policy.allow(caller, "run_sync")
    hub.registry.demand(endpoint, "pull")
    async with hub.database.begin() as connection:
        await jobs.wake_sync(connection, endpoint, "caller")


async def start_replay(hub: Hub, caller: Caller, wanted: Wanted, reason: str) -> int:
    """Begin to read stored records again by the rules of now; the job's id."""
    policy.allow(caller, "start_replay")
    return await replays.start(hub, wanted, caller.agency, _reason(reason))


async def turn_replay(hub: Hub, caller: Caller, thing: str, key: int) -> None:
    """``pause_replay``, ``resume_replay`` or ``cancel_replay``, between two pages."""
    policy.allow(caller, thing)
    await replays.turn(hub, key, _TURNS[thing], caller.agency)


_TURNS = {
    "pause_replay": "paused",
    "resume_replay": "running",
    "cancel_replay": "cancelled",
}


async def acknowledge_correction(hub: Hub, caller: Caller, key: int) -> None:
    """The caller knows of a correction sent to it; twice is once."""
    policy.allow(caller, "acknowledge_correction")
    async with hub.database.begin() as connection:
        if not await corrections.acknowledge(connection, caller.agency, key):
            raise NotFound(
                "没有这份更正通知", "There is no such correction", where="id"
            )


def _reason(text: str) -> str:
    plain = text.strip()
    if not plain or len(plain) > _LONGEST_REASON:
        raise RequestInvalid(
            f"请填写理由，不超过 {_LONGEST_REASON} 个字",
            f"Give a reason of at most {_LONGEST_REASON} characters",
            where="reason",
        )
    return plain
