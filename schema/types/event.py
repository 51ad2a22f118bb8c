"""Events of cases, for subscribers."""

from __future__ import annotations

from datetime import datetime

import strawberry

from hub.records import occurrence as records
from schema import ids
from schema.context import Info
from schema.types.case import Case
from schema.types.transfer import Transfer


@strawberry.type(description="案件事件 / Something that happened to a case.")
class CaseEvent:
    record: strawberry.Private[records.CaseOccurrence]
    id: strawberry.ID = strawberry.field(description="事件标识 / Its id.")
    kind: str = strawberry.field(
        description="种类 / What happened, as in case.changed or transfer.accepted."
    )
    at: datetime = strawberry.field(description="时间 / When.")

    @classmethod
    def of(cls, record: records.CaseOccurrence) -> CaseEvent:
        """An event as read."""
        key = ids.encode("CaseEvent", record.id)
        return cls(record=record, id=key, kind=record.kind, at=record.at)

    @strawberry.field(
        description="案件 / The case as it is now; null once it was merged away."
    )
    async def case(self, info: Info) -> Case | None:
        return await info.context.loaders.case.load(self.record.case_id)

    @strawberry.field(description="移送 / The transfer, if it is about one.")
    async def transfer(self, info: Info) -> Transfer | None:
        key = self.record.transfer_id
        return await info.context.loaders.transfer.load(key) if key else None
