"""Starting a replay, and stopping it: pausing, going on, giving it up.

The work itself is ``hub.engine.rereading``. A job is known by what it reads again
and by which rules; never are two of one key under way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hub.engine.hub import Hub
from hub.engine.spelling import SCHEMES, spellings
from hub.errors import NotFound, ReplayRunning, RequestInvalid
from hub.records.caller import Reach, Sight
from hub.records.replay import ReplayScope
from hub.store import events, jobs, reads_cases, replays
from hub.store.database import Connection

#: state -> the states from which it may be entered
_FROM = {
    "paused": ("running",),
    "running": ("paused",),
    "cancelled": ("running", "paused"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a replay is to read again, in the words of whoever starts it.

    ``cases`` are numbers, the hub's or any agency's. See ``ReplayScope``.
    """

    endpoints: Sequence[str] = ()
    kind: str | None = None
    cause: str | None = None
    cases: Sequence[str] = ()
    everything: bool = False


async def start(hub: Hub, wanted: Wanted, by: str, reason: str) -> int:
    """Begin a replay and wake a worker for it; returns the job's id.

    Raises ``ReplayRunning`` while the same one is under way, ``RequestInvalid`` for
    a scope without records, ``NotFound`` for an unknown endpoint or case,
    and ``MappingInvalid`` or ``CodeTableMissing`` while the rules are broken.
    """
    await hub.book.renew()
    endpoints = tuple(sorted(set(wanted.endpoints))) or tuple(hub.registry.endpoints)
    rules = {code: hub.mapping_of(code).rules for code in endpoints}
    async with hub.database.begin() as connection:
        scope = await _scope(connection, wanted)
        key = _key(scope, rules)
        total = await replays.count(connection, scope, rules)
        if not total:
            raise _nothing()
        job_id = await replays.start(
            connection,
            key=key,
            scope=scope.as_json(),
            rules=rules,
            reason=reason,
            started_by=by,
            total=total,
        )
        if job_id is None:
            raise await _running(connection, key)
        body = {"replay": job_id, "by": by}
        await events.announce(connection, "replay.started", body=body)
        await jobs.wake_replay(connection, job_id)
    return job_id


async def turn(hub: Hub, job_id: int, state: str, by: str) -> None:
    """Have a replay ``paused``, ``running`` again, or ``cancelled``.

    It takes effect between two pages; what is done stays done. Raises ``NotFound``,
    or ``RequestInvalid`` where the job's state does not allow it.
    """
    async with hub.database.begin() as connection:
        job = await replays.hold(connection, job_id)
        if job is None:
            raise not_found()
        if job.state not in _FROM[state]:
            raise RequestInvalid(
                f"重放任务的状态是 {job.state}，不能变为 {state}",
                f"The replay is {job.state}; it cannot become {state}",
                where="id",
            )
        await replays.turn(connection, job_id, state)
        body = {"replay": job_id, "state": state, "by": by}
        await events.announce(connection, "replay.turned", body=body)
        if state == "running":
            await jobs.wake_replay(connection, job_id)


def not_found() -> NotFound:
    """What is said of a job that there is not."""
    return NotFound("没有这个重放任务", "There is no such replay", where="id")


async def _scope(connection: Connection, wanted: Wanted) -> ReplayScope:
    scope = ReplayScope(
        endpoints=tuple(sorted(set(wanted.endpoints))),
        kind=wanted.kind,
        cause=wanted.cause,
        everything=wanted.everything,
    )
    cases = [await _case(connection, number) for number in wanted.cases]
    return replace(scope, cases=tuple(sorted(set(cases))))


async def _case(connection: Connection, number: str) -> int:
    """Operators may name a case; they are shown nothing of it."""
    all_of_it = Sight("", Reach.ALL)
    found = await reads_cases.by_number(
        connection, all_of_it, spellings(number), SCHEMES
    )
    if found is None:
        raise NotFound("没有这个案件", "There is no such case", where="cases")
    return found.id


def _key(scope: ReplayScope, rules: Mapping[str, str]) -> str:
    told = json.dumps([scope.as_json(), dict(rules)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _nothing() -> RequestInvalid:
    return RequestInvalid(
        "此范围内没有需要重放的记录；若要不论规则是否改变都重读，请选择全部",
        "This scope holds no record to read again; to read all of them whether the "
        "rules changed or not, ask for everything",
        where="scope",
    )


async def _running(connection: Connection, key: str) -> ReplayRunning:
    job_id = await replays.active(connection, key)
    return ReplayRunning(
        f"同一范围和规则的重放任务 {job_id} 正在进行或已暂停",
        f"Replay {job_id} of the same scope and rules is running or paused",
        where="scope",
    )
