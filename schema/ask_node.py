"""The Relay root field: any thing by its id, under that thing's own rights."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import strawberry

from hub.engine import policy
from hub.engine.answers import cases as answer
from hub.engine.answers import codes as answer_codes
from hub.engine.answers import replays as answer_replays
from hub.engine.answers import runs as answer_runs
from hub.engine.answers import transfers as answer_transfers
from hub.engine.hub import Hub
from hub.records import caller as callers
from hub.records import document, person
from schema import ids
from schema.context import Info
from schema.types.agency import Agency, Endpoint
from schema.types.case import Case
from schema.types.correction import Correction
from schema.types.document import Document
from schema.types.node import Node
from schema.types.person import Charge, Measure, Person
from schema.types.replay import ReplayJob
from schema.types.sync import SyncFailure, SyncRun
from schema.types.transfer import Transfer

Read = Callable[[Hub, callers.Caller, str], Awaitable[Any]]


async def _case(hub: Hub, caller: callers.Caller, key: str) -> Any:
    policy.allow(caller, "case")
    number = ids.number(key)
    return (await answer.cases_by_id(hub, caller, [number])).get(number)


def _child(kind: type[Any]) -> Read:
    async def read(hub: Hub, caller: callers.Caller, key: str) -> Any:
        return await answer.child(hub, caller, kind, ids.number(key))

    return read


async def _transfer(hub: Hub, caller: callers.Caller, key: str) -> Any:
    return await answer_transfers.transfer(hub, caller, ids.uuid(key))


async def _run(hub: Hub, caller: callers.Caller, key: str) -> Any:
    return await answer_runs.run(hub, caller, ids.number(key))


async def _failure(hub: Hub, caller: callers.Caller, key: str) -> Any:
    return await answer_runs.failure(hub, caller, ids.number(key))


async def _replay(hub: Hub, caller: callers.Caller, key: str) -> Any:
    return await answer_replays.job(hub, caller, ids.number(key))


async def _correction(hub: Hub, caller: callers.Caller, key: str) -> Any:
    return await answer_replays.correction(hub, caller, ids.number(key))


async def _endpoint(hub: Hub, caller: callers.Caller, key: str) -> Any:
    return (await answer_runs.endpoints(hub, caller)).get(key)


async def _agency(hub: Hub, caller: callers.Caller, key: str) -> Any:
    found = answer_codes.agencies(hub, caller)
    return next((one for one in found if one.code == key), None)


#: kind in the id: how it is read, how it is shown
_KINDS: dict[str, tuple[Read, Callable[[Any], Node]]] = {
    "Case": (_case, Case.of),
    "Person": (_child(person.Person), Person.of),
    "Charge": (_child(person.Charge), Charge.of),
    "Measure": (_child(person.Measure), Measure.of),
    "Document": (_child(document.Document), Document.of),
    "Transfer": (_transfer, Transfer.of),
    "SyncRun": (_run, SyncRun.of),
    "SyncFailure": (_failure, SyncFailure.of),
    "ReplayJob": (_replay, ReplayJob.of),
    "Correction": (_correction, Correction.of),
    "Endpoint": (_endpoint, Endpoint.of),
    "Agency": (_agency, Agency.of),
}


@strawberry.type(description="节点查询 / The root field of Relay.")
class NodeAsks:
    @strawberry.field(
        description="按标识取对象 / Any thing by its id; null if there is none to see."
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="标识 / Its id.")],
    ) -> Node | None:
        policy.allow(info.context.caller, "node")
        kind, key = ids.decode(id, *_KINDS)
        read, show = _KINDS[kind]
        found = await read(info.context.hub, info.context.caller, key)
        return show(found) if found else None
