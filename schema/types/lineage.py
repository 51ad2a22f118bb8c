"""The way of a value from the agency's bytes to the answer."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from hub.records import lineage as records
from schema import ids
from schema.context import Info
from schema.fields import Paths, Shows
from schema.scalars import Json, plain
from schema.shown import place
from schema.types.agency import Endpoint, endpoint


@strawberry.enum(description="识读结果 / Was the value read?")
class Outcome(Enum):
    VALUE = strawberry.enum_value("value", description="已识读 / It was read.")
    UNREADABLE = strawberry.enum_value(
        "unreadable", description="无法识读 / Only the original text is kept."
    )


@strawberry.enum(description="定位方式 / In what terms a place in the bytes is told.")
class PlaceForm(Enum):
    XPATH = strawberry.enum_value("xpath", description="XPath 路径 / XPath 1.0.")
    POINTER = strawberry.enum_value(
        "pointer", description="JSON 指针 / JSON pointer, RFC 6901."
    )
    CELL = strawberry.enum_value("cell", description="行列 / Row and column.")
    MEMBER = strawberry.enum_value("member", description="整个文件 / The whole file.")


@strawberry.type(description="原始位置 / A place in the raw record.")
class RawPlace:
    place: str = strawberry.field(
        description="字段位置 / As the mapping names it, in the system's own words."
    )
    part: str = strawberry.field(
        description="所在文件 / The document in the record; empty: the record itself."
    )
    form: PlaceForm = strawberry.field(description="定位方式 / What kind of path.")
    path: str = strawberry.field(description="路径 / The path in that document.")
    line: int | None = strawberry.field(
        description="行号 / The line in it, where lines say something."
    )
    fragment: str | None = strawberry.field(
        description="原文片段 / What stands there; null unless `showsRaw`."
    )

    @classmethod
    def of(cls, record: records.RawPlace) -> RawPlace:
        """A place as found."""
        return cls(
            place=record.place,
            part=record.part,
            form=PlaceForm(record.form),
            path=record.path,
            line=record.line or None,
            fragment=record.fragment,
        )


@strawberry.type(description="处理步骤 / One step of the way of a value.")
class LineageStep:
    name: str = strawberry.field(
        description="步骤 / from, merge, when, constant, a converter or a table."
    )
    value: Json | None = strawberry.field(
        description="结果 / What it gave; null unless `showsRaw`."
    )
    note: str = strawberry.field(description="说明 / What it met, if anything.")

    @classmethod
    def of(cls, record: records.LineageStep) -> LineageStep:
        """A step as walked."""
        value = None if record.value is None else Json(plain(record.value))
        return cls(name=record.name, value=value, note=record.note)


@strawberry.type(description="血缘 / Where one value comes from, and what made it.")
class Lineage(Shows):
    record: strawberry.Private[records.Lineage]
    path: str = strawberry.field(description="字段路径 / The field, from the case on.")
    told_at: str = strawberry.field(
        description="分面内路径 / The same field in the facet that tells it."
    )
    value: Json | None = strawberry.field(
        description="值 / The value, or the original text where it is unreadable."
    )
    outcome: Outcome = strawberry.field(description="识读结果 / Was it read?")
    facet: strawberry.ID = strawberry.field(description="分面标识 / The facet.")
    endpoint_code: str = strawberry.field(description="接入点代码 / Who told it.")
    raw_digest: str = strawberry.field(
        description="原始摘要 / SHA-256 of the raw record's bytes, in hex."
    )
    raw_size: int = strawberry.field(description="原始大小 / Its size in bytes.")
    raw_media: str = strawberry.field(description="原始类型 / Its media type.")
    fetched_at: datetime = strawberry.field(description="获取时间 / When fetched.")
    mapped_at: datetime = strawberry.field(description="映射时间 / When mapped.")
    places: list[RawPlace] = strawberry.field(
        description="原始位置 / Where it stands in them; none for a constant."
    )
    steps: list[LineageStep] = strawberry.field(
        description="处理步骤 / What happened to it, in order."
    )
    rule: str = strawberry.field(
        description="映射规则 / The rule's place in the mapping file."
    )
    mapping: str = strawberry.field(description="映射文件 / The mapping file.")
    mapping_revision: int = strawberry.field(
        description="映射修订 / The file's revision when the facet was made."
    )
    rules: str = strawberry.field(
        description="规则摘要 / Digest of all rules by which it was read last."
    )
    table: str | None = strawberry.field(description="代码表 / The code table, if any.")
    table_revision: str | None = strawberry.field(
        description="代码表修订 / The table's revision."
    )
    adapter_version: str = strawberry.field(
        description="适配器版本 / The adapter's version."
    )
    is_current: bool = strawberry.field(
        description="规则是否现行 / Are those rules in force? If not, places and steps"
        " are told by the rules of now."
    )
    is_reproduced: bool = strawberry.field(
        description="是否可复现 / Does the rule give this very value for these places?"
    )
    shows_raw: bool = strawberry.field(
        description="可见原文 / May the caller see what stands in the raw record? An"
        " agency sees that of its own system."
    )

    @classmethod
    def of(cls, record: records.Lineage) -> Lineage:
        """A lineage as found."""
        return cls(
            record=record,
            path=place(record.path),
            told_at=place(record.told_at),
            value=None if record.value is None else Json(plain(record.value)),
            outcome=Outcome(record.outcome),
            facet=ids.encode("Facet", record.facet),
            endpoint_code=record.endpoint,
            raw_digest=record.raw_digest.hex(),
            raw_size=record.raw_size,
            raw_media=record.raw_media,
            fetched_at=record.fetched_at,
            mapped_at=record.mapped_at,
            places=[RawPlace.of(one) for one in record.places],
            steps=[LineageStep.of(one) for one in record.steps],
            rule=record.rule,
            mapping=record.mapping,
            mapping_revision=record.mapping_revision,
            rules=record.rules,
            table=record.table or None,
            table_revision=record.table_revision or None,
            adapter_version=record.adapter_version,
            is_current=record.is_current,
            is_reproduced=record.is_reproduced,
            shows_raw=record.shows_raw,
        )

    def shows(self, chosen: frozenset[str]) -> tuple[int, Paths]:
        """What is noted in the read log: the value, also by its steps or raw words."""
        told = self.record
        path = f"facets.{told.field}" if told.is_other else told.field
        shown = chosen & {"value", "steps", "places"}
        return told.case_id, ((path,) if shown else ())

    @strawberry.field(
        description="接入点 / The endpoint; null once it is not configured."
    )
    async def endpoint(self, info: Info) -> Endpoint | None:
        return await endpoint(info, self.endpoint_code)
