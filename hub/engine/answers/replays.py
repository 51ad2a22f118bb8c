"""Answers about replays for operators, and about corrections for their receivers.

An operator sees states, paths and codes; the values of a correction are for the
caller it was sent to alone, and only while it may see the case.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import UUID

from hub.engine import events, policy
from hub.engine.hub import Hub
from hub.errors import TokenInvalid
from hub.records.caller import Caller
from hub.records.page import Ask, Found, ask
from hub.records.replay import AffectedCaller, Correction, ReplayItem, ReplayJob
from hub.store import corrections as store
from hub.store import reads_replays


async def jobs(hub: Hub, caller: Caller, wanted: Ask) -> Found[ReplayJob]:
    """One page of the replay jobs."""
    policy.allow(caller, "replay_jobs")
    async with hub.database.read() as connection:
        return await reads_replays.jobs(connection, wanted)


async def job_total(hub: Hub, caller: Caller) -> int:
    """How many replay jobs there were."""
    policy.allow(caller, "replay_jobs")
    async with hub.database.read() as connection:
        return await reads_replays.job_total(connection)


async def job(hub: Hub, caller: Caller, key: int) -> ReplayJob | None:
    """One replay job."""
    policy.allow(caller, "replay_job")
    async with hub.database.read() as connection:
        return await reads_replays.job(connection, key)


async def items(hub: Hub, caller: Caller, key: int, wanted: Ask) -> Found[ReplayItem]:
    """One page of the source records that came out otherwise."""
    policy.allow(caller, "replay_job")
    async with hub.database.read() as connection:
        return await reads_replays.items(connection, key, wanted)


async def item_total(hub: Hub, caller: Caller, key: int) -> int:
    """How many of them there are."""
    policy.allow(caller, "replay_job")
    async with hub.database.read() as connection:
        return await reads_replays.item_total(connection, key)


async def callers(hub: Hub, caller: Caller, key: int) -> Sequence[AffectedCaller]:
    """Who was told of a replay's changes."""
    policy.allow(caller, "replay_job")
    async with hub.database.read() as connection:
        return await reads_replays.callers(connection, key)


async def hand_overs(hub: Hub, caller: Caller, key: int) -> Sequence[UUID]:
    """The transfers that carried a value of before."""
    policy.allow(caller, "replay_job")
    async with hub.database.read() as connection:
        return await reads_replays.hand_overs(connection, key)


async def corrections(
    hub: Hub, caller: Caller, wanted: Ask, acknowledged: bool | None
) -> Found[Correction]:
    """One page of the caller's own corrections."""
    sight = policy.allow(caller, "corrections")
    async with hub.database.read() as connection:
        return await store.page(connection, sight, wanted, acknowledged=acknowledged)


async def correction_total(hub: Hub, caller: Caller, acknowledged: bool | None) -> int:
    """How many there are."""
    sight = policy.allow(caller, "corrections")
    async with hub.database.read() as connection:
        return await store.total(connection, sight, acknowledged=acknowledged)


async def correction(hub: Hub, caller: Caller, key: int) -> Correction | None:
    """One of the caller's own corrections."""
    sight = policy.allow(caller, "corrections")
    async with hub.database.read() as connection:
        return await store.by_id(connection, sight, key)


async def issued(hub: Hub, caller: Caller) -> AsyncGenerator[Correction, None]:
    """The caller's corrections: first those not acknowledged, then new ones.

    So a subscriber that was away misses nothing that it has not acknowledged. Each
    is told as it is at that moment; one that grew is told again.
    """
    policy.allow(caller, "correction_issued")
    start = await events.now(hub)
    told: dict[int, object] = {}
    async for one in _open(hub, caller):
        told[one.id] = _extent(one)
        yield one
    async with aclosing(events.follow(hub, start)) as stream:
        async for event in stream:
            _still_valid(caller)
            body = event.body
            if event.kind != "correction.issued" or body["caller"] != caller.agency:
                continue
            found = await correction(hub, caller, int(str(body["correction"])))
            if found is not None and told.get(found.id) != _extent(found):
                told[found.id] = _extent(found)
                yield found


def _extent(one: Correction) -> object:
    """How much a correction tells: what grows when it is issued again."""
    return len(one.changes), len(one.transfers), one.was_read, one.was_received


async def _open(hub: Hub, caller: Caller) -> AsyncGenerator[Correction, None]:
    after: str | None = None
    while True:
        wanted = ask(100, after, "correction")
        page = await corrections(hub, caller, wanted, acknowledged=False)
        for one in page.rows:
            yield one
        if not page.has_next:
            return
        after = page.place(page.rows[-1]).encode()


def _still_valid(caller: Caller) -> None:
    if caller.expires_at is not None and caller.expires_at <= datetime.now(UTC):
        raise TokenInvalid("令牌已过期", "The token has expired", where="exp")
