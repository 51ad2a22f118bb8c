"""A case that is opened and a case that is renewed are written the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from hub.contract.messages import Record
from hub.engine.project import project
from hub.mapping.precedence import Precedence
from hub.records.projection import Projection
from hub.records.provenance import Source, told
from hub.store import numbers, projection
from hub.store.database import Connection, Database
from hub.store.facets import Facet
from hub.store.tables import (
    case_agency,
    case_record,
    charge,
    document,
    measure,
    person,
    sentence,
)

AT = datetime(2023, 8, 1, tzinfo=UTC)
CHILDREN = (case_agency, person, charge, measure, sentence, document)
#: what differs by nature
_OWN = {"id", "case_id", "person_id", "hub_number", "version"}


def _body(**more: object) -> Record:
    body: dict[str, Any] = {
        "title": "张三\\危险驾驶案\n",
        "investigator": "POLICE-421381",
        "filed_on": "2023-08-01",
        "persons": [
            {
                "name": "张三",
                "birth_date": "1900-01-01",
                "charges": [{"crime": "133-1", "wording": "危险驾驶罪"}],
                "measures": [{"kind": "BAIL", "started_on": "2023-08-02"}],
                "sentence": {"months": 2, "fine": "3000.00"},
                "unreadable": {"sex": "？"},
            },
            {"name": "李四"},
        ],
        "documents": [{"type": "FILING_DECISION", "number": "1号"}],
    }
    return body | more


def _case(precedence: Precedence, **more: object) -> Projection:
    system = "police_case"
    return project([Facet(7, "e", system, "k", 1, _body(**more), AT)], precedence)


async def _written(connection: Connection, case_id: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for table, column in (
        (case_record, "id"),
        *((one, "case_id") for one in CHILDREN),
    ):
        order = [table.c[n] for n in ("position", "agency") if n in table.c]
        rows = await connection.execute(
            sa.select(table).where(table.c[column] == case_id).order_by(*order)
        )
        found[table.name] = [
            {name: value for name, value in row.items() if name not in _OWN}
            for row in rows.mappings()
        ]
    return found


async def test_both_ways_of_writing_give_the_same_rows(
    database: Database, precedence: Precedence
) -> None:
    case = _case(precedence)
    async with database.begin() as connection:
        ((new, number),) = await numbers.reserve_cases(connection, [("0", "0")])
        await projection.write(connection, {new: case}, {new: number})
        old, _ = await numbers.open_case(connection, "0", "0")
        await projection.write(connection, {old: case})
        opened, renewed = (
            await _written(connection, new),
            await _written(connection, old),
        )
    assert opened == renewed
    assert {name: len(rows) for name, rows in opened.items()} == {
        "case_record": 1,
        "case_agency": 1,
        "person": 2,
        "charge": 1,
        "measure": 1,
        "sentence": 1,
        "document": 1,
    }


async def test_a_renewed_case_keeps_its_persons_ids_and_drops_what_is_told_no_longer(
    database: Database, precedence: Precedence
) -> None:
    ids = sa.select(person.c.name, person.c.id).order_by(person.c.position)
    async with database.begin() as connection:
        ((new, number),) = await numbers.reserve_cases(connection, [("0", "0")])
        await projection.write(connection, {new: _case(precedence)}, {new: number})
        before = {row.name: row.id for row in await connection.execute(ids)}
        less = _case(precedence, persons=[{"name": "李四"}], documents=[])
        await projection.write(connection, {new: less})
        after = {row.name: row.id for row in await connection.execute(ids)}
        left = await _written(connection, new)
    assert after == {"李四": before["李四"]}
    assert [name for name, rows in left.items() if not rows] == [
        "charge",
        "measure",
        "sentence",
        "document",
    ]


async def test_a_source_told_once_is_the_source_of_every_field_it_names(
    database: Database, precedence: Precedence
) -> None:
    async with database.begin() as connection:
        ((new, number),) = await numbers.reserve_cases(connection, [("0", "0")])
        await projection.write(connection, {new: _case(precedence)}, {new: number})
        rows = await connection.execute(
            sa.select(person.c.sources, person.c.unreadable).order_by(person.c.position)
        )
        first = rows.first()
    assert first is not None
    assert len(first.sources) == 1
    sources = told(first.sources, {}, first.unreadable).sources
    assert set(sources) == {"name", "birth_date", "sex", "charges", "measures"}
    assert set(sources.values()) == {Source("e", 7, AT)}
