"""What callers may narrow and order lists by."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

import strawberry

from hub.errors import RequestInvalid
from schema.types.loss import LossReason
from schema.types.sync import FailureState
from schema.types.transfer import TransferState

Wanted = TypeVar("Wanted")

_LONGEST = 200


@strawberry.enum(description="案件排序字段 / What cases are ordered by.")
class CaseOrderBy(Enum):
    CHANGED = strawberry.enum_value(
        "changed", description="更新时间 / When the hub changed it last."
    )
    FILED = strawberry.enum_value("filed", description="立案日期 / Day of filing.")
    DUE = strawberry.enum_value("due", description="期限届满日 / Day it is due.")
    MODIFIED = strawberry.enum_value(
        "modified", description="来源修改时间 / When an agency changed it last."
    )
    NUMBER = strawberry.enum_value("number", description="枢纽编号 / Hub number.")


@strawberry.input(description="案件排序 / How cases are ordered; nulls come last.")
class CaseOrder:
    by: CaseOrderBy = strawberry.field(
        default=CaseOrderBy.CHANGED, description="排序字段 / By what."
    )
    descending: bool = strawberry.field(
        default=True, description="是否降序 / Largest or newest first?"
    )


@strawberry.input(description="案件筛选 / Which cases; all that is given must hold.")
class CaseFilter:
    stage: list[str] | None = strawberry.field(
        default=None, description="诉讼阶段代码 / In one of these stages."
    )
    investigator: str | None = strawberry.field(
        default=None, description="侦查机关代码 / Investigated by this agency."
    )
    agency: str | None = strawberry.field(
        default=None, description="参与机关代码 / This agency takes part, too."
    )
    crime: str | None = strawberry.field(
        default=None, description="罪名代码 / Somebody is charged with this crime."
    )
    id_number: str | None = strawberry.field(
        default=None, description="证件号码 / A person with this number is in it."
    )
    title_contains: str | None = strawberry.field(
        default=None, description="名称包含 / The title contains this text."
    )
    filed_from: date | None = strawberry.field(
        default=None, description="立案日起 / Filed on this day or later."
    )
    filed_to: date | None = strawberry.field(
        default=None, description="立案日止 / Filed on this day or earlier."
    )
    due_to: date | None = strawberry.field(
        default=None, description="届满日止 / Due on this day or earlier."
    )
    changed_since: datetime | None = strawberry.field(
        default=None, description="更新时间起 / Changed by the hub since."
    )
    is_withdrawn: bool | None = strawberry.field(
        default=None, description="是否撤案 / Withdrawn, or not."
    )


@strawberry.input(description="人员筛选 / Which persons; all that is given must hold.")
class PersonFilter:
    id_number: str | None = strawberry.field(
        default=None, description="证件号码 / With this identity number."
    )
    name: str | None = strawberry.field(
        default=None, description="姓名 / With exactly this name."
    )
    stage: str | None = strawberry.field(
        default=None, description="诉讼阶段代码 / In this stage."
    )
    crime: str | None = strawberry.field(
        default=None, description="罪名代码 / Charged with this crime."
    )


@strawberry.input(description="罪名筛选 / Which charges.")
class ChargeFilter:
    crime: str | None = strawberry.field(
        default=None, description="罪名代码 / Of this crime."
    )


@strawberry.input(description="强制措施筛选 / Which measures; all given must hold.")
class MeasureFilter:
    kind: str | None = strawberry.field(
        default=None, description="种类代码 / Of this kind."
    )
    on: date | None = strawberry.field(
        default=None, description="在此日有效 / In force on this day."
    )


@strawberry.input(description="文书筛选 / Which documents; all given must hold.")
class DocumentFilter:
    type: str | None = strawberry.field(
        default=None, description="文书种类代码 / Of this kind."
    )
    number: str | None = strawberry.field(
        default=None, description="文号 / With exactly this number."
    )


@strawberry.input(description="移送筛选 / Which transfers; all given must hold.")
class TransferFilter:
    node: str | None = strawberry.field(
        default=None, description="协同节点代码 / Of this kind."
    )
    state: list[TransferState] | None = strawberry.field(
        default=None, description="状态 / In one of these states."
    )
    sender: str | None = strawberry.field(
        default=None, description="移送机关代码 / Sent by this agency."
    )
    receiver: str | None = strawberry.field(
        default=None, description="接收机关代码 / Received by this agency."
    )
    endpoint: str | None = strawberry.field(
        default=None, description="接入点代码 / Through this endpoint."
    )
    submitted_since: datetime | None = strawberry.field(
        default=None, description="提交时间起 / Submitted since."
    )


@strawberry.input(description="失败筛选 / Which failures; all given must hold.")
class FailureFilter:
    endpoint: str | None = strawberry.field(
        default=None, description="接入点代码 / Of this endpoint."
    )
    state: FailureState | None = strawberry.field(
        default=None, description="状态 / Mended or not."
    )
    code: str | None = strawberry.field(
        default=None, description="错误码 / With this code."
    )
    cause: str | None = strawberry.field(
        default=None, description="原因键 / Of this cause."
    )


@strawberry.input(description="损失筛选 / Which losses; all given must hold.")
class LossFilter:
    endpoint: str | None = strawberry.field(
        default=None, description="接入点代码 / Of this endpoint."
    )
    reason: LossReason | None = strawberry.field(
        default=None, description="损失原因 / For this reason."
    )


def wanted(kind: type[Wanted], given: object | None) -> Wanted:
    """An input as the engine's filter of the same fields.

    Enums become their values, lists tuples; a text that is empty or too long
    raises ``RequestInvalid``, for it would silently match nothing.
    """
    values = {} if given is None else dict(vars(given))
    return kind(**{name: _plain(name, value) for name, value in values.items()})


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, str):
        if not value.strip() or len(value) > _LONGEST or "\x00" in value:
            raise RequestInvalid(
                f"筛选值为空或超过 {_LONGEST} 个字",
                f"A filter is empty or longer than {_LONGEST} characters",
                where=f"filter.{name}",
            )
        return value.strip()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return tuple(_plain(name, one) for one in value)
    return value
