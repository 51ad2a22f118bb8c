"""A stored case as one canonical record again: for parcels and comparisons."""

from __future__ import annotations

from collections.abc import Iterable
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
    row = await _one(connection, case_record, case_id)
    if row is None:
        return None
    record = _scalars("case", row)
    record["hub_number"] = row["hub_number"]
    record.update(await _numbers(connection, case_id))
    record["persons"] = await _persons(connection, case_id)
    papers = await _children(connection, document, case_id)
    record["documents"] = [_scalars("document", paper) for paper in papers]
    return record


async def _one(
    connection: Connection, table: sa.Table, row_id: int
) -> dict[str, Any] | None:
    found = await connection.execute(sa.select(table).where(table.c.id == row_id))
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def _children(
    connection: Connection, table: sa.Table, case_id: int
) -> list[dict[str, Any]]:
    order = table.c.position if "position" in table.c else table.c.id
    found = await connection.execute(
        sa.select(table).where(table.c.case_id == case_id).order_by(order)
    )
    return [dict(row) for row in found.mappings()]


async def _numbers(connection: Connection, case_id: int) -> Record:
    fields = {scheme: name for name, scheme in NUMBER_SCHEMES.items()}
    rows = await connection.execute(
        sa.select(case_number.c.scheme, case_number.c.value)
        .where(case_number.c.case_id == case_id)
        .order_by(case_number.c.seen_at, case_number.c.value)
    )
    return {fields[scheme]: value for scheme, value in rows if scheme in fields}


async def _persons(connection: Connection, case_id: int) -> list[Tree]:
    people = await _children(connection, person, case_id)
    charges = _by_person(await _children(connection, charge, case_id))
    measures = _by_person(await _children(connection, measure, case_id))
    sentences = _by_person(await _children(connection, sentence, case_id))
    return [_person(one, charges, measures, sentences) for one in people]


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


def _by_person(rows: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(row)
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
