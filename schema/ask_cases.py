"""Root fields about cases and what hangs under them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from hub.engine.answers import cases as answer
from hub.records import case as case_records
from hub.records import document as document_records
from hub.records import page
from hub.records import person as person_records
from schema import inputs
from schema.context import Info
from schema.types.case import Case
from schema.types.document import Document
from schema.types.page import After, Connection, First
from schema.types.person import Charge, Measure, Person

_NUMBER = "案号，枢纽或任一机关的，括号不限 / The hub's or any agency's number."
_FILTER = "筛选 / Which ones."
_ORDER = "排序 / In what order; newest change first if not given."


@strawberry.type(description="案件查询 / Root fields about cases.")
class CaseAsks:
    @strawberry.field(
        description="案件 / One case by any of its numbers; null if none is to see."
    )
    async def case(
        self,
        info: Info,
        number: Annotated[str, strawberry.argument(description=_NUMBER)],
    ) -> Case | None:
        found = await answer.case(info.context.hub, info.context.caller, number)
        return Case.of(found) if found else None

    @strawberry.field(description="案件列表 / The cases the caller takes part in.")
    async def cases(
        self,
        info: Info,
        filter: Annotated[
            inputs.CaseFilter | None, strawberry.argument(description=_FILTER)
        ] = None,
        order: Annotated[
            inputs.CaseOrder | None, strawberry.argument(description=_ORDER)
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Case]:
        hub, caller = info.context.hub, info.context.caller
        chosen = order or inputs.CaseOrder()
        ask = page.ask(first, after, str(chosen.by.value), descending=chosen.descending)
        wanted = inputs.wanted(case_records.CaseFilter, filter)
        found = await answer.cases(hub, caller, wanted, ask)

        async def total() -> int:
            return await answer.case_total(hub, caller, wanted)

        return Connection.of(found, Case.of, total, is_continued=after is not None)

    @strawberry.field(description="人员列表 / The persons of all own cases.")
    async def persons(
        self,
        info: Info,
        filter: Annotated[
            inputs.PersonFilter | None, strawberry.argument(description=_FILTER)
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Person]:
        wanted = inputs.wanted(person_records.PersonFilter, filter)
        kind = person_records.Person
        ask = page.ask(first, after, "person")
        return await _children(info, kind, Person.of, wanted, ask)

    @strawberry.field(description="罪名列表 / The charges of all own cases.")
    async def charges(
        self,
        info: Info,
        filter: Annotated[
            inputs.ChargeFilter | None, strawberry.argument(description=_FILTER)
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Charge]:
        wanted = inputs.wanted(person_records.ChargeFilter, filter)
        kind = person_records.Charge
        ask = page.ask(first, after, "charge")
        return await _children(info, kind, Charge.of, wanted, ask)

    @strawberry.field(description="强制措施列表 / The measures of all own cases.")
    async def measures(
        self,
        info: Info,
        filter: Annotated[
            inputs.MeasureFilter | None, strawberry.argument(description=_FILTER)
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Measure]:
        wanted = inputs.wanted(person_records.MeasureFilter, filter)
        kind = person_records.Measure
        ask = page.ask(first, after, "measure")
        return await _children(info, kind, Measure.of, wanted, ask)

    @strawberry.field(description="文书列表 / The documents of all own cases.")
    async def documents(
        self,
        info: Info,
        filter: Annotated[
            inputs.DocumentFilter | None, strawberry.argument(description=_FILTER)
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Document]:
        wanted = inputs.wanted(document_records.DocumentFilter, filter)
        kind = document_records.Document
        ask = page.ask(first, after, "document")
        return await _children(info, kind, Document.of, wanted, ask)


async def _children(
    info: Info,
    kind: type[Any],
    show: Callable[[Any], Any],
    wanted: answer.ChildFilter,
    ask: page.Ask,
) -> Connection[Any]:
    hub, caller = info.context.hub, info.context.caller
    found = await answer.children(hub, caller, kind, wanted, ask)

    async def total() -> int:
        return await answer.child_total(hub, caller, kind, wanted)

    return Connection.of(found, show, total, is_continued=ask.after is not None)
