"""Replays: where a job stands, what came out otherwise, who is touched. No values."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from hub.engine.answers import replays as answer_replays
from hub.records import page
from hub.records import replay as records
from schema import ids
from schema.context import Info
from schema.shown import place, shown
from schema.types.agency import Agency, Trouble, agency
from schema.types.node import Node
from schema.types.page import After, Connection, First
from schema.types.transfer import Transfer


@strawberry.enum(description="重放状态 / Where a replay stands.")
class ReplayState(Enum):
    RUNNING = strawberry.enum_value("running", description="进行中 / Under way.")
    PAUSED = strawberry.enum_value("paused", description="已暂停 / Held until resumed.")
    FINISHED = strawberry.enum_value("finished", description="已完成 / All is done.")
    CANCELLED = strawberry.enum_value(
        "cancelled", description="已取消 / Given up; what was done stands."
    )
    FAILED = strawberry.enum_value(
        "failed", description="失败 / The rules changed meanwhile; start anew."
    )


@strawberry.enum(description="重放结果 / How a source record came out.")
class ReplayOutcome(Enum):
    CHANGED = strawberry.enum_value(
        "changed", description="已改变 / It says something else now."
    )
    FAILED = strawberry.enum_value(
        "failed", description="新失败 / It is set aside now; what it said stays."
    )
    MENDED = strawberry.enum_value(
        "mended", description="已修复 / It had been set aside and came through."
    )


@strawberry.type(description="重放范围 / Which source records are read again.")
class ReplayScope:
    endpoints: list[str] = strawberry.field(
        description="接入点代码 / Of these endpoints; empty for all."
    )
    kind: str | None = strawberry.field(description="种类 / Of this kind of record.")
    cause: str | None = strawberry.field(
        description="原因键 / Whose open failure has this cause."
    )
    cases: int = strawberry.field(
        description="案件数 / Of so many chosen cases; 0 for any."
    )
    everything: bool = strawberry.field(
        description="是否全部 / Also what was read by the rules of now?"
    )


@strawberry.type(description="重放条目 / A source record that came out otherwise.")
class ReplayItem:
    endpoint_code: str = strawberry.field(
        description="接入点代码 / The endpoint's code."
    )
    kind: str = strawberry.field(description="种类 / Kind of record.")
    source_key: str = strawberry.field(
        description="来源主键 / The system's own identity of the record."
    )
    outcome: ReplayOutcome = strawberry.field(description="结果 / How it came out.")
    paths: list[str] = strawberry.field(
        description="改变的字段 / What its two facets tell differently."
    )
    facet_before: strawberry.ID | None = strawberry.field(
        description="原分面 / The facet of before."
    )
    facet_after: strawberry.ID | None = strawberry.field(
        description="现分面 / The facet of now."
    )
    at: datetime = strawberry.field(description="时间 / When.")

    @classmethod
    def of(cls, record: records.ReplayItem) -> ReplayItem:
        """An item as read."""
        return shown(
            cls,
            record,
            endpoint_code=record.endpoint,
            outcome=ReplayOutcome(record.outcome),
            paths=[place(one) for one in record.paths],
            facet_before=_facet(record.facet_before),
            facet_after=_facet(record.facet_after),
        )


def _facet(key: int | None) -> strawberry.ID | None:
    return None if key is None else ids.encode("Facet", key)


@strawberry.type(description="受影响的调用方 / A caller that was told.")
class AffectedCaller:
    record: strawberry.Private[records.AffectedCaller]
    cases: int = strawberry.field(description="案件数 / Of how many cases it was told.")
    read: int = strawberry.field(description="已读案件数 / How many it had read.")
    received: int = strawberry.field(
        description="已接收案件数 / Of how many a hand-over to it carried the value."
    )
    acknowledged: int = strawberry.field(
        description="已确认数 / How many notices it acknowledged."
    )

    @strawberry.field(description="机关 / Whose system it is.")
    def agency(self, info: Info) -> Agency:
        return agency(info, self.record.caller)


@strawberry.type(
    description="重放任务 / Stored records read again by the rules of now."
)
class ReplayJob(Node):
    record: strawberry.Private[records.ReplayJob]
    state: ReplayState = strawberry.field(description="状态 / Where it stands.")
    scope: ReplayScope = strawberry.field(description="范围 / What is read again.")
    reason: str = strawberry.field(description="理由 / Why.")
    started_by: str = strawberry.field(description="启动者 / Who started it.")
    total: int = strawberry.field(
        description="总数 / Records in the scope when it was started."
    )
    done: int = strawberry.field(description="已处理数 / Records read again so far.")
    changed: int = strawberry.field(
        description="改变数 / How many say something else now."
    )
    failed: int = strawberry.field(description="新失败数 / How many are set aside now.")
    closed: int = strawberry.field(
        description="已修复数 / How many had been set aside and came through."
    )
    notices: int = strawberry.field(description="通知数 / Corrections sent.")
    error: Trouble | None = strawberry.field(description="故障 / Why it failed.")
    started_at: datetime = strawberry.field(description="开始时间 / When it began.")
    page_at: datetime | None = strawberry.field(
        description="最近一页 / When its last page was done."
    )
    finished_at: datetime | None = strawberry.field(
        description="结束时间 / When it ended."
    )

    @classmethod
    def of(cls, record: records.ReplayJob) -> ReplayJob:
        """A job as read."""
        scope = records.ReplayScope.of_json(record.scope)
        return shown(
            cls,
            record,
            id=ids.encode("ReplayJob", record.id),
            record=record,
            state=ReplayState(record.state),
            scope=ReplayScope(
                endpoints=list(scope.endpoints),
                kind=scope.kind,
                cause=scope.cause,
                cases=len(scope.cases),
                everything=scope.everything,
            ),
            error=Trouble.of(record.error_code) if record.error_code else None,
        )

    @strawberry.field(
        description="条目 / The source records that came out otherwise, in order."
    )
    async def items(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[ReplayItem]:
        hub, caller, key = info.context.hub, info.context.caller, self.record.id
        ask = page.ask(first, after, "replay_item")
        found = await answer_replays.items(hub, caller, key, ask)

        async def total() -> int:
            return await answer_replays.item_total(hub, caller, key)

        return Connection.of(
            found, ReplayItem.of, total, is_continued=after is not None
        )

    @strawberry.field(
        description="受影响的调用方 / Who had read or was handed what changed."
    )
    async def callers(self, info: Info) -> list[AffectedCaller]:
        hub, caller = info.context.hub, info.context.caller
        found = await answer_replays.callers(hub, caller, self.record.id)
        return [shown(AffectedCaller, one, record=one) for one in found]

    @strawberry.field(
        description="涉及的移送 / The hand-overs whose parcels carried what changed."
    )
    async def transfers(self, info: Info) -> list[Transfer]:
        hub, caller = info.context.hub, info.context.caller
        keys = await answer_replays.hand_overs(hub, caller, self.record.id)
        found = await info.context.loaders.transfer.load_many(list(keys))
        return [one for one in found if one is not None]
