"""The case: one, however many systems tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import strawberry

from hub.records import case as records
from schema import ids
from schema.context import Info
from schema.shown import coded, shown
from schema.types import provenance
from schema.types.agency import Agency, agency
from schema.types.code import Code
from schema.types.document import Document
from schema.types.facet import Facet
from schema.types.node import Node
from schema.types.person import Charge, Measure, Person
from schema.types.provenance import Disagreement, Sourced, Unreadable
from schema.types.transfer import Transfer


@strawberry.type(description="案号 / One of the numbers of a case.")
class CaseNumber:
    scheme: str = strawberry.field(
        description="编号体系 / hub, police, department, unified, court or correction."
    )
    value: str = strawberry.field(description="号码 / The number.")
    source: str = strawberry.field(
        description="来源接入点 / The endpoint that told it first; hub for its own."
    )
    seen_at: datetime = strawberry.field(
        description="获知时间 / When the hub first saw it."
    )

    @classmethod
    def of(cls, record: records.CaseNumber) -> CaseNumber:
        """A number as read."""
        return shown(cls, record, source=record.endpoint)


@strawberry.type(description="案件 / A case, one however many systems tell of it.")
class Case(Node, Sourced):
    record: strawberry.Private[records.Case]
    hub_number: str = strawberry.field(description="枢纽编号 / The hub's own number.")
    title: str | None = strawberry.field(description="案件名称 / Its title.")
    summary: str | None = strawberry.field(description="简要案情 / Facts in short.")
    stage: Code | None = coded("stage", "stage", "诉讼阶段 / Procedural stage.")
    filed_on: date | None = strawberry.field(description="立案日期 / Day of filing.")
    accepted_on: date | None = strawberry.field(
        description="受理日期 / Day of acceptance."
    )
    due_on: date | None = strawberry.field(description="期限届满日 / Day it is due.")
    closed_on: date | None = strawberry.field(description="办结日期 / Day of closing.")
    modified_at: datetime | None = strawberry.field(
        description="来源修改时间 / When an agency changed it last."
    )
    is_withdrawn: bool = strawberry.field(
        description="是否撤案 / Was it withdrawn or deleted by its agency?"
    )
    version: int = strawberry.field(
        description="版本 / Grows by one with each change of the projection."
    )
    opened_at: datetime = strawberry.field(
        description="建档时间 / When the hub first knew of it."
    )
    changed_at: datetime = strawberry.field(
        description="更新时间 / When the hub changed it last."
    )

    @classmethod
    def of(cls, record: records.Case) -> Case:
        """A case as read."""
        return shown(cls, record, id=ids.encode("Case", record.id), record=record)

    @strawberry.field(description="侦查机关 / The agency that investigates.")
    def investigator(self, info: Info) -> Agency | None:
        code = self.record.investigator
        return agency(info, code) if code else None

    @strawberry.field(description="全部案号 / All its numbers, hub's and agencies'.")
    async def numbers(self, info: Info) -> list[CaseNumber]:
        return await info.context.loaders.numbers.load(self.record.id)

    @strawberry.field(description="涉案人员 / The persons in it.")
    async def persons(self, info: Info) -> list[Person]:
        return await info.context.loaders.persons.load(self.record.id)

    @strawberry.field(description="罪名 / The charges of all its persons.")
    async def charges(self, info: Info) -> list[Charge]:
        return await info.context.loaders.charges.load(self.record.id)

    @strawberry.field(description="强制措施 / The measures on all its persons.")
    async def measures(self, info: Info) -> list[Measure]:
        return await info.context.loaders.measures.load(self.record.id)

    @strawberry.field(description="法律文书 / Its documents, without their bytes.")
    async def documents(self, info: Info) -> list[Document]:
        return await info.context.loaders.documents.load(self.record.id)

    @strawberry.field(
        description="移送 / Its hand-overs, oldest first, with steps and receipts."
    )
    async def transfers(self, info: Info) -> list[Transfer]:
        return await info.context.loaders.transfers_of_case.load(self.record.id)

    @strawberry.field(description="参与机关 / The agencies that take part.")
    async def agencies(self, info: Info) -> list[Agency]:
        codes = await info.context.loaders.agencies.load(self.record.id)
        return [agency(info, code) for code in codes]

    @strawberry.field(description="分面 / What each system says, in full.")
    async def facets(self, info: Info) -> list[Facet]:
        return await info.context.loaders.facets.load(self.record.id)

    @strawberry.field(description="是否陈旧 / Is any part of it older than it may be?")
    async def is_stale(self, info: Info) -> bool:
        return any(facet.is_stale for facet in await self.facets(info))

    @strawberry.field(
        description="数据不一致 / What agencies tell differently, persons included."
    )
    async def disagreements(self, info: Info) -> list[Disagreement]:
        return provenance.disagreements(await self._placed(info))

    @strawberry.field(
        description="无法识读的字段 / What nobody could read, persons included."
    )
    async def unreadable(self, info: Info) -> list[Unreadable]:
        return provenance.unreadable(await self._placed(info))

    async def _placed(self, info: Info) -> Iterator[provenance.Placed]:
        found: list[provenance.Placed] = [("", self.record)]
        for at, person in enumerate(await self.persons(info)):
            found += await person.placed(info, f"persons[{at}].")
        for at, document in enumerate(await self.documents(info)):
            found.append((f"documents[{at}].", document.record))
        return iter(found)
