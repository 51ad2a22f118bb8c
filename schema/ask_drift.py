"""Root fields about what moved in the agencies' traffic."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine.answers import drift as answer_drift
from hub.engine.drift.coverage import DAYS, coverage
from hub.records.drift import DriftFilter
from schema.context import Info
from schema.types.drift import Coverage, Drift, DriftState


@strawberry.type(description="漂移查询 / Root fields about moving traffic.")
class DriftAsks:
    @strawberry.field(
        description="漂移列表 / What moved in what endpoints send, newest first."
    )
    async def drifts(
        self,
        info: Info,
        endpoint: Annotated[
            str | None,
            strawberry.argument(description="接入点代码 / Of this endpoint only."),
        ] = None,
        state: Annotated[
            DriftState | None,
            strawberry.argument(description="状态 / Only these; null: all."),
        ] = DriftState.OPEN,
    ) -> list[Drift]:
        wanted = DriftFilter(endpoint, str(state.value) if state else None)
        hub, caller = info.context.hub, info.context.caller
        found = await answer_drift.listed(hub, caller, wanted)
        return [Drift.of(one) for one in found]

    @strawberry.field(
        description="覆盖率 / What of a system's mapping its traffic bears out."
    )
    async def coverage(
        self,
        info: Info,
        system: Annotated[
            str, strawberry.argument(description="系统 / The system's name.")
        ],
        days: Annotated[
            int, strawberry.argument(description="天数 / Days back, today included.")
        ] = DAYS,
    ) -> Coverage:
        hub, caller = info.context.hub, info.context.caller
        return Coverage.of(await coverage(hub, caller, system, days))
