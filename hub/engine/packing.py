"""Packing: a case that may be handed over becomes a parcel in the receiver's words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import cast
from uuid import uuid4

from hub.contract.endpoint import Endpoint
from hub.contract.messages import Record
from hub.engine import acceptance
from hub.engine.hub import Hub
from hub.errors import Fault, TransferNotAcceptable
from hub.mapping.code_tables.tables import Tables
from hub.records.shape import NUMBER_SCHEMES
from hub.records.transfer import TransferDraft
from hub.store import records
from hub.store.database import Connection
from hub.store.lanes import lane_of
from hub.store.outbox import NewTransfer, Standing

_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Asked:
    """A draft with its case, its sender filled in, and who asked for it.

    ``persons`` are the match keys of those who are handed over, sorted.
    """

    draft: TransferDraft
    caller: str
    sender: str
    standing: Standing
    persons: tuple[str, ...]

    @property
    def person_set(self) -> str:
        """Stands for the persons in a key without naming them."""
        joined = "\n".join(self.persons)
        return hashlib.sha256(joined.encode()).hexdigest()[:12]

    def business_key(self, turn: int) -> str:
        """Hub number, node, person set and round: one hand-over of the procedure."""
        number, node = self.standing.hub_number, self.draft.node
        return f"{number}/{node}/{self.person_set}/{turn}"


async def pack(
    connection: Connection, hub: Hub, asked: Asked, turn: int, tries: int
) -> NewTransfer:
    """Check every rule and write the parcel.

    ``turn`` is the round; ``tries`` counts its transfers so far (cancelled ones).
    Raises ``TransferNotAcceptable`` with every fault at once.
    """
    draft = asked.draft
    record = await records.load_record(connection, asked.standing.id) or {}
    persons = _chosen(record, asked)
    # whoever hands a case over is the one who handles it at that moment
    record = {**record, "handler": asked.sender, "persons": list(persons)}
    faults = [*_draft_faults(asked), *_rule_faults(hub.tables, asked, record, persons)]
    endpoint = _endpoint(hub, asked)
    if isinstance(endpoint, Fault):
        raise _refusal([*faults, endpoint])
    mapping = hub.mapping_of(endpoint.code)
    written = mapping.write(draft.node, record)
    faults += written.faults
    if faults:
        raise _refusal(faults)
    key = asked.business_key(turn)
    once = f"{key}/{tries + 1}"
    return NewTransfer(
        id=uuid4(),
        case_id=asked.standing.id,
        node=draft.node,
        sender=asked.sender,
        receiver=draft.receiver,
        endpoint=endpoint.code,
        lane=lane_of(endpoint.code, asked.standing.id, endpoint.slots),
        round=turn,
        business_key=key,
        idempotency_key=once,
        message_id=hashlib.sha256(once.encode()).hexdigest()[:32],
        client_key=draft.client_key,
        submitted_by=asked.caller,
        note=draft.note,
        numbers=_numbers(record),
        body=written.body,
        mapping_revision=mapping.revision,
        rules=mapping.rules,
    )


def _endpoint(hub: Hub, asked: Asked) -> Endpoint | Fault:
    draft = asked.draft
    receivers = [
        one
        for one in hub.registry.receivers(draft.receiver, draft.node)
        if draft.node in hub.mapping_of(one.code).nodes
    ]
    homes = asked.standing.homes
    return acceptance.choose(receivers, homes, draft.receiver, draft.node)


def _chosen(record: Record, asked: Asked) -> list[Record]:
    persons = cast("list[Record]", record.get("persons") or [])
    return [one for one in persons if one.get("match_key") in asked.persons]


def _draft_faults(asked: Asked) -> Iterator[Fault]:
    standing = asked.standing
    if standing.is_withdrawn:
        yield acceptance.fault(
            "case_number",
            "case",
            "案件已被来源单位撤销，不能移送",
            "The case was withdrawn by its agencies",
        )
    for place, one in enumerate(asked.draft.persons):
        if one not in standing.persons:
            yield acceptance.fault(
                f"persons[{place}]",
                "persons",
                "该人员不属于本案",
                "This person does not belong to the case",
            )


def _rule_faults(
    tables: Tables, asked: Asked, record: Record, persons: Sequence[Record]
) -> Iterator[Fault]:
    draft = asked.draft
    node = tables.table("node").row(draft.node)
    if node is None:
        yield acceptance.no_node(draft.node)
        return
    yield from acceptance.sides(tables, node, asked.sender, draft.receiver)
    yield from acceptance.stages(tables, node, persons)
    yield from acceptance.documents(tables, node, record, persons, _today())


def _refusal(faults: Sequence[Fault]) -> TransferNotAcceptable:
    count = len(faults)
    return TransferNotAcceptable(
        f"移送有 {count} 处不符合要求：{faults[0].message.zh}",
        f"The transfer has {count} fault(s): {faults[0].message.en}",
        where=faults[0].where,
        faults=tuple(faults),
    )


def _numbers(record: Record) -> dict[str, str]:
    """The case's numbers by scheme, the hub's own among them."""
    found = {"hub": str(record.get("hub_number") or "")}
    for name, scheme in NUMBER_SCHEMES.items():
        if record.get(name):
            found[scheme] = str(record[name])
    return found


def _today() -> date:
    return datetime.now(UTC).astimezone(_CHINA).date()
