"""Sync runs, the records set aside in them, and what to mend."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from hub import errors
from hub.records import sync as records
from schema import ids
from schema.context import Info
from schema.shown import shown
from schema.types.agency import Endpoint, Trouble, endpoint
from schema.types.loss import Leaves
from schema.types.node import Node
from schema.types.refusal import Problem
from schema.types.text import Text

if TYPE_CHECKING:
    from schema.types.case import Case


@strawberry.enum(description="同步批次状态 / Where a sync run stands.")
class SyncRunState(Enum):
    RUNNING = strawberry.enum_value("running", description="进行中 / Under way.")
    FINISHED = strawberry.enum_value("finished", description="已完成 / Ended well.")
    FAILED = strawberry.enum_value(
        "failed", description="失败 / The agency failed; what was stored stays."
    )
    ABANDONED = strawberry.enum_value(
        "abandoned", description="中断 / The hub died in it; the next run went on."
    )


@strawberry.enum(description="失败状态 / Is a failure mended?")
class FailureState(Enum):
    OPEN = strawberry.enum_value("open", description="未关闭 / Not mended yet.")
    CLOSED = strawberry.enum_value(
        "closed", description="已关闭 / The record came through."
    )


@strawberry.type(description="未处理字段 / A raw field nobody mapped or ignored.")
class Remainder:
    path: str = strawberry.field(description="原始路径 / Its path in the raw record.")
    count: int = strawberry.field(description="次数 / How many records had it.")


@strawberry.type(description="同步批次 / One pull of an endpoint, start to verdict.")
class SyncRun(Node):
    record: strawberry.Private[records.SyncRun]
    trigger: str = strawberry.field(
        description="触发方式 / schedule, caller, lookup, ingest, replay or story."
    )
    state: SyncRunState = strawberry.field(description="状态 / Where it stands.")
    pages: int = strawberry.field(description="页数 / Pages pulled.")
    fetched: int = strawberry.field(description="获取数 / Records fetched.")
    stored: int = strawberry.field(description="入库数 / Raw records stored.")
    mapped: int = strawberry.field(description="映射数 / Records mapped.")
    set_aside: int = strawberry.field(description="搁置数 / Records set aside.")
    unchanged: int = strawberry.field(
        description="未变数 / Records whose bytes and rules are as before."
    )
    leaves: Leaves = strawberry.field(
        description="叶子账 / What became of every value told in them."
    )
    remainder: list[Remainder] = strawberry.field(
        description="未处理字段 / Raw fields nobody mapped or ignored."
    )
    error: Trouble | None = strawberry.field(description="故障 / Why it failed.")
    started_at: datetime = strawberry.field(description="开始时间 / When it began.")
    finished_at: datetime | None = strawberry.field(
        description="结束时间 / When it ended."
    )

    @classmethod
    def of(cls, record: records.SyncRun) -> SyncRun:
        """A run as read."""
        note = errors.Text(record.error_zh or "", record.error_en or "")
        return shown(
            cls,
            record,
            id=ids.encode("SyncRun", record.id),
            record=record,
            state=SyncRunState(record.state),
            leaves=Leaves(
                total=record.leaves,
                mapped=record.leaves_mapped,
                ledgered=record.leaves_ledgered,
                ignored=record.leaves_ignored,
            ),
            remainder=[
                Remainder(path=path, count=count)
                for path, count in sorted(record.remainder.items())
            ],
            error=(
                Trouble.of(record.error_code, note if note.zh else None)
                if record.error_code
                else None
            ),
        )

    @strawberry.field(
        description="是否平衡 / fetched = stored = mapped + setAside + unchanged, and"
        " of leaves, total = mapped + ledgered + ignored."
    )
    def is_balanced(self) -> bool:
        parts = self.mapped + self.set_aside + self.unchanged
        told = self.leaves
        leaves = told.mapped + told.ledgered + told.ignored
        return self.fetched == self.stored == parts and told.total == leaves

    @strawberry.field(description="接入点代码 / The endpoint's code.")
    def endpoint_code(self) -> str:
        return self.record.endpoint

    @strawberry.field(
        description="接入点 / The endpoint; null once it is not configured."
    )
    async def endpoint(self, info: Info) -> Endpoint | None:
        return await endpoint(info, self.record.endpoint)


@strawberry.type(
    description="结清证明 / That a failed record came through: where, and as what."
)
class FailureProof:
    record: strawberry.Private[records.SyncFailure]

    @strawberry.field(description="批次标识 / The id of the run it came through in.")
    def run_id(self) -> strawberry.ID | None:
        run = self.record.proof_run_id
        return None if run is None else ids.encode("SyncRun", run)

    @strawberry.field(
        description="案件 / The case it is of; null for whoever may not see it."
    )
    async def case(
        self, info: Info
    ) -> Annotated[Case, strawberry.lazy("schema.types.case")] | None:
        case_id = self.record.proof_case_id
        return (
            None if case_id is None else await info.context.loaders.case.load(case_id)
        )


@strawberry.type(
    description="同步失败 / One record set aside. Its bytes are kept, not shown here."
)
class SyncFailure(Node):
    record: strawberry.Private[records.SyncFailure]
    kind: str = strawberry.field(
        description="种类 / record: one record; answer, post: a whole page or post."
    )
    source_key: str = strawberry.field(
        description="来源主键 / The system's own identity of the record."
    )
    code: str = strawberry.field(description="错误码 / Code of the first problem.")
    cause: str = strawberry.field(
        description="原因键 / Groups failures that one mend closes."
    )
    problems: list[Problem] = strawberry.field(
        description="问题清单 / Everything wrong with it, without its values."
    )
    state: FailureState = strawberry.field(description="状态 / Is it mended?")
    attempts: int = strawberry.field(description="尝试次数 / How often it was tried.")
    opened_at: datetime = strawberry.field(description="发生时间 / When it failed.")
    tried_at: datetime = strawberry.field(
        description="最近尝试 / When it was tried last."
    )
    closed_at: datetime | None = strawberry.field(
        description="关闭时间 / When it came through."
    )
    closed_by: str | None = strawberry.field(
        description="关闭方式 / By a replay, or a newer record."
    )
    raw_digest: str = strawberry.field(
        description="原始字节摘要 / SHA-256 of the bytes."
    )
    raw_size: int = strawberry.field(description="原始字节数 / Their number.")
    raw_media: str = strawberry.field(description="媒体类型 / Their media type.")
    fetched_at: datetime = strawberry.field(
        description="获取时间 / When they were fetched."
    )

    @classmethod
    def of(cls, record: records.SyncFailure) -> SyncFailure:
        """A failure as read."""
        return shown(
            cls,
            record,
            id=ids.encode("SyncFailure", record.id),
            record=record,
            state=FailureState(record.state),
            problems=[Problem.of(fault) for fault in record.faults],
            raw_digest=record.raw_digest.hex(),
        )

    @strawberry.field(description="错误说明 / What the code means and what to do.")
    def trouble(self) -> Trouble:
        return Trouble.of(self.code)

    @strawberry.field(description="接入点代码 / The endpoint's code.")
    def endpoint_code(self) -> str:
        return self.record.endpoint

    @strawberry.field(
        description="结清证明 / Run and case it came through as; null while open."
    )
    def proof(self) -> FailureProof | None:
        is_closed = self.record.closed_at is not None
        return FailureProof(record=self.record) if is_closed else None

    @strawberry.field(description="批次标识 / The id of the run it failed in.")
    def run_id(self) -> strawberry.ID:
        return ids.encode("SyncRun", self.record.run_id)

    @strawberry.field(
        description="接入点 / The endpoint; null once it is not configured."
    )
    async def endpoint(self, info: Info) -> Endpoint | None:
        return await endpoint(info, self.record.endpoint)


@strawberry.type(description="失败原因 / Failures that one mend closes.")
class FailureCause:
    cause: str = strawberry.field(description="原因键 / The key of the group.")
    code: str = strawberry.field(description="错误码 / Code of the first problem.")
    message: Text = strawberry.field(description="说明 / What the code means.")
    remedy: Text = strawberry.field(description="处理办法 / What to do.")
    endpoint_code: str = strawberry.field(
        description="接入点代码 / The endpoint's code."
    )
    count: int = strawberry.field(description="未关闭数 / How many are not mended.")
    closed: int = strawberry.field(description="已关闭数 / How many are mended.")
    first_at: datetime = strawberry.field(description="首次发生 / The first of them.")
    last_at: datetime = strawberry.field(description="最近尝试 / The last try.")
    example: strawberry.ID = strawberry.field(
        description="示例 / The id of the newest failure of this cause."
    )

    @classmethod
    def of(cls, record: records.FailureCause) -> FailureCause:
        """A group as read."""
        leaf = errors.leaf(record.code)
        return shown(
            cls,
            record,
            message=Text.of(leaf.title),
            remedy=Text.of(leaf.remedy),
            endpoint_code=record.endpoint,
            count=record.open,
            example=ids.encode("SyncFailure", record.example),
        )

    @strawberry.field(
        description="接入点 / The endpoint; null once it is not configured."
    )
    async def endpoint(self, info: Info) -> Endpoint | None:
        return await endpoint(info, self.endpoint_code)
