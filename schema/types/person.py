"""Persons of a case with charges, measures and sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from hub.records import person as records
from schema import ids
from schema.context import Info
from schema.shown import coded, shown
from schema.types import provenance
from schema.types.agency import Agency, agency
from schema.types.code import Code
from schema.types.node import Node
from schema.types.provenance import Disagreement, Sourced, Unreadable

if TYPE_CHECKING:
    from schema.types.case import Case


@strawberry.type(description="罪名 / What a person is accused of.")
class Charge(Node, Sourced):
    record: strawberry.Private[records.Charge]
    crime: Code | None = coded("crime", "crime", "罪名代码 / The crime.")
    wording: str | None = strawberry.field(
        description="原文表述 / As the agency words it."
    )

    @classmethod
    def of(cls, record: records.Charge) -> Charge:
        """A charge as read."""
        return shown(cls, record, id=ids.encode("Charge", record.id), record=record)

    @strawberry.field(description="所属人员 / The person accused.")
    async def person(
        self, info: Info
    ) -> Annotated[Person, strawberry.lazy("schema.types.person")] | None:
        return await info.context.loaders.person(
            self.record.case_id, self.record.person_id
        )


@strawberry.type(description="强制措施 / A compulsory measure on a person.")
class Measure(Node, Sourced):
    record: strawberry.Private[records.Measure]
    kind: Code | None = coded("kind", "compulsory_measure", "种类 / What kind.")
    started_on: date | None = strawberry.field(description="起始日 / Its first day.")
    ends_on: date | None = strawberry.field(description="届满日 / Its last day.")

    @classmethod
    def of(cls, record: records.Measure) -> Measure:
        """A measure as read."""
        return shown(cls, record, id=ids.encode("Measure", record.id), record=record)

    @strawberry.field(description="决定机关 / Who decided it.")
    def decided_by(self, info: Info) -> Agency | None:
        code = self.record.decided_by
        return agency(info, code) if code else None

    @strawberry.field(description="所属人员 / The person it is on.")
    async def person(
        self, info: Info
    ) -> Annotated[Person, strawberry.lazy("schema.types.person")] | None:
        return await info.context.loaders.person(
            self.record.case_id, self.record.person_id
        )


@strawberry.type(description="判决结果 / What a court gave a person.")
class Sentence(Sourced):
    record: strawberry.Private[records.Sentence]
    result: Code | None = coded("result", "judgment_result", "裁判结果 / The result.")
    penalty: Code | None = coded("penalty", "penalty_type", "刑种 / The penalty.")
    years: int | None = strawberry.field(description="年 / Years of the term.")
    months: int | None = strawberry.field(description="月 / Months of the term.")
    days: int | None = strawberry.field(description="日 / Days of the term.")
    probation_months: int | None = strawberry.field(
        description="缓刑考验期（月） / Months of probation."
    )
    fine: Decimal | None = strawberry.field(
        description="罚金（元） / The fine in yuan."
    )
    judged_on: date | None = strawberry.field(description="宣判日 / Day of judgment.")
    effective_on: date | None = strawberry.field(
        description="生效日 / Day it took effect."
    )

    @classmethod
    def of(cls, record: records.Sentence) -> Sentence:
        """A sentence as read."""
        return shown(cls, record, record=record)


@strawberry.type(
    description="涉案人员 / A person in a case, one however many systems tell of them."
)
class Person(Node, Sourced):
    record: strawberry.Private[records.Person]
    name: str | None = strawberry.field(description="姓名 / Name.")
    former_name: str | None = strawberry.field(description="曾用名 / Former name.")
    sex: Code | None = coded("sex", "sex", "性别 / Sex.")
    birth_date: date | None = strawberry.field(description="出生日期 / Date of birth.")
    id_type: Code | None = coded(
        "id_type", "id_document_type", "证件种类 / Kind of identity document."
    )
    id_number: str | None = strawberry.field(description="证件号码 / Its number.")
    ethnic_group: Code | None = coded(
        "ethnic_group", "ethnic_group", "民族 / Ethnic group."
    )
    education: Code | None = coded("education", "education", "文化程度 / Education.")
    household: Code | None = coded(
        "household", "division", "户籍地 / Division of household registration."
    )
    address: str | None = strawberry.field(description="住址 / Address.")
    occupation: str | None = strawberry.field(description="职业 / Occupation.")
    role: Code | None = coded("role", "person_role", "诉讼地位 / Role in the case.")
    stage: Code | None = coded(
        "stage", "stage", "诉讼阶段 / Stage of this person, which may differ."
    )

    @classmethod
    def of(cls, record: records.Person) -> Person:
        """A person as read."""
        return shown(cls, record, id=ids.encode("Person", record.id), record=record)

    @strawberry.field(description="所属案件 / The case.")
    async def case(
        self, info: Info
    ) -> Annotated[Case, strawberry.lazy("schema.types.case")] | None:
        return await info.context.loaders.case.load(self.record.case_id)

    @strawberry.field(description="罪名 / What the person is accused of.")
    async def charges(self, info: Info) -> list[Charge]:
        found = await info.context.loaders.charges.load(self.record.case_id)
        return [one for one in found if one.record.person_id == self.record.id]

    @strawberry.field(description="强制措施 / Measures, in order of time.")
    async def measures(self, info: Info) -> list[Measure]:
        found = await info.context.loaders.measures.load(self.record.case_id)
        return [one for one in found if one.record.person_id == self.record.id]

    @strawberry.field(description="判决结果 / What the court gave.")
    async def sentence(self, info: Info) -> Sentence | None:
        found = await info.context.loaders.sentences.load(self.record.case_id)
        mine = (one for one in found if one.record.person_id == self.record.id)
        return next(mine, None)

    @strawberry.field(
        description="数据不一致 / What agencies tell differently of this person."
    )
    async def disagreements(self, info: Info) -> list[Disagreement]:
        return provenance.disagreements(await self.placed(info, ""))

    @strawberry.field(description="无法识读的字段 / What nobody could read.")
    async def unreadable(self, info: Info) -> list[Unreadable]:
        return provenance.unreadable(await self.placed(info, ""))

    async def placed(self, info: Info, prefix: str) -> Iterator[provenance.Placed]:
        """This record and those below it, each with its path."""
        charges = await self.charges(info)
        measures = await self.measures(info)
        sentence = await self.sentence(info)
        found: list[provenance.Placed] = [(prefix, self.record)]
        found += [
            (f"{prefix}charges[{at}].", one.record) for at, one in enumerate(charges)
        ]
        found += [
            (f"{prefix}measures[{at}].", one.record) for at, one in enumerate(measures)
        ]
        if sentence is not None:
            found.append((f"{prefix}sentence.", sentence.record))
        return iter(found)
