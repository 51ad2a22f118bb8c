"""Numbers without case data."""

from __future__ import annotations

from datetime import datetime

import strawberry

from hub.records import agency as records
from schema.context import Info
from schema.shown import coded, named, shown
from schema.types.code import Code
from schema.types.transfer import TransferState


@strawberry.type(description="阶段统计 / How many cases are in a stage.")
class StageCount:
    record: strawberry.Private[records.StageCount]
    stage: Code | None = coded("stage", "stage", "诉讼阶段 / The stage.")
    cases: int = strawberry.field(description="案件数 / How many cases.")

    @classmethod
    def of(cls, record: records.StageCount) -> StageCount:
        """A count as read."""
        return shown(cls, record, record=record)


@strawberry.type(description="节点统计 / How many transfers of a node are in a state.")
class NodeCount:
    record: strawberry.Private[records.NodeCount]
    state: TransferState = strawberry.field(description="状态 / The state.")
    transfers: int = strawberry.field(description="移送数 / How many transfers.")

    @classmethod
    def of(cls, record: records.NodeCount) -> NodeCount:
        """A count as read."""
        return shown(cls, record, record=record, state=TransferState(record.state))

    @strawberry.field(description="协同节点 / The kind of hand-over.")
    def node(self, info: Info) -> Code | None:
        return named(info, "node", self.record.node)


@strawberry.type(
    description="统计数字 / Numbers without case data; a handler counts its own."
)
class Counts:
    cases: int = strawberry.field(description="案件数 / How many cases.")
    persons: int = strawberry.field(description="涉案人数 / How many persons in them.")
    stages: list[StageCount] = strawberry.field(description="按阶段 / Cases by stage.")
    nodes: list[NodeCount] = strawberry.field(
        description="按节点 / Transfers by node and state."
    )
    at: datetime = strawberry.field(description="统计时刻 / The moment of counting.")
    worker_seen_at: datetime | None = strawberry.field(
        description="工作进程最近心跳 / Last sign of life of a worker; null: none runs."
    )

    @classmethod
    def of(cls, record: records.Counts) -> Counts:
        """Counts as read."""
        return cls(
            cases=record.cases,
            persons=record.persons,
            stages=[StageCount.of(one) for one in record.stages],
            nodes=[NodeCount.of(one) for one in record.nodes],
            at=record.at,
            worker_seen_at=record.worker_seen_at,
        )
