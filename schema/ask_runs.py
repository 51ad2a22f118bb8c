"""Root fields about endpoints, sync runs, failures and numbers."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine.answers import runs as answer_runs
from hub.records import page
from hub.records import sync as records
from schema import inputs
from schema.context import Info
from schema.types.agency import Endpoint
from schema.types.counts import Counts
from schema.types.loss import Loss
from schema.types.page import After, Connection, First
from schema.types.sync import FailureCause, SyncFailure, SyncRun

_ENDPOINT = "接入点代码 / Of this endpoint only."


@strawberry.type(description="运行查询 / Root fields about how the hub runs.")
class RunAsks:
    @strawberry.field(description="接入点列表 / Every endpoint, health and freshness.")
    async def endpoints(self, info: Info) -> list[Endpoint]:
        found = await info.context.loaders.endpoints()
        return [Endpoint.of(one) for one in found.values()]

    @strawberry.field(description="同步批次列表 / Sync runs, newest first.")
    async def sync_runs(
        self,
        info: Info,
        endpoint: Annotated[
            str | None, strawberry.argument(description=_ENDPOINT)
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[SyncRun]:
        hub, caller = info.context.hub, info.context.caller
        ask = page.ask(first, after, "run", descending=True)
        found = await answer_runs.runs(hub, caller, endpoint, ask)

        async def total() -> int:
            return await answer_runs.run_total(hub, caller, endpoint)

        return Connection.of(found, SyncRun.of, total, is_continued=after is not None)

    @strawberry.field(description="同步失败列表 / Records set aside, newest first.")
    async def sync_failures(
        self,
        info: Info,
        filter: Annotated[
            inputs.FailureFilter | None,
            strawberry.argument(description="筛选 / Which ones."),
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[SyncFailure]:
        hub, caller = info.context.hub, info.context.caller
        ask = page.ask(first, after, "failure", descending=True)
        wanted = inputs.wanted(records.FailureFilter, filter)
        found = await answer_runs.failures(hub, caller, wanted, ask)

        async def total() -> int:
            return await answer_runs.failure_total(hub, caller, wanted)

        return Connection.of(
            found, SyncFailure.of, total, is_continued=after is not None
        )

    @strawberry.field(
        description="失败原因列表 / Failures grouped by what is to be mended."
    )
    async def failure_causes(
        self,
        info: Info,
        endpoint: Annotated[
            str | None, strawberry.argument(description=_ENDPOINT)
        ] = None,
    ) -> list[FailureCause]:
        hub, caller = info.context.hub, info.context.caller
        found = await answer_runs.causes(hub, caller, endpoint)
        return [FailureCause.of(one) for one in found]

    @strawberry.field(
        description="转换损失 / Raw values that no field tells, grouped by place."
    )
    async def losses(
        self,
        info: Info,
        filter: Annotated[
            inputs.LossFilter | None,
            strawberry.argument(description="筛选 / Which ones."),
        ] = None,
    ) -> list[Loss]:
        wanted = inputs.wanted(records.LossFilter, filter)
        hub, caller = info.context.hub, info.context.caller
        return [Loss.of(one) for one in await answer_runs.losses(hub, caller, wanted)]

    @strawberry.field(description="统计数字 / Numbers without case data.")
    async def counts(self, info: Info) -> Counts:
        found = await answer_runs.counts(info.context.hub, info.context.caller)
        return Counts.of(found)
