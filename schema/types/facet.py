"""Facets: what one agency's system says about a case, in full."""

from __future__ import annotations

from datetime import datetime

import strawberry

from hub.records import agency as agencies
from hub.records import case as records
from schema import ids
from schema.context import Info
from schema.fields import Paths, Shows
from schema.scalars import Json
from schema.types.agency import Agency, Endpoint, agency
from schema.types.text import Text


@strawberry.type(
    description="分面 / What one system says about a case, by its newest record."
)
class Facet(Shows):
    record: strawberry.Private[records.CaseFacet]
    origin: strawberry.Private[agencies.EndpointRecord | None]
    id: strawberry.ID = strawberry.field(description="分面标识 / Its id.")
    endpoint_code: str = strawberry.field(
        description="接入点代码 / The endpoint's code."
    )
    system: str = strawberry.field(description="系统 / Kind and version of the system.")
    source_key: str = strawberry.field(
        description="来源主键 / The system's own identity of the record."
    )
    is_stale: bool = strawberry.field(
        description="是否陈旧 / Is it older than it may be, or its endpoint down?"
    )
    stale_since: datetime | None = strawberry.field(
        description="陈旧起始 / Since when it is stale."
    )
    reason: Text | None = strawberry.field(description="陈旧原因 / Why it is stale.")
    fetched_at: datetime = strawberry.field(
        description="获取时间 / When the bytes were fetched."
    )
    mapped_at: datetime = strawberry.field(
        description="映射时间 / When they were mapped."
    )
    mapping_revision: int = strawberry.field(
        description="映射版本 / Revision of the mapping file."
    )
    raw_digest: str = strawberry.field(
        description="原始字节摘要 / SHA-256 of the bytes received."
    )

    @classmethod
    def of(
        cls, record: records.CaseFacet, origin: agencies.EndpointRecord | None
    ) -> Facet:
        """A facet and the endpoint it came from, if that is still configured."""
        fresh = origin.freshness if origin else None
        return cls(
            record=record,
            origin=origin,
            id=ids.encode("Facet", record.id),
            endpoint_code=record.endpoint,
            system=record.system,
            source_key=record.source_key,
            is_stale=fresh.is_stale if fresh else True,
            stale_since=fresh.since if fresh else None,
            reason=Text.of(fresh.reason) if fresh and fresh.reason else None,
            fetched_at=record.fetched_at,
            mapped_at=record.mapped_at,
            mapping_revision=record.mapping_revision,
            raw_digest=record.raw_digest.hex(),
        )

    def shows(self, chosen: frozenset[str]) -> tuple[int, Paths]:
        """What is noted in the read log: the whole of it, where the body is shown."""
        return self.record.case_id, (("facets",) if "body" in chosen else ())

    @strawberry.field(
        description="接入点 / The endpoint; null once it is not configured."
    )
    def endpoint(self) -> Endpoint | None:
        return Endpoint.of(self.origin) if self.origin else None

    @strawberry.field(description="来源机关 / The agency that runs the endpoint.")
    def agency(self, info: Info) -> Agency | None:
        return agency(info, self.origin.agency) if self.origin else None

    @strawberry.field(
        description="内容 / What it says, in the canonical shape of the hub."
    )
    async def body(self, info: Info) -> Json:
        found = await info.context.loaders.facet_body.load(self.record.id)
        return Json(dict(found or {}))
