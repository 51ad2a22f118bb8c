"""Subscription: what happens, as it happens."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from hub.engine.answers import events as answer_events
from hub.engine.answers import replays as answer_replays
from schema.context import Info
from schema.loaders import Loaders
from schema.types.correction import Correction
from schema.types.event import CaseEvent


@strawberry.type(description="订阅 / What happens, as it happens.")
class Subscription:
    @strawberry.subscription(
        description="案件事件 / Events of the caller's cases, or of one, from now on."
    )
    async def case_events(
        self,
        info: Info,
        number: Annotated[
            str | None,
            strawberry.argument(
                description="案号，缺省为全部 / Any number of a case; all if not given."
            ),
        ] = None,
    ) -> AsyncGenerator[CaseEvent, None]:
        hub, caller = info.context.hub, info.context.caller
        async with aclosing(answer_events.case_events(hub, caller, number)) as stream:
            async for one in stream:
                # what was read for the last event is old by now
                info.context.loaders = Loaders(hub, caller)
                yield CaseEvent.of(one)

    @strawberry.subscription(
        description="更正通知 / The caller's corrections: those not acknowledged "
        "first, then each as it is sent."
    )
    async def correction_issued(self, info: Info) -> AsyncGenerator[Correction, None]:
        hub, caller = info.context.hub, info.context.caller
        async with aclosing(answer_replays.issued(hub, caller)) as stream:
            async for one in stream:
                info.context.loaders = Loaders(hub, caller)
                yield Correction.of(one)
