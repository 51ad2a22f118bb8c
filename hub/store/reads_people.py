"""Reading what hangs under a case: persons, charges, measures, documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from hub.records.caller import Sight
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
from hub.store import reads
from hub.store.database import Connection
from hub.store.tables import charge, document, measure, person, sentence

Child = TypeVar("Child", Person, Charge, Measure, Sentence, Document)

TABLES: dict[type[Any], sa.Table] = {
    Person: person,
    Charge: charge,
    Measure: measure,
    Sentence: sentence,
    Document: document,
}


async def of_cases(
    connection: Connection, kind: type[Child], sight: Sight, case_ids: Sequence[int]
) -> dict[int, tuple[Child, ...]]:
    """The children of one kind of these cases, in their order."""
    table = TABLES[kind]
    order = [table.c.position] if "position" in table.c else []
    rows = await connection.execute(
        _seen(kind, sight)
        .where(table.c.case_id.in_(case_ids))
        .order_by(table.c.case_id, *order, table.c.id)
    )
    return reads.grouped([reads.record(kind, row) for row in rows], case_ids, "case_id")


async def by_id(
    connection: Connection, kind: type[Child], sight: Sight, key: int
) -> Child | None:
    """One child by its key, if the caller may see its case."""
    rows = await connection.execute(_seen(kind, sight).where(TABLES[kind].c.id == key))
    row = rows.one_or_none()
    return reads.record(kind, row) if row else None


async def page(
    connection: Connection,
    kind: type[Child],
    sight: Sight,
    conditions: Sequence[reads.Condition],
    ask: Ask,
) -> Found[Child]:
    """One page of the visible children of one kind, by key."""
    statement = _seen(kind, sight).where(*conditions)
    return await reads.page(
        connection, kind, statement, reads.Sort(TABLES[kind].c.id), ask
    )


async def total(
    connection: Connection,
    kind: type[Child],
    sight: Sight,
    conditions: Sequence[reads.Condition],
) -> int:
    """How many visible children of one kind there are."""
    return await reads.total(connection, _seen(kind, sight).where(*conditions))


def _seen(kind: type[Child], sight: Sight) -> sa.Select[Any]:
    table = TABLES[kind]
    return sa.select(*reads.columns(kind, table)).where(
        reads.visible(sight, table.c.case_id)
    )


def conditions(
    wanted: PersonFilter | ChargeFilter | MeasureFilter | DocumentFilter,
) -> list[reads.Condition]:
    """A filter as conditions of its own table; what is not given asks nothing."""
    match wanted:
        case PersonFilter():
            return _of_person(wanted)
        case ChargeFilter():
            return _equal(charge, crime=wanted.crime)
        case MeasureFilter():
            return _of_measure(wanted)
        case DocumentFilter():
            return _equal(document, type=wanted.type, number=wanted.number)


def _equal(table: sa.Table, **values: str | None) -> list[reads.Condition]:
    return [
        table.c[name] == value for name, value in values.items() if value is not None
    ]


def _of_person(wanted: PersonFilter) -> list[reads.Condition]:
    found = _equal(
        person, id_number=wanted.id_number, name=wanted.name, stage=wanted.stage
    )
    if wanted.crime is not None:
        found.append(
            sa.exists().where(
                charge.c.person_id == person.c.id, charge.c.crime == wanted.crime
            )
        )
    return found


def _of_measure(wanted: MeasureFilter) -> list[reads.Condition]:
    found = _equal(measure, kind=wanted.kind)
    if wanted.on is not None:
        ends = sa.or_(measure.c.ends_on.is_(None), measure.c.ends_on >= wanted.on)
        found += [measure.c.started_on <= wanted.on, ends]
    return found
