"""Accepting a hand-over: every check, then transfer, parcel and wake-up in one commit.

The caller hears of it after that commit and not before. What was accepted will be
delivered, or a person will see why not.
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.engine import acceptance
from hub.engine.failpoint import failpoint
from hub.engine.hub import Hub
from hub.engine.packing import Asked, pack
from hub.errors import (
    Fault,
    NotAllowed,
    NotFound,
    RequestInvalid,
    Text,
    TransferConflicting,
)
from hub.records.transfer import Accepted, TransferDraft
from hub.store import events, jobs, numbers, outbox
from hub.store.database import Connection
from hub.store.outbox import Kept, NewTransfer

_LONGEST_NOTE = 2000
_LONGEST_KEY = 200
_UNDER_WAY = frozenset({"QUEUED", "SENDING", "DELIVERED", "DEAD"})


async def accept(hub: Hub, caller_agency: str, draft: TransferDraft) -> Accepted:
    """Take a hand-over in, or say everything that stands in its way.

    Raises ``RequestInvalid`` (malformed), ``NotFound`` (no such case for this
    caller), ``NotAllowed`` (not for this sender), ``TransferConflicting`` (the
    same is under way, or the key was used for other content) and
    ``TransferNotAcceptable`` with every fault.
    """
    check_form(hub, draft)
    await hub.book.renew_if_sound()
    async with hub.database.begin() as connection:
        asked = await _look(connection, hub, caller_agency, draft)
        earlier = await outbox.by_client_key(
            connection, caller_agency, draft.client_key
        )
        if earlier is not None:
            return _repeat(earlier, asked)
        turn, tries = await _turn(connection, asked)
        new = await pack(connection, hub, asked, turn, tries)
        failpoint("submit.after_validate")
        await outbox.put(connection, new)
        await _announce(connection, new)
        await jobs.wake_lane(connection, new.lane)
        failpoint("submit.after_insert_before_commit")
    failpoint("submit.after_commit_before_reply")
    return Accepted(new.id, is_repeat=False)


#: a draft's fields, as callers spell them in what they are told
_SPELLED = {
    "case_number": "caseNumber",
    "node": "node",
    "receiver": "receiver",
    "client_key": "clientKey",
    "note": "note",
}
_LONGEST = {"client_key": _LONGEST_KEY, "note": _LONGEST_NOTE}


def check_form(hub: Hub, draft: TransferDraft, found: tuple[Fault, ...] = ()) -> None:
    """Raise ``RequestInvalid`` with all that is malformed, ``found`` among it.

    A node or receiver that does not exist is told along with it; alone, it is a
    matter for the rules of acceptance, which tell more.
    """
    faults = [*_form_faults(draft), *found]
    if not faults:
        return
    raise RequestInvalid(
        faults[0].message.zh,
        faults[0].message.en,
        where=faults[0].where,
        faults=(*faults, *_unknown(hub, draft)),
    )


def _form_faults(draft: TransferDraft) -> Iterator[Fault]:
    for name, spelled in _SPELLED.items():
        value, longest = str(getattr(draft, name)), _LONGEST.get(name)
        if name != "note" and not value.strip():
            zh, en = f"{spelled} 不能为空", f"{spelled} must not be empty"
            yield _malformed(name, zh, en)
        elif longest is not None and len(value) > longest:
            zh = f"{spelled} 最长 {longest} 个字符"
            yield _malformed(name, zh, f"{spelled} has at most {longest} characters")


def _unknown(hub: Hub, draft: TransferDraft) -> Iterator[Fault]:
    if draft.node.strip() and hub.tables.table("node").row(draft.node) is None:
        yield acceptance.no_node(draft.node)
    known = hub.tables.table("agency")
    if draft.receiver.strip() and known.row(draft.receiver) is None:
        yield acceptance.no_agency("receiver", draft.receiver)


def _malformed(where: str, zh: str, en: str) -> Fault:
    return Fault(RequestInvalid.code, where, Text(zh, en), rule="form")


async def _look(
    connection: Connection, hub: Hub, caller: str, draft: TransferDraft
) -> Asked:
    """The case, held against other hand-overs of it, if the caller may see it."""
    sender = draft.sender or caller
    case_id = await numbers.find_case(connection, draft.case_number)
    standing = await outbox.stand(connection, case_id) if case_id else None
    if standing is not None and standing.merged_into:
        standing = await outbox.stand(connection, standing.merged_into)
    is_for_sender = _acts_for(hub, caller, sender)
    seen_as = {caller, sender} if is_for_sender else {caller}
    if standing is None or standing.agencies.isdisjoint(seen_as):
        raise NotFound(
            "未找到该案件，或本单位未参与", "There is no such case for this caller"
        )
    if not is_for_sender:
        raise NotAllowed(
            f"不能代 {sender} 移送案件",
            f"The caller may not hand over cases for {sender}",
            where="sender",
        )
    chosen = draft.persons or tuple(standing.persons)
    keys = (standing.persons[one] for one in chosen if one in standing.persons)
    return Asked(draft, caller, sender, standing, tuple(sorted(set(keys))))


def _acts_for(hub: Hub, caller: str, sender: str) -> bool:
    """An agency acts for itself and for those whose system it runs."""
    return caller == sender or any(
        one.agency == caller and sender in one.serves
        for one in hub.registry.endpoints.values()
    )


def _repeat(earlier: Kept, asked: Asked) -> Accepted:
    """The caller's key again: the same answer for the same content, else a conflict."""
    draft = asked.draft
    told = (draft.node, asked.sender, draft.receiver, draft.note, asked.standing.id)
    kept = (
        earlier.node,
        earlier.sender,
        earlier.receiver,
        earlier.note,
        earlier.case_id,
    )
    persons = f"/{asked.person_set}/" if draft.persons else ""
    if told == kept and persons in earlier.business_key:
        return Accepted(earlier.id, is_repeat=True)
    raise TransferConflicting(
        "该幂等键已用于另一份移送",
        f"This key was used for other content, transfer {earlier.id}",
        where="client_key",
    )


async def _turn(connection: Connection, asked: Asked) -> tuple[int, int]:
    """(round, how many transfers of this round there were before).

    Raises ``TransferConflicting`` while the same hand-over is under way, or was
    accepted so lately that the receiver's own record has not been seen since.
    """
    draft = asked.draft
    before = await outbox.by_hand_over(connection, asked.standing.id, draft.node)
    same = [one for one in before if f"/{asked.person_set}/" in one.business_key]
    for one in same:
        if one.state in _UNDER_WAY or await _is_fresh(connection, one):
            raise TransferConflicting(
                f"同一移送已在办理中（{one.state}）",
                f"The same hand-over is under way ({one.state}), transfer {one.id}",
                where="node",
            )
    turn = 1 + sum(one.state in {"ACCEPTED", "RETURNED"} for one in same)
    return turn, sum(one.round == turn for one in same)


async def _is_fresh(connection: Connection, one: Kept) -> bool:
    if one.state != "ACCEPTED" or one.answered_at is None:
        return False
    seen = await outbox.synced_at(connection, one.endpoint)
    return seen is None or seen < one.answered_at


async def _announce(connection: Connection, new: NewTransfer) -> None:
    body = {
        "node": new.node,
        "sender": new.sender,
        "receiver": new.receiver,
        "state": "QUEUED",
    }
    await events.announce(
        connection,
        "transfer.submitted",
        case_id=new.case_id,
        transfer_id=new.id,
        body=body,
    )
