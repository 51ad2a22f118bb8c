"""Root fields about replays and corrections."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine.answers import replays as answer_replays
from hub.records import page
from schema import ids
from schema.context import Info
from schema.types.correction import Correction
from schema.types.page import After, Connection, First
from schema.types.replay import ReplayJob


@strawberry.input(description="更正筛选 / Which corrections.")
class CorrectionFilter:
    acknowledged: bool | None = strawberry.field(
        default=None,
        description="是否已确认 / Acknowledged ones, or the others.",
    )


@strawberry.type(description="重放查询 / Root fields about replays and corrections.")
class ReplayAsks:
    @strawberry.field(
        description="更正通知列表 / The caller's own corrections, newest first."
    )
    async def corrections(
        self,
        info: Info,
        filter: Annotated[
            CorrectionFilter | None,
            strawberry.argument(description="筛选 / Which ones."),
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Correction]:
        hub, caller = info.context.hub, info.context.caller
        ask = page.ask(first, after, "correction", descending=True)
        known = filter.acknowledged if filter else None
        found = await answer_replays.corrections(hub, caller, ask, known)

        async def total() -> int:
            return await answer_replays.correction_total(hub, caller, known)

        return Connection.of(
            found, Correction.of, total, is_continued=after is not None
        )

    @strawberry.field(description="重放任务列表 / Replays, newest first.")
    async def replay_jobs(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[ReplayJob]:
        hub, caller = info.context.hub, info.context.caller
        ask = page.ask(first, after, "replay_job", descending=True)
        found = await answer_replays.jobs(hub, caller, ask)

        async def total() -> int:
            return await answer_replays.job_total(hub, caller)

        return Connection.of(found, ReplayJob.of, total, is_continued=after is not None)

    @strawberry.field(
        description="重放任务 / One replay: progress, changes, who is touched."
    )
    async def replay_job(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="标识 / Its id.")],
    ) -> ReplayJob | None:
        _, key = ids.decode(id, "ReplayJob")
        hub, caller = info.context.hub, info.context.caller
        found = await answer_replays.job(hub, caller, ids.number(key))
        return ReplayJob.of(found) if found else None
