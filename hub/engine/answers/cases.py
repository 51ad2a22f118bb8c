"""Answers about cases and what hangs under them.

Every function takes the caller and asks ``hub.engine.policy`` first; what comes
back holds nothing the caller may not see. Functions that take many keys make one
statement for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hub.engine import policy
from hub.engine.hub import Hub
from hub.engine.spelling import SCHEMES, spellings
from hub.records.caller import Caller, Reach, Sight
from hub.records.case import Case, CaseFacet, CaseFilter, CaseNumber, FacetBody
from hub.records.document import Document, DocumentFilter
from hub.records.page import Ask, Found
from hub.records.person import (
    Charge,
    ChargeFilter,
    Measure,
    MeasureFilter,
    Person,
    PersonFilter,
    Sentence,
)
from hub.store import reads_cases, reads_people

Child = TypeVar("Child", Person, Charge, Measure, Sentence, Document)
ChildFilter = PersonFilter | ChargeFilter | MeasureFilter | DocumentFilter

#: the root field by which children of a kind are asked for
_THINGS: dict[type[object], str] = {
    Person: "persons",
    Charge: "charges",
    Measure: "measures",
    Sentence: "persons",
    Document: "documents",
}


async def case(hub: Hub, caller: Caller, number: str) -> Case | None:
    """The case with this number, hub's or any agency's, however it is spelled."""
    sight = policy.allow(caller, "case")
    found = spellings(number)
    async with hub.database.read() as connection:
        return await reads_cases.by_number(connection, sight, found, SCHEMES)


async def cases(hub: Hub, caller: Caller, wanted: CaseFilter, ask: Ask) -> Found[Case]:
    """One page of the cases the caller's agency takes part in."""
    sight = policy.allow(caller, "cases")
    async with hub.database.read() as connection:
        return await reads_cases.page(connection, sight, wanted, ask)


async def case_total(hub: Hub, caller: Caller, wanted: CaseFilter) -> int:
    """How many cases the filter wants, of those the caller may see."""
    sight = policy.allow(caller, "cases")
    async with hub.database.read() as connection:
        return await reads_cases.total(connection, sight, wanted)


async def children(
    hub: Hub, caller: Caller, kind: type[Child], wanted: ChildFilter, ask: Ask
) -> Found[Child]:
    """One page of the persons, charges, measures or documents of all own cases."""
    sight = policy.allow(caller, _THINGS[kind])
    tests = reads_people.conditions(wanted)
    async with hub.database.read() as connection:
        return await reads_people.page(connection, kind, sight, tests, ask)


async def child_total(
    hub: Hub, caller: Caller, kind: type[Child], wanted: ChildFilter
) -> int:
    """How many of them the filter wants."""
    sight = policy.allow(caller, _THINGS[kind])
    tests = reads_people.conditions(wanted)
    async with hub.database.read() as connection:
        return await reads_people.total(connection, kind, sight, tests)


async def child(hub: Hub, caller: Caller, kind: type[Child], key: int) -> Child | None:
    """One of them by its key."""
    sight = policy.allow(caller, _THINGS[kind])
    async with hub.database.read() as connection:
        return await reads_people.by_id(connection, kind, sight, key)


async def cases_by_id(
    hub: Hub, caller: Caller, case_ids: Sequence[int]
) -> dict[int, Case]:
    """The visible ones of these cases; none for whoever may see no case."""
    sight = policy.sight(caller, "case")
    if sight.reach is Reach.NOTHING:
        return {}
    async with hub.database.read() as connection:
        return await reads_cases.by_ids(connection, sight, case_ids)


async def children_of(
    hub: Hub, caller: Caller, kind: type[Child], case_ids: Sequence[int]
) -> dict[int, tuple[Child, ...]]:
    """The children of one kind of these cases."""
    async with hub.database.read() as connection:
        return await reads_people.of_cases(connection, kind, _under(caller), case_ids)


async def numbers_of(
    hub: Hub, caller: Caller, case_ids: Sequence[int]
) -> dict[int, tuple[CaseNumber, ...]]:
    """All numbers of these cases."""
    async with hub.database.read() as connection:
        return await reads_cases.numbers(connection, _under(caller), case_ids)


async def agencies_of(
    hub: Hub, caller: Caller, case_ids: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """The codes of the agencies taking part in these cases."""
    async with hub.database.read() as connection:
        return await reads_cases.agencies(connection, _under(caller), case_ids)


async def facets_of(
    hub: Hub, caller: Caller, case_ids: Sequence[int]
) -> dict[int, tuple[CaseFacet, ...]]:
    """The current facets of these cases, without bodies."""
    async with hub.database.read() as connection:
        return await reads_cases.facets(connection, _under(caller), case_ids)


async def facet_bodies(
    hub: Hub, caller: Caller, facet_ids: Sequence[int]
) -> dict[int, FacetBody]:
    """What these facets say."""
    async with hub.database.read() as connection:
        return await reads_cases.facet_bodies(connection, _under(caller), facet_ids)


def _under(caller: Caller) -> Sight:
    """What hangs under a case is seen by whoever sees the case."""
    return policy.sight(caller, "case")
