"""Write a projected case: its row and its children, by few statements a page.

Rows keep their ids as long as the thing they stand for stays (a person by match
key, a charge by its place), so identifiers handed to callers remain good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from hub.records.projection import Projection, Told
from hub.records.shape import SHAPES
from hub.store import bulk
from hub.store.database import Connection
from hub.store.tables import (
    case_agency,
    case_record,
    charge,
    document,
    measure,
    person,
    sentence,
)

Row = dict[str, object]
Projections = Mapping[int, Projection]

_CASE_FIELDS = (
    "title",
    "summary",
    "stage",
    "investigator",
    "filed_on",
    "accepted_on",
    "due_on",
    "closed_on",
    "modified_at",
    "is_withdrawn",
)


async def write(connection: Connection, cases: Projections) -> None:
    """Bring the stored projection of these cases in line with what was projected."""
    if not cases:
        return
    await _write_cases(connection, cases)
    await _write_agencies(connection, cases)
    people = await _write_persons(connection, cases)
    await _write_lists(connection, cases, people)
    await _write_documents(connection, cases)


async def _write_cases(connection: Connection, cases: Projections) -> None:
    rows = [
        {"id": case_id} | _row("case", _CASE_FIELDS, projection.case)
        for case_id, projection in sorted(cases.items())
    ]
    also = "version = case_record.version + 1, changed_at = now()"
    await bulk.update(connection, case_record, rows, also=also)


async def _write_agencies(connection: Connection, cases: Projections) -> None:
    rows = [
        {"case_id": case_id, "agency": agency}
        for case_id, projection in sorted(cases.items())
        for agency in sorted(projection.agencies)
    ]
    await bulk.insert(
        connection, case_agency, rows, on_conflict="on conflict do nothing"
    )


async def _write_persons(
    connection: Connection, cases: Projections
) -> dict[tuple[int, str], int]:
    fields = tuple(name for name in SHAPES["person"] if name in person.c)
    rows = [
        {"case_id": case_id, "position": place, "match_key": one.match_key}
        | _row("person", fields, one.told)
        for case_id, projection in cases.items()
        for place, one in enumerate(projection.persons)
    ]
    keys = [(row["case_id"], row["match_key"]) for row in rows]
    await _drop(connection, person, (person.c.case_id, person.c.match_key), cases, keys)
    if not rows:
        return {}
    await bulk.upsert(connection, person, ("case_id", "match_key"), rows)
    found = await connection.execute(
        sa.select(person.c.case_id, person.c.match_key, person.c.id).where(
            person.c.case_id.in_(list(cases))
        )
    )
    return {(row[0], row[1]): row[2] for row in found}


async def _write_lists(
    connection: Connection, cases: Projections, people: Mapping[tuple[int, str], int]
) -> None:
    charges: list[Row] = []
    measures: list[Row] = []
    sentences: list[Row] = []
    for case_id, projection in cases.items():
        for one in projection.persons:
            owner: Row = {
                "case_id": case_id,
                "person_id": people[case_id, one.match_key],
            }
            charges += _placed(owner, "charge", charge, one.charges)
            measures += _placed(owner, "measure", measure, one.measures)
            if one.sentence:
                sentences.append(owner | _row_of("sentence", sentence, one.sentence))
    await _replace(connection, charge, ("person_id", "position"), cases, charges)
    await _replace(connection, measure, ("person_id", "position"), cases, measures)
    await _replace(connection, sentence, ("person_id",), cases, sentences)


async def _write_documents(connection: Connection, cases: Projections) -> None:
    rows: list[Row] = []
    for case_id, projection in cases.items():
        for place, (key, told) in enumerate(projection.documents):
            mark: Row = {"case_id": case_id, "position": place, "match_key": key}
            rows.append(mark | _row_of("document", document, told))
    await _replace(connection, document, ("case_id", "match_key"), cases, rows)


def _placed(owner: Row, kind: str, table: sa.Table, items: Sequence[Told]) -> list[Row]:
    return [
        owner | {"position": place} | _row_of(kind, table, told)
        for place, told in enumerate(items)
    ]


async def _replace(
    connection: Connection,
    table: sa.Table,
    key: tuple[str, ...],
    cases: Projections,
    rows: list[Row],
) -> None:
    columns = tuple(table.c[name] for name in key)
    keys = [tuple(row[name] for name in key) for row in rows]
    await _drop(connection, table, columns, cases, keys)
    await bulk.upsert(connection, table, key, rows)


async def _drop(
    connection: Connection,
    table: sa.Table,
    columns: tuple[sa.Column[object], ...],
    cases: Projections,
    keep: Sequence[tuple[object, ...]],
) -> None:
    """Delete the children of these cases that are told no longer."""
    statement = sa.delete(table).where(table.c.case_id.in_(list(cases)))
    if keep:
        statement = statement.where(sa.tuple_(*columns).not_in(list(keep)))
    await connection.execute(statement)


def _row_of(kind: str, table: sa.Table, told: Told) -> Row:
    return _row(kind, tuple(name for name in SHAPES[kind] if name in table.c), told)


def _row(kind: str, fields: Sequence[str], told: Told) -> Row:
    row: Row = {name: told.values.get(name) for name in fields}
    row["sources"] = told.sources
    row["disagreements"] = told.disagreements
    row["unreadable"] = told.unreadable
    return row
