"""Drifts as kept: opened once, decided by a person, ended when they are no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.records.drift import Drift, DriftFilter, Finding
from hub.store.database import Connection
from hub.store.tables import raw_record, sync_failure
from hub.store.tables_drift import drift

#: one at a time may write a crosswalk (an arbitrary constant)
_WRITING = 4_213_813
_COLUMNS = {"table": "code_table"}


async def page(
    connection: Connection, wanted: DriftFilter, limit: int | None = None
) -> list[Drift]:
    """The drifts that a filter wants, newest first, with how many records wait."""
    statement = _drifts().order_by(drift.c.id.desc())
    if wanted.endpoint is not None:
        statement = statement.where(drift.c.endpoint == wanted.endpoint)
    if wanted.state is not None:
        statement = statement.where(drift.c.state == wanted.state)
    rows = await connection.execute(statement.limit(limit))
    return [_record(row) for row in rows]


async def live(connection: Connection, endpoint: str) -> list[Drift]:
    """The drifts of an endpoint that have not ended, whatever was decided."""
    rows = await connection.execute(
        _drifts().where(drift.c.endpoint == endpoint, drift.c.ended_at.is_(None))
    )
    return [_record(row) for row in rows]


async def one(
    connection: Connection, drift_id: int, *, lock: bool = False
) -> Drift | None:
    """One drift, locked against a second decision at the same time."""
    if lock:
        await connection.execute(
            sa.select(drift.c.id).where(drift.c.id == drift_id).with_for_update()
        )
        await connection.execute(sa.text(f"select pg_advisory_xact_lock({_WRITING})"))
    rows = await connection.execute(_drifts().where(drift.c.id == drift_id))
    row = rows.one_or_none()
    return _record(row) if row else None


async def open_counts(connection: Connection) -> dict[str, int]:
    """Endpoint -> how many drifts nobody has decided."""
    rows = await connection.execute(
        sa.select(drift.c.endpoint, sa.func.count())
        .where(drift.c.state == "open")
        .group_by(drift.c.endpoint)
    )
    return {str(endpoint): int(many) for endpoint, many in rows}


@dataclass(frozen=True, slots=True)
class About:
    """What is kept with a finding: whose it is, what it causes, what may mend it."""

    endpoint: str
    system: str
    cause: str
    suggestions: Sequence[Mapping[str, object]]


async def keep(connection: Connection, found: Finding, about: About) -> int | None:
    """Open a drift, or bring the counts of one still open up to date.

    Returns the id of one that is new. What a person decided stays as it was.
    """
    values = {
        "endpoint": about.endpoint,
        "system": about.system,
        "drift": found.drift,
        "kind": found.kind,
        "path": found.path,
        "code_table": found.table,
        "code": found.code,
        "other": found.other,
        "first_on": found.day,
        "before_count": found.before,
        "before_of": found.before_of,
        "after_count": found.after,
        "after_of": found.after_of,
        "cause": about.cause,
        "suggestions": [dict(one) for one in about.suggestions],
    }
    statement = insert(drift).values(values)
    told = {name: statement.excluded[name] for name in ("after_count", "after_of")}
    rows = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[
                "endpoint",
                "drift",
                "kind",
                "path",
                "code_table",
                "code",
                "other",
            ],
            index_where=sa.text("ended_at is null"),
            set_=told,
            where=drift.c.state == "open",
        ).returning(drift.c.id, sa.text("xmax = 0 as is_new"))
    )
    row = rows.one_or_none()
    return int(row.id) if row is not None and row.is_new else None


async def end(connection: Connection, ids: Sequence[int]) -> None:
    """What was found is no more; a dismissal stays one, all else is closed."""
    if not ids:
        return
    state = sa.case((drift.c.state == "dismissed", "dismissed"), else_="closed")
    await connection.execute(
        sa.update(drift)
        .where(drift.c.id.in_(ids), drift.c.ended_at.is_(None))
        .values(state=state, ended_at=sa.func.now())
    )


async def decide(
    connection: Connection, drift_id: int, state: str, by: str, reason: str
) -> None:
    """Write down what a person decided of a drift."""
    await connection.execute(
        sa.update(drift)
        .where(drift.c.id == drift_id)
        .values(state=state, decided_by=by, decided_at=sa.func.now(), reason=reason)
    )


async def waiting(
    connection: Connection, endpoints: Sequence[str], table: str, limit: int
) -> list[tuple[int, str, int]]:
    """(failure, endpoint, raw record) of open failures that this table made."""
    rows = await connection.execute(
        sa.select(sync_failure.c.id, sync_failure.c.endpoint, sync_failure.c.raw_id)
        .join(raw_record, raw_record.c.id == sync_failure.c.raw_id)
        .where(sync_failure.c.state == "open", sync_failure.c.kind == "record")
        .where(sync_failure.c.endpoint.in_(endpoints))
        .where(sync_failure.c.faults.contains([{"rule": table}]))
        .order_by(sync_failure.c.id)
        .limit(limit)
    )
    return [(int(row.id), str(row.endpoint), int(row.raw_id)) for row in rows]


def _drifts() -> sa.Select[Any]:
    names = [one.name for one in fields(Drift) if one.name != "waiting"]
    columns = [drift.c[_COLUMNS.get(name, name)].label(name) for name in names]
    waiting = (
        sa.select(sa.func.count())
        .where(sync_failure.c.cause == drift.c.cause, drift.c.cause != "")
        .where(sync_failure.c.state == "open")
        .scalar_subquery()
    )
    return sa.select(*columns, waiting.label("waiting"))


def _record(row: sa.Row[Any]) -> Drift:
    told = dict(row._mapping)
    return Drift(**told | {"suggestions": tuple(told["suggestions"])})
