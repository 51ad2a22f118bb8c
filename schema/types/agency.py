"""Agencies and their endpoints."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from hub import errors
from hub.engine.answers import codes as answer_codes
from hub.records import agency as records
from schema import ids
from schema.context import Info
from schema.shown import named
from schema.types.code import Code
from schema.types.node import Node
from schema.types.text import Text


@strawberry.enum(description="接入点状态 / What is known of an endpoint.")
class EndpointState(Enum):
    UP = strawberry.enum_value("up", description="正常 / It answers.")
    DOWN = strawberry.enum_value(
        "down", description="不可用，自动重试 / It fails; the hub tries again."
    )
    HELD = strawberry.enum_value(
        "held", description="已暂停 / Held until an operator acts."
    )
    UNKNOWN = strawberry.enum_value(
        "unknown", description="尚未联系 / Never talked to yet."
    )


@strawberry.type(description="故障 / What went wrong, by a stable code.")
class Trouble:
    code: str = strawberry.field(description="错误码 / Code of the error tree.")
    message: Text = strawberry.field(description="说明 / What it means.")
    remedy: Text = strawberry.field(description="处理办法 / What to do.")

    @classmethod
    def of(cls, code: str, note: errors.Text | None = None) -> Trouble:
        """A code of the error tree with its texts, or a note that tells more."""
        leaf = errors.leaf(code)
        return cls(
            code=code,
            message=Text.of(note or leaf.title),
            remedy=Text.of(leaf.remedy),
        )


@strawberry.type(description="办案机关 / An organisation that sends or receives.")
class Agency(Node):
    record: strawberry.Private[records.Agency]
    code: str = strawberry.field(description="机关代码 / Its code.")
    name_zh: str | None = strawberry.field(description="中文名称 / Its Chinese name.")
    name_en: str | None = strawberry.field(description="英文名称 / Its English name.")

    @classmethod
    def of(cls, record: records.Agency) -> Agency:
        """An agency as looked up."""
        return cls(
            id=ids.encode("Agency", record.code),
            record=record,
            code=record.code,
            name_zh=record.name_zh,
            name_en=record.name_en,
        )

    @strawberry.field(description="机关类型 / Police, court and so on.")
    def type(self, info: Info) -> Code | None:
        return named(info, "agency_type", self.record.type)

    @strawberry.field(description="行政区划 / Its division.")
    def division(self, info: Info) -> Code | None:
        return named(info, "division", self.record.division)

    @strawberry.field(
        description="接入点 / The endpoints it lives in, its own or another's."
    )
    async def endpoints(
        self, info: Info
    ) -> list[Annotated[Endpoint, strawberry.lazy("schema.types.agency")]]:
        found = await info.context.loaders.endpoints()
        return [
            Endpoint.of(one)
            for one in found.values()
            if self.code == one.agency or self.code in one.serves
        ]


@strawberry.type(description="接入点 / One agency's installation of a system.")
class Endpoint(Node):
    record: strawberry.Private[records.EndpointRecord]
    code: str = strawberry.field(description="接入点代码 / Its code.")
    system: str = strawberry.field(description="系统 / Kind and version of the system.")
    title: Text = strawberry.field(description="系统名称 / What the system is called.")
    accepts_new: bool = strawberry.field(
        description="是否接收新案 / Does it take new cases?"
    )
    state: EndpointState = strawberry.field(description="状态 / Is it up?")
    error: Trouble | None = strawberry.field(
        description="故障 / Why it is down or held."
    )
    since: datetime | None = strawberry.field(
        description="状态起始 / Since when it is in this state."
    )
    last_ok_at: datetime | None = strawberry.field(
        description="最近成功联系 / The last good contact of any kind."
    )
    synced_at: datetime | None = strawberry.field(
        description="同步至 / All it had at this moment has been pulled."
    )
    is_stale: bool = strawberry.field(
        description="是否陈旧 / Is what it told older than it may be?"
    )
    stale_since: datetime | None = strawberry.field(
        description="陈旧起始 / Since when it is stale."
    )
    stale_reason: Text | None = strawberry.field(
        description="陈旧原因 / Why it is stale."
    )
    fresh_for: float = strawberry.field(
        description="保鲜期（秒） / Seconds for which a sync is fresh."
    )
    open_failures: int = strawberry.field(
        description="未关闭失败数 / Records set aside and not mended."
    )
    waiting_transfers: int = strawberry.field(
        description="待送达移送数 / Transfers that wait for it."
    )

    @classmethod
    def of(cls, record: records.EndpointRecord) -> Endpoint:
        """An endpoint with its health."""
        standing, fresh = record.standing, record.freshness
        note = errors.Text(standing.note_zh, standing.note_en)
        return cls(
            id=ids.encode("Endpoint", record.code),
            record=record,
            code=record.code,
            system=record.system,
            title=Text.of(record.title),
            accepts_new=record.accepts_new,
            state=EndpointState(standing.state),
            error=(
                Trouble.of(standing.error_code, note if note.zh else None)
                if standing.error_code
                else None
            ),
            since=standing.since,
            last_ok_at=standing.last_ok_at,
            synced_at=standing.synced_at,
            is_stale=fresh.is_stale,
            stale_since=fresh.since,
            stale_reason=Text.of(fresh.reason) if fresh.reason else None,
            fresh_for=record.fresh_for,
            open_failures=standing.open_failures,
            waiting_transfers=standing.waiting_transfers,
        )

    @strawberry.field(description="所属机关 / The agency that runs it.")
    def agency(self, info: Info) -> Agency:
        return agency(info, self.record.agency)

    @strawberry.field(description="服务的机关 / The agencies whose cases live in it.")
    def serves(self, info: Info) -> list[Agency]:
        return [agency(info, code) for code in self.record.serves]


def agency(info: Info, code: str) -> Agency:
    """The agency with a code, as the tables of this deployment have it."""
    return Agency.of(answer_codes.agency(info.context.hub, code))


async def endpoint(info: Info, code: str) -> Endpoint | None:
    """The endpoint with a code, read once a request; null if not configured."""
    found = (await info.context.loaders.endpoints()).get(code)
    return Endpoint.of(found) if found else None
