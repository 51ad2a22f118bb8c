"""Corrections: what a caller had read or was handed, and what is right."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from hub.records import replay as records
from schema import ids
from schema.context import Info
from schema.fields import Paths, Shows
from schema.scalars import Json
from schema.shown import place
from schema.types.case import Case
from schema.types.node import Node
from schema.types.transfer import Transfer


@strawberry.enum(description="通知原因 / Why a caller is told.")
class CorrectionCause(Enum):
    READ = strawberry.enum_value(
        "read", description="已读 / The caller had read a value that was wrong."
    )
    RECEIVED = strawberry.enum_value(
        "received", description="已接收 / A hand-over to the caller carried one."
    )


@strawberry.type(description="更正的值 / One value that is another one now.")
class CorrectedValue:
    path: str = strawberry.field(
        description="字段路径 / The field, as in persons.measures.kind; under facets "
        "it is what one system told."
    )
    place: str = strawberry.field(
        description="位置 / The same with the places in lists, counted from 0."
    )
    before: Json | None = strawberry.field(
        description="原值 / What was shown; null for nothing."
    )
    after: Json | None = strawberry.field(
        description="更正值 / What is shown now; null for nothing."
    )
    since: datetime = strawberry.field(
        description="错误起始 / Since when the value of before stood."
    )
    rules_before: str = strawberry.field(
        description="原规则摘要 / Digest of the rules it was read by."
    )
    rules_after: str = strawberry.field(
        description="现规则摘要 / Digest of the rules of now."
    )

    @classmethod
    def of(cls, one: records.ValueChange) -> CorrectedValue:
        """A change as written down."""
        return cls(
            path=place(one.path),
            place=place(one.place),
            before=None if one.before is None else Json(one.before),
            after=None if one.after is None else Json(one.after),
            since=one.since,
            rules_before=one.rules_before,
            rules_after=one.rules_after,
        )


@strawberry.type(
    description="更正通知 / What one caller is told of one case after a replay."
)
class Correction(Node, Shows):
    record: strawberry.Private[records.Correction]
    causes: list[CorrectionCause] = strawberry.field(
        description="通知原因 / Because it was read, or was in a hand-over, or both."
    )
    changes: list[CorrectedValue] = strawberry.field(
        description="更正的值 / What changed of what the caller had; empty once it may "
        "not see the case."
    )
    reason: str = strawberry.field(description="理由 / Why the replay was made.")
    read_at: datetime | None = strawberry.field(
        description="最近读取 / When the caller read it last."
    )
    issued_at: datetime = strawberry.field(description="发出时间 / When it was sent.")
    acknowledged_at: datetime | None = strawberry.field(
        description="确认时间 / When the caller acknowledged it."
    )
    replay_id: strawberry.ID = strawberry.field(
        description="重放任务标识 / The replay's id; its details are the operator's."
    )

    @classmethod
    def of(cls, record: records.Correction) -> Correction:
        """A correction as read."""
        causes = [
            (record.was_read, CorrectionCause.READ),
            (record.was_received, CorrectionCause.RECEIVED),
        ]
        return cls(
            id=ids.encode("Correction", record.id),
            record=record,
            causes=[cause for holds, cause in causes if holds],
            changes=[CorrectedValue.of(one) for one in record.changes],
            reason=record.reason,
            read_at=record.read_at,
            issued_at=record.issued_at,
            acknowledged_at=record.acknowledged_at,
            replay_id=ids.encode("ReplayJob", record.job_id),
        )

    def shows(self, chosen: frozenset[str]) -> tuple[int, Paths]:
        """What is noted in the read log: the values told here were read, too."""
        paths = tuple(dict.fromkeys(one.path for one in self.record.changes))
        return self.record.case_id, (paths if "changes" in chosen else ())

    @strawberry.field(
        description="案件 / The case; null once the caller may not see it."
    )
    async def case(self, info: Info) -> Case | None:
        return await info.context.loaders.case.load(self.record.case_id)

    @strawberry.field(
        description="涉及的移送 / The hand-overs that carried it, as far as to be seen."
    )
    async def transfers(self, info: Info) -> list[Transfer]:
        keys = list(self.record.transfers)
        found = await info.context.loaders.transfer.load_many(keys)
        return [one for one in found if one is not None]
