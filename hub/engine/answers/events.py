"""Events of cases for a subscriber, each asked anew whether it may be seen."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

from hub.engine import events, policy
from hub.engine.answers import cases as answer
from hub.engine.hub import Hub
from hub.errors import NotFound, TokenInvalid
from hub.records.caller import Caller
from hub.records.occurrence import CaseOccurrence


async def case_events(
    hub: Hub, caller: Caller, number: str | None = None
) -> AsyncGenerator[CaseOccurrence, None]:
    """What happens to the caller's cases from now on, or to one of them.

    Rights are looked up for every event, so a right that ends, ends the events
    of that case; the token's own end ends the subscription with ``TokenInvalid``.
    """
    policy.allow(caller, "case_events")
    start = await events.now(hub)
    only = await _wanted(hub, caller, number)
    async with aclosing(events.follow(hub, start)) as stream:
        async for one in stream:
            _still_valid(caller)
            if one.case_id is None or only not in {None, one.case_id}:
                continue
            # a case that was merged away goes on in another one
            case_id = int(str(one.body.get("into", one.case_id)))
            only = case_id if only is not None else None
            if await answer.cases_by_id(hub, caller, [case_id]):
                yield CaseOccurrence(one.id, one.kind, case_id, one.transfer_id, one.at)


async def _wanted(hub: Hub, caller: Caller, number: str | None) -> int | None:
    if number is None:
        return None
    found = await answer.case(hub, caller, number)
    if found is None:
        raise NotFound("没有这个案件", "There is no such case", where="number")
    return found.id


def _still_valid(caller: Caller) -> None:
    if caller.expires_at is not None and caller.expires_at <= datetime.now(UTC):
        raise TokenInvalid("令牌已过期", "The token has expired", where="exp")
