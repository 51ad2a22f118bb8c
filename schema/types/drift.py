"""What moved in the agencies' traffic, and what of a mapping it bears out."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

import strawberry

from hub.records import drift as kept
from schema.shown import shown


@strawberry.enum(description="漂移种类 / What kind of movement it is.")
class DriftKind(Enum):
    CODE_NEW = strawberry.enum_value(
        "code_new", description="未知代码 / A raw code that its table does not know."
    )
    CODE_VANISHED = strawberry.enum_value(
        "code_vanished", description="代码消失 / A usual code comes no more."
    )
    CODE_FREQUENT = strawberry.enum_value(
        "code_frequent", description="代码骤增 / A code is suddenly frequent."
    )
    CODE_RARE = strawberry.enum_value(
        "code_rare", description="代码骤减 / A code is suddenly rare."
    )
    CODE_RENAMED = strawberry.enum_value(
        "code_renamed",
        description="代码改写 / One vanished and another came in its place.",
    )
    FIELD_NEW = strawberry.enum_value(
        "field_new", description="新字段 / A raw field that nobody maps or ignores."
    )
    FIELD_VANISHED = strawberry.enum_value(
        "field_vanished", description="字段消失 / A field that is read comes no more."
    )
    FIELD_RENAMED = strawberry.enum_value(
        "field_renamed", description="字段改名 / One vanished and a like one appeared."
    )


@strawberry.enum(description="漂移状态 / What became of a drift.")
class DriftState(Enum):
    OPEN = strawberry.enum_value("open", description="待处理 / Nobody has decided.")
    CONFIRMED = strawberry.enum_value(
        "confirmed", description="已确认 / A person wrote what it means."
    )
    DISMISSED = strawberry.enum_value(
        "dismissed", description="已驳回 / A person says it is nothing, and why."
    )
    CLOSED = strawberry.enum_value("closed", description="已关闭 / It is no more.")


@strawberry.type(description="建议 / What may mend a drift; a person decides.")
class DriftSuggestion:
    code: str | None = strawberry.field(description="代码 / A code it may mean.")
    name: str | None = strawberry.field(description="名称 / The code's name.")
    path: str | None = strawberry.field(description="路径 / A raw field it may be now.")
    score: float | None = strawberry.field(description="相似度 / How like, 0 to 1.")
    reason: str | None = strawberry.field(
        description="理由 / same_name, same_sound, same_code or spelling."
    )


@strawberry.type(description="漂移 / Something that moved in what an endpoint sends.")
class Drift:
    id: int = strawberry.field(description="编号 / Its number, for `hub drift`.")
    endpoint_code: str = strawberry.field(description="接入点代码 / The endpoint.")
    system: str = strawberry.field(description="系统 / Its system.")
    drift: DriftKind = strawberry.field(description="种类 / What kind of movement.")
    kind: str = strawberry.field(description="记录种类 / Kind of the raw record.")
    path: str = strawberry.field(description="原始路径 / The raw field.")
    table: str | None = strawberry.field(description="代码表 / The table reading it.")
    code: str | None = strawberry.field(
        description="原始代码 / The raw code, or its shape where it is no code."
    )
    other: str | None = strawberry.field(
        description="新路径或新代码 / Of what was renamed."
    )
    first_on: date = strawberry.field(description="首日 / The first day it shows.")
    before_count: int = strawberry.field(description="此前次数 / Times before.")
    before_of: int = strawberry.field(description="此前总数 / Of how many.")
    after_count: int = strawberry.field(description="此后次数 / Times since.")
    after_of: int = strawberry.field(description="此后总数 / Of how many.")
    suggestions: list[DriftSuggestion] = strawberry.field(
        description="建议 / What may mend it, best first."
    )
    cause: str | None = strawberry.field(
        description="失败原因键 / The cause of the failures it makes."
    )
    waiting: int = strawberry.field(
        description="等待记录数 / Open failures of that cause."
    )
    state: DriftState = strawberry.field(description="状态 / What became of it.")
    found_at: datetime = strawberry.field(description="发现时间 / When it was found.")
    ended_at: datetime | None = strawberry.field(
        description="结束时间 / When it was no more."
    )
    decided_by: str | None = strawberry.field(description="处理人 / Who decided.")
    decided_at: datetime | None = strawberry.field(description="处理时间 / When.")
    reason: str | None = strawberry.field(description="理由 / Why, or as what.")

    @classmethod
    def of(cls, record: kept.Drift) -> Drift:
        """A drift as read."""
        return shown(
            cls,
            record,
            endpoint_code=record.endpoint,
            drift=DriftKind(record.drift),
            state=DriftState(record.state),
            table=record.table or None,
            code=record.code or None,
            other=record.other or None,
            cause=record.cause or None,
            suggestions=[_suggestion(one) for one in record.suggestions],
        )


def _suggestion(told: object) -> DriftSuggestion:
    found = told if isinstance(told, dict) else {}
    names = ("code", "name", "path", "score", "reason")
    return DriftSuggestion(**{name: found.get(name) for name in names})


@strawberry.type(description="字段计数 / A raw field, or a canonical one, and a count.")
class CoveredPath:
    kind: str = strawberry.field(description="记录种类 / Kind of the raw record.")
    path: str = strawberry.field(description="原始路径 / The raw field.")
    where: str = strawberry.field(description="规范字段 / The canonical field.")
    count: int = strawberry.field(description="次数 / How often it was there.")
    of: int = strawberry.field(description="总数 / How often it could have been.")

    @classmethod
    def told(cls, record: kept.PathCount) -> CoveredPath:
        """A count as made."""
        return shown(cls, record)


@strawberry.type(description="代码计数 / A raw code and how often it was seen.")
class CoveredCode:
    table: str = strawberry.field(description="代码表 / The table.")
    raw: str = strawberry.field(description="原始代码 / The code, or its shape.")
    count: int = strawberry.field(description="次数 / How often.")
    path: str = strawberry.field(description="原始路径 / Where; empty: anywhere.")

    @classmethod
    def told(cls, record: kept.CodeCount) -> CoveredCode:
        """A count as made."""
        return shown(cls, record)


@strawberry.type(
    description="覆盖率 / What of a system's mapping its traffic bears out."
)
class Coverage:
    system: str = strawberry.field(description="系统 / The system.")
    endpoints: list[str] = strawberry.field(description="接入点 / Its endpoints.")
    has_traffic: bool = strawberry.field(
        description="有无报文 / Is there anything to judge by?"
    )
    asked_days: int = strawberry.field(description="所问天数 / Days asked for.")
    days: int = strawberry.field(description="有报文天数 / Days with traffic.")
    first_day: date | None = strawberry.field(description="首日 / The first of them.")
    last_day: date | None = strawberry.field(description="末日 / The last of them.")
    records: int = strawberry.field(description="记录数 / Records counted.")
    fields_seen: int = strawberry.field(description="出现字段数 / Raw fields seen.")
    fields_known: int = strawberry.field(
        description="已知字段数 / Of these mapped or ignored."
    )
    unread: list[CoveredPath] = strawberry.field(
        description="未读字段 / Raw fields neither mapped nor ignored."
    )
    unseen: list[CoveredPath] = strawberry.field(
        description="未出现字段 / Mapped raw fields that no record had."
    )
    unfilled: list[CoveredPath] = strawberry.field(
        description="未填规范字段 / Canonical fields for which nothing was told."
    )
    never_told: list[str] = strawberry.field(
        description="无规则的规范字段 / Canonical fields without a rule here."
    )
    codes_unseen: list[CoveredCode] = strawberry.field(
        description="未出现代码 / Crosswalk rows that no record used."
    )
    codes_unmapped: list[CoveredCode] = strawberry.field(
        description="未对照代码 / Codes seen that no row knows."
    )

    @classmethod
    def of(cls, record: kept.Coverage) -> Coverage:
        """A coverage as told."""
        paths = {
            name: [CoveredPath.told(one) for one in getattr(record, name)]
            for name in ("unread", "unseen", "unfilled")
        }
        codes = {
            name: [CoveredCode.told(one) for one in getattr(record, name)]
            for name in ("codes_unseen", "codes_unmapped")
        }
        lists = {
            "endpoints": list(record.endpoints),
            "never_told": list(record.never_told),
        }
        return shown(cls, record, **paths, **codes, **lists)
