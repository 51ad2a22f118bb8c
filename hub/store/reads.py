"""What all reads share: who may see a row, pages in a total order, rows to records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa

from hub.records.caller import Reach, Sight
from hub.records.page import Ask, Cursor, Found, bad_cursor
from hub.records.provenance import told
from hub.store.database import Connection
from hub.store.tables import case_agency

_TOLD = ("sources", "disagreements", "unreadable")


class _Record(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


Record = TypeVar("Record", bound=_Record)

Condition = sa.ColumnElement[bool]
Row = sa.Row[*tuple[Any, ...]]


def visible(sight: Sight, case_id: sa.ColumnElement[int]) -> Condition:
    """The row policy: may this caller see the case a row belongs to?

    Stands in every statement that reads case data, children included.
    """
    if sight.reach is Reach.ALL:
        return sa.true()
    if sight.reach is Reach.OWN:
        return sa.exists().where(
            case_agency.c.case_id == case_id, case_agency.c.agency == sight.agency
        )
    return sa.false()


def columns(kind: type[_Record], table: sa.Table) -> list[sa.ColumnElement[Any]]:
    """The table's columns that a record is made of; ``told`` stands for three."""
    names = [field.name for field in fields(kind)]
    plain = [table.c[name] for name in names if name != "told" and name in table.c]
    return [*plain, *(table.c[name] for name in _TOLD if "told" in names)]


def record(kind: type[Record], row: Row, **more: object) -> Record:
    """One row of ``columns`` as a record; ``more`` fills what no column tells."""
    values = {**row._mapping, **more}
    if "told" in kind.__dataclass_fields__:
        values["told"] = told(*(values.pop(name) for name in _TOLD))
    return kind(**values)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found


@dataclass(frozen=True, slots=True)
class Sort:
    """A total order: a column that may be null, then the key."""

    key: sa.Column[Any]
    column: sa.Column[Any] | None = None

    def values(self, cursor: Cursor) -> tuple[Any, Any]:
        """The cursor's two values in the columns' types; ``RequestInvalid`` if not."""
        try:
            value = None
            if cursor.value is not None and self.column is not None:
                value = _reader(self.column)(cursor.value)
            return value, _reader(self.key)(cursor.key)
        except (ValueError, OverflowError) as error:
            raise bad_cursor() from error


def _reader(column: sa.Column[Any]) -> Callable[[str], Any]:
    readers: dict[type[Any], Callable[[str], Any]] = {
        date: date.fromisoformat,
        datetime: _moment,
        int: _number,
        UUID: UUID,
    }
    return readers.get(column.type.python_type, str)


def _number(text: str) -> int:
    found = int(text)
    if not 0 <= found < 2**63:
        raise ValueError
    return found


async def page(
    connection: Connection,
    kind: type[Record],
    statement: sa.Select[Any],
    sort: Sort,
    ask: Ask,
) -> Found[Record]:
    """One page of a statement in a total order; nulls come last."""
    wanted = statement
    if ask.after is not None:
        wanted = wanted.where(_after(sort, ask.after, descending=ask.descending))
    rows = (
        await connection.execute(
            wanted.order_by(*_order(sort, ask)).limit(ask.first + 1)
        )
    ).all()
    found = tuple(record(kind, row) for row in rows[: ask.first])

    def place(one: Record) -> Cursor:
        value = getattr(one, sort.column.key) if sort.column is not None else None
        text = value.isoformat() if isinstance(value, date) else value
        return Cursor(ask.order, text, str(getattr(one, sort.key.key)))

    return Found(found, len(rows) > ask.first, place)


def _order(sort: Sort, ask: Ask) -> Sequence[sa.ColumnElement[Any]]:
    parts = [sort.key] if sort.column is None else [sort.column, sort.key]
    turned = [part.desc() if ask.descending else part.asc() for part in parts]
    if sort.column is not None and sort.column.nullable:
        # only where needed: the words keep a descending order off a plain index
        turned[0] = turned[0].nulls_last()
    return turned


def _after(sort: Sort, cursor: Cursor, *, descending: bool) -> Condition:
    value, key = sort.values(cursor)
    later: Condition = sort.key < key if descending else sort.key > key
    column = sort.column
    if column is None:
        return later
    if value is None:
        return sa.and_(column.is_(None), later)
    if not column.nullable:
        place, here = sa.tuple_(column, sort.key), sa.tuple_(value, key)
        return place < here if descending else place > here
    beyond = column < value if descending else column > value
    return sa.or_(beyond, sa.and_(column == value, later), column.is_(None))


async def total(connection: Connection, statement: sa.Select[Any]) -> int:
    """How many rows a statement has, whatever page of it is shown."""
    counted = sa.select(sa.func.count()).select_from(
        statement.order_by(None).subquery()
    )
    return int((await connection.execute(counted)).scalar_one())


def grouped(
    rows: Sequence[Record], keys: Sequence[Any], by: str
) -> dict[Any, tuple[Record, ...]]:
    """Rows under their parents; a parent without rows has an empty tuple."""
    found: dict[Any, list[Record]] = {key: [] for key in keys}
    for row in rows:
        found[getattr(row, by)].append(row)
    return {key: tuple(mine) for key, mine in found.items()}
