"""What became of the values told in raw records, and which no field tells."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from hub.records.sync import Loss as LossRecord
from schema.shown import place


@strawberry.type(
    description="叶子账 / What became of the leaves of the records that were read."
)
class Leaves:
    total: int = strawberry.field(description="叶子总数 / Values told in raw records.")
    mapped: int = strawberry.field(description="已映射 / A rule took them.")
    ledgered: int = strawberry.field(
        description="入损失账 / Nobody speaks of them, or nobody could read them."
    )
    ignored: int = strawberry.field(
        description="声明忽略 / The mapping says so, with a reason."
    )


@strawberry.enum(description="损失原因 / Why a raw value is told by no field.")
class LossReason(Enum):
    UNMAPPED = strawberry.enum_value(
        "unmapped", description="无规则 / No rule speaks of it."
    )
    UNREADABLE = strawberry.enum_value(
        "unreadable", description="无法识读 / Held as it came; the record is used."
    )
    REFUSED = strawberry.enum_value(
        "refused", description="被拒 / The record was set aside for it."
    )


@strawberry.type(
    description="转换损失 / Raw values of one place that no field tells; none vanishes."
)
class Loss:
    endpoint_code: str = strawberry.field(description="接入点代码 / Whose records.")
    place: str = strawberry.field(
        description="原始位置 / The place in the raw record, indexes left out."
    )
    wanted: str = strawberry.field(
        description="规范字段 / The field it was wanted for; empty where by none."
    )
    reason: LossReason = strawberry.field(description="损失原因 / Why.")
    records: int = strawberry.field(description="记录数 / In how many raw records.")
    leaves: int = strawberry.field(description="叶子数 / How many values.")
    first_at: datetime = strawberry.field(description="首次 / First seen.")
    last_at: datetime = strawberry.field(description="最近 / Last seen.")

    @classmethod
    def of(cls, record: LossRecord) -> Loss:
        """A line of the ledger as read."""
        return cls(
            endpoint_code=record.endpoint,
            place=record.place,
            wanted=place(record.wanted),
            reason=LossReason(record.reason),
            records=record.records,
            leaves=record.leaves,
            first_at=record.first_at,
            last_at=record.last_at,
        )
