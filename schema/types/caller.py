"""Who asks, as the hub understood the token."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry.utils.str_converters import to_camel_case

from hub.engine import policy
from hub.records import caller as records
from schema.context import Info
from schema.types.agency import Agency, agency


@strawberry.type(description="调用方 / Who asks, as the token says.")
class Caller:
    record: strawberry.Private[records.Caller]
    agency_type: str = strawberry.field(description="机关类型 / What kind of agency.")
    expires_at: datetime | None = strawberry.field(
        description="令牌到期 / When the token ends."
    )
    may_ask: list[str] = strawberry.field(
        description="可用项 / The root fields this caller may use."
    )

    @classmethod
    def of(cls, record: records.Caller) -> Caller:
        """The caller with the rights of its agency type."""
        return cls(
            record=record,
            agency_type=record.agency_type,
            expires_at=record.expires_at,
            may_ask=[to_camel_case(thing) for thing in policy.rights(record)],
        )

    @strawberry.field(description="机关 / The agency.")
    def agency(self, info: Info) -> Agency:
        return agency(info, self.record.agency)
