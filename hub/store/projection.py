"""Write a projected case: its row and its children, by few statements a page.

Rows keep their ids as long as the thing they stand for stays (a person by match
key, a charge by its place), so identifiers handed to callers remain good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from hub.store import bulk, copying
from hub.store.copying import array
from hub.store.database import Connection
from hub.store.projection_rows import (
    COLUMNS,
    KEYS,
    TABLES,
    People,
    Projections,
    Values,
    agency_rows,
    case_rows,
    document_rows,
    list_rows,
    person_rows,
)
from hub.store.tables import case_agency, case_record, person

_AGENCY = ("case_id", "agency")


async def write(
    connection: Connection, cases: Projections, opened: Mapping[int, str] | None = None
) -> None:
    """Bring the stored projection of these cases in line with what was projected.

    ``opened`` are those that are not there yet, with their hub numbers. Nobody else
    can be writing them, so they go straight in.
    """
    opened = opened or {}
    new = {case_id: one for case_id, one in cases.items() if case_id in opened}
    old = {case_id: one for case_id, one in cases.items() if case_id not in opened}
    if new:
        await _open(connection, new, opened)
    if old:
        await _renew(connection, old)


async def _open(
    connection: Connection, cases: Projections, opened: Mapping[int, str]
) -> None:
    columns = ("hub_number", *COLUMNS["case"])
    rows: list[Values] = [(opened[int(str(row[0]))], *row) for row in case_rows(cases)]
    await copying.copy_in(connection, case_record, columns, rows)
    await copying.copy_in(connection, case_agency, _AGENCY, agency_rows(cases))
    people = await _introduce(connection, cases)
    blocks = list_rows(cases, people) | {"document": document_rows(cases)}
    for kind, block in blocks.items():
        await copying.copy_in(connection, TABLES[kind], COLUMNS[kind], block)


async def _introduce(connection: Connection, cases: Projections) -> People:
    rows = person_rows(cases)
    ids = await copying.reserve(connection, person, len(rows))
    numbered: list[Values] = [(one, *row) for one, row in zip(ids, rows, strict=True)]
    await copying.copy_in(connection, person, ("id", *COLUMNS["person"]), numbered)
    return {
        (int(str(row[0])), str(row[2])): one for one, row in zip(ids, rows, strict=True)
    }


async def _renew(connection: Connection, cases: Projections) -> None:
    also = "version = case_record.version + 1, changed_at = now()"
    rows = _named(COLUMNS["case"], case_rows(cases))
    await bulk.update(connection, case_record, rows, also=also)
    await bulk.insert(
        connection,
        case_agency,
        _named(_AGENCY, agency_rows(cases)),
        on_conflict="on conflict do nothing",
    )
    await _replace(connection, "person", cases, person_rows(cases))
    found = await connection.execute(_PEOPLE, {"cases": array(cases)})
    people = {(row[0], row[1]): row[2] for row in found}
    for kind, block in list_rows(cases, people).items():
        await _replace(connection, kind, cases, block)
    await _replace(connection, "document", cases, document_rows(cases))


_PEOPLE = sa.text(
    "select person.case_id, person.match_key, person.id"
    " from unnest(cast(:cases as bigint[])) as told (id)"
    " join person on person.case_id = told.id"
)


async def _replace(
    connection: Connection, kind: str, cases: Projections, rows: Sequence[Values]
) -> None:
    """Write the children of these cases and delete those that are told no longer."""
    table, key, columns = TABLES[kind], KEYS[kind], COLUMNS[kind]
    told = {
        f"key{place}": array(str(row[columns.index(name)]) for row in rows)
        for place, name in enumerate(key)
    }
    await connection.execute(_drop(table, key), {"cases": array(cases), **told})
    await bulk.upsert(connection, table, key, _named(columns, rows))


def _drop(table: sa.Table, key: Sequence[str]) -> sa.TextClause:
    arrays = ", ".join(
        f"cast(:key{place} as {table.c[name].type}[])" for place, name in enumerate(key)
    )
    names = ", ".join(key)
    own = ", ".join(f"{table.name}.{name}" for name in key)
    return sa.text(
        f"delete from {table.name} where case_id in"  # noqa: S608 - our own names
        f" (select unnest(cast(:cases as bigint[]))) and ({own}) not in"
        f" (select {names} from unnest({arrays}) as told ({names}))"
    )


def _named(columns: Sequence[str], rows: Sequence[Values]) -> list[dict[str, object]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]
