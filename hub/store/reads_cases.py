"""Reading cases: by number, by page, with their numbers, agencies and facets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from hub.records.caller import Sight
from hub.records.case import Case, CaseFacet, CaseFilter, CaseNumber, FacetBody
from hub.records.page import Ask, Found
from hub.store import reads
from hub.store.database import Connection
from hub.store.tables import (
    case_agency,
    case_number,
    case_record,
    charge,
    facet,
    person,
    raw_record,
)

SORTS = {
    "filed": reads.Sort(case_record.c.id, case_record.c.filed_on),
    "due": reads.Sort(case_record.c.id, case_record.c.due_on),
    "changed": reads.Sort(case_record.c.id, case_record.c.changed_at),
    "modified": reads.Sort(case_record.c.id, case_record.c.modified_at),
    "number": reads.Sort(case_record.c.id, case_record.c.hub_number),
}


def _seen(sight: Sight) -> sa.Select[Any]:
    return sa.select(*reads.columns(Case, case_record)).where(
        case_record.c.merged_into.is_(None), reads.visible(sight, case_record.c.id)
    )


async def by_ids(
    connection: Connection, sight: Sight, case_ids: Sequence[int]
) -> dict[int, Case]:
    """The visible ones of these cases."""
    statement = _seen(sight).where(case_record.c.id.in_(case_ids))
    rows = await connection.execute(statement)
    return {row.id: reads.record(Case, row) for row in rows}


async def by_number(
    connection: Connection,
    sight: Sight,
    spellings: Sequence[str],
    schemes: Sequence[str],
) -> Case | None:
    """The visible case with one of these spellings of a number, in any scheme.

    The schemes stand in the statement because the key of the table begins there.
    A merged case's own numbers lead to the case it was merged into.
    """
    found = (
        sa.select(sa.func.coalesce(case_record.c.merged_into, case_record.c.id))
        .join(case_number, case_number.c.case_id == case_record.c.id)
        .where(case_number.c.scheme.in_(schemes), case_number.c.value.in_(spellings))
    )
    statement = _seen(sight).where(case_record.c.id.in_(found))
    rows = await connection.execute(statement.order_by(case_record.c.id).limit(1))
    row = rows.one_or_none()
    return reads.record(Case, row) if row else None


async def page(
    connection: Connection, sight: Sight, wanted: CaseFilter, ask: Ask
) -> Found[Case]:
    """One page of the visible cases that the filter wants."""
    sort = SORTS[ask.order.partition(".")[0]]
    return await reads.page(connection, Case, _filtered(sight, wanted), sort, ask)


async def total(connection: Connection, sight: Sight, wanted: CaseFilter) -> int:
    """How many visible cases the filter wants."""
    return await reads.total(connection, _filtered(sight, wanted))


def _filtered(sight: Sight, wanted: CaseFilter) -> sa.Select[Any]:
    table = case_record.c
    tests: dict[str, Callable[[Any], reads.Condition]] = {
        "stage": table.stage.in_,
        "investigator": lambda code: table.investigator == code,
        "agency": _takes_part,
        "crime": _charged_with,
        "id_number": _has_person,
        "title_contains": lambda text: table.title.contains(text, autoescape=True),
        "filed_from": lambda day: table.filed_on >= day,
        "filed_to": lambda day: table.filed_on <= day,
        "due_to": lambda day: table.due_on <= day,
        "changed_since": lambda moment: table.changed_at >= moment,
        "is_withdrawn": table.is_withdrawn.is_,
    }
    return _seen(sight).where(
        *(
            test(getattr(wanted, name))
            for name, test in tests.items()
            if getattr(wanted, name) is not None
        )
    )


def _takes_part(agency: str) -> reads.Condition:
    return sa.exists().where(
        case_agency.c.case_id == case_record.c.id, case_agency.c.agency == agency
    )


def _charged_with(crime: str) -> reads.Condition:
    return sa.exists().where(
        charge.c.case_id == case_record.c.id, charge.c.crime == crime
    )


def _has_person(id_number: str) -> reads.Condition:
    return sa.exists().where(
        person.c.case_id == case_record.c.id, person.c.id_number == id_number
    )


async def numbers(
    connection: Connection, sight: Sight, case_ids: Sequence[int]
) -> dict[int, tuple[CaseNumber, ...]]:
    """The agencies' numbers of these cases, in the order they became known."""
    rows = await connection.execute(
        sa.select(*reads.columns(CaseNumber, case_number))
        .where(case_number.c.case_id.in_(case_ids))
        .where(reads.visible(sight, case_number.c.case_id))
        .order_by(case_number.c.seen_at, case_number.c.scheme, case_number.c.value)
    )
    return reads.grouped(
        [reads.record(CaseNumber, row) for row in rows], case_ids, "case_id"
    )


async def agencies(
    connection: Connection, sight: Sight, case_ids: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """The codes of the agencies that take part in these cases."""
    rows = await connection.execute(
        sa.select(case_agency.c.case_id, case_agency.c.agency)
        .where(case_agency.c.case_id.in_(case_ids))
        .where(reads.visible(sight, case_agency.c.case_id))
        .order_by(case_agency.c.since, case_agency.c.agency)
    )
    found: dict[int, list[str]] = {case_id: [] for case_id in case_ids}
    for row in rows:
        found[row.case_id].append(row.agency)
    return {case_id: tuple(codes) for case_id, codes in found.items()}


async def facets(
    connection: Connection, sight: Sight, case_ids: Sequence[int]
) -> dict[int, tuple[CaseFacet, ...]]:
    """The current facets of these cases, without their bodies."""
    digest = raw_record.c.digest.label("raw_digest")
    rows = await connection.execute(
        sa.select(*reads.columns(CaseFacet, facet), digest)
        .join(raw_record, raw_record.c.id == facet.c.raw_id)
        .where(facet.c.is_current, facet.c.case_id.in_(case_ids))
        .where(reads.visible(sight, facet.c.case_id))
        .order_by(facet.c.id)
    )
    return reads.grouped(
        [reads.record(CaseFacet, row) for row in rows], case_ids, "case_id"
    )


async def facet_bodies(
    connection: Connection, sight: Sight, facet_ids: Sequence[int]
) -> dict[int, FacetBody]:
    """What these facets say; apart from ``facets`` because bodies are large."""
    rows = await connection.execute(
        sa.select(facet.c.id, facet.c.body)
        .where(facet.c.id.in_(facet_ids))
        .where(reads.visible(sight, facet.c.case_id))
    )
    return {row.id: row.body for row in rows}
