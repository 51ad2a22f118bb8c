"""Approvals of changes of the rules, and the difference that had been seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from hub.records.approval import RuleApproval as Approval
from schema.shown import shown


@strawberry.type(description="差异走向 / How a field moved, and how often.")
class RuleShift:
    shift: str = strawberry.field(
        description="走向 / From what to what; values of persons are never told."
    )
    count: int = strawberry.field(description="次数 / How often.")


@strawberry.type(description="差异组 / All differences of one field by one rule.")
class RuleDifference:
    part: str = strawberry.field(
        description="部分 / records, cases or parcels: what reads otherwise."
    )
    rule: str = strawberry.field(description="规则 / The rule, by file and place.")
    field: str = strawberry.field(description="字段 / The field, without indexes.")
    count: int = strawberry.field(description="差异数 / How many differences.")
    records: int = strawberry.field(description="记录数 / In how many records.")
    shifts: list[RuleShift] = strawberry.field(description="走向 / How it moved.")

    @classmethod
    def of(cls, group: dict[str, Any]) -> RuleDifference:
        """A group as it was stored."""
        return cls(
            part=group["part"],
            rule=group["rule"],
            field=group["field"],
            count=group["count"],
            records=group["records"],
            shifts=[
                RuleShift(shift=shift, count=count)
                for shift, count in group["shifts"].items()
            ],
        )


@strawberry.type(
    description="规则批准 / Who approved which change of the rules; holds no case data."
)
class RuleApproval:
    diff: str | None = strawberry.field(
        description="差异摘要 / Digest of what was seen; null: in force from the start."
    )
    rules_before: str = strawberry.field(
        description="改动前规则摘要 / Digest of the rules in force then."
    )
    rules_after: str = strawberry.field(
        description="改动后规则摘要 / Digest of the rules that were approved."
    )
    proposed_by: str | None = strawberry.field(
        description="提出人 / Who ran the comparison, by the name told."
    )
    proposed_account: str | None = strawberry.field(
        description="提出人系统账号 / The account at the machine."
    )
    proposed_at: datetime | None = strawberry.field(
        description="提出时间 / When it was run first."
    )
    approved_by: str = strawberry.field(
        description="批准人 / Who approved it, by the name told."
    )
    approved_account: str = strawberry.field(
        description="批准人系统账号 / The account at the machine."
    )
    approved_at: datetime = strawberry.field(description="批准时间 / When.")
    reason: str = strawberry.field(description="理由 / Why.")
    changed: list[str] = strawberry.field(
        description="改动的文件 / The files of mappings/ that changed."
    )
    records: int = strawberry.field(
        description="比较的记录数 / Raw records that were compared."
    )
    differences: list[RuleDifference] = strawberry.field(
        description="差异 / What was seen, by rule and field."
    )

    @classmethod
    def of(cls, record: Approval) -> RuleApproval:
        """An approval as read."""
        body = record.body or {}
        return shown(
            cls,
            record,
            changed=list(body.get("changed", [])),
            records=body.get("books", {}).get("records", 0),
            differences=[RuleDifference.of(one) for one in body.get("groups", [])],
        )
