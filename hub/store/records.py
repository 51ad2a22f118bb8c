"""A stored case as one canonical record again: for parcels and comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from hub.contract.messages import Record, Tree
from hub.records.shape import NUMBER_SCHEMES, SHAPES
from hub.store.database import Connection
from hub.store.tables import (
    case_number,
    case_record,
    charge,
    document,
    measure,
    person,
    sentence,
)


async def load_record(connection: Connection, case_id: int) -> Record | None:
    """The case in the canonical shape, plus ``hub_number``; absent stays absent.

    Where a case has several numbers of one scheme, the newest stands here.
    """
    return (await load_records(connection, [case_id])).get(case_id)


async def load_records(
    connection: Connection, case_ids: Sequence[int]
) -> dict[int, Record]:
    """The same for many cases, by as many statements as for one."""
    cases = await _rows(connection, case_record, case_record.c.id, case_ids)
    numbers = await _numbers(connection, case_ids)
    persons = await _persons(connection, case_ids)
    papers = _grouped(await _children(connection, document, case_ids), "case_id")
    found: dict[int, Record] = {}
    for row in cases:
        case_id = row["id"]
        record = _scalars("case", row)
        record["hub_number"] = row["hub_number"]
        record.update(numbers.get(case_id, {}))
        record["persons"] = persons.get(case_id, [])
        papers_here = papers.get(case_id, [])
        record["documents"] = [_scalars("document", paper) for paper in papers_here]
        found[case_id] = record
    return found


async def _rows(
    connection: Connection,
    table: sa.Table,
    column: sa.Column[Any],
    keys: Sequence[int],
    *order: sa.Column[Any],
) -> list[dict[str, Any]]:
    wanted = sa.select(table).where(column.in_(list(keys))).order_by(*order)
    return [dict(row) for row in (await connection.execute(wanted)).mappings()]


async def _children(
    connection: Connection, table: sa.Table, case_ids: Sequence[int]
) -> list[dict[str, Any]]:
    order = table.c.position if "position" in table.c else table.c.id
    return await _rows(connection, table, table.c.case_id, case_ids, order)


async def _numbers(
    connection: Connection, case_ids: Sequence[int]
) -> dict[int, Record]:
    fields = {scheme: name for name, scheme in NUMBER_SCHEMES.items()}
    rows = await connection.execute(
        sa.select(case_number.c.case_id, case_number.c.scheme, case_number.c.value)
        .where(case_number.c.case_id.in_(list(case_ids)))
        .order_by(case_number.c.seen_at, case_number.c.value)
    )
    found: dict[int, Record] = {}
    for case_id, scheme, value in rows:
        if scheme in fields:
            found.setdefault(case_id, {})[fields[scheme]] = value
    return found


async def _persons(
    connection: Connection, case_ids: Sequence[int]
) -> dict[int, list[Tree]]:
    people = await _children(connection, person, case_ids)
    charges = _grouped(await _children(connection, charge, case_ids))
    measures = _grouped(await _children(connection, measure, case_ids))
    sentences = _grouped(await _children(connection, sentence, case_ids))
    found: dict[int, list[Tree]] = {}
    for one in people:
        told = _person(one, charges, measures, sentences)
        found.setdefault(one["case_id"], []).append(told)
    return found


_Rows = dict[int, list[dict[str, Any]]]


def _person(
    one: dict[str, Any], charges: _Rows, measures: _Rows, sentences: _Rows
) -> Record:
    person_id = one["id"]
    record = _scalars("person", one)
    record["match_key"] = one["match_key"]
    record["charges"] = [_scalars("charge", row) for row in charges.get(person_id, [])]
    record["measures"] = [
        _scalars("measure", row) for row in measures.get(person_id, [])
    ]
    if person_id in sentences:
        record["sentence"] = _scalars("sentence", sentences[person_id][0])
    return record


def _grouped(rows: Iterable[dict[str, Any]], by: str = "person_id") -> _Rows:
    found: _Rows = {}
    for row in rows:
        found.setdefault(row[by], []).append(row)
    return found


def _scalars(kind: str, row: dict[str, Any]) -> Record:
    return {
        name: _plain(row[name])
        for name in SHAPES[kind]
        if name in row and row[name] is not None
    }


def _plain(value: Any) -> Tree:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value  # type: ignore[no-any-return]
