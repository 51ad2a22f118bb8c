"""Reading the run book: endpoints' standing, sync runs, failures and their causes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from hub.errors import Fault, Text
from hub.records.agency import EndpointStanding
from hub.records.page import Ask, Found
from hub.records.sync import FailureCause, FailureFilter, SyncFailure, SyncRun
from hub.store import reads
from hub.store.database import Connection
from hub.store.tables import (
    endpoint_state,
    facet,
    raw_record,
    sync_failure,
    sync_run,
    transfer,
)

_RAW = (
    raw_record.c.digest.label("raw_digest"),
    raw_record.c.size.label("raw_size"),
    raw_record.c.media.label("raw_media"),
    raw_record.c.fetched_at,
)


#: the run under way when it was closed; a replay closes in the moment it starts
_PROOF_RUN = (
    sa.select(sync_run.c.id)
    .where(
        sync_run.c.endpoint == sync_failure.c.endpoint,
        sync_run.c.started_at <= sync_failure.c.closed_at,
        sa.func.coalesce(sync_run.c.finished_at, sa.func.now())
        >= sync_failure.c.closed_at,
    )
    .order_by(sync_run.c.started_at.desc(), sync_run.c.id.desc())
    .limit(1)
    .correlate(sync_failure)
    .scalar_subquery()
)
_PROOF = (
    sa.case((sync_failure.c.closed_at.is_not(None), _PROOF_RUN)).label("proof_run_id"),
    facet.c.case_id.label("proof_case_id"),
)


async def standings(connection: Connection) -> dict[str, EndpointStanding]:
    """What is known of every endpoint that was ever talked to, in one statement."""
    failures = _counted(sync_failure, sync_failure.c.state == "open")
    waiting = _counted(
        transfer, transfer.c.state.in_(("QUEUED", "SENDING", "DELIVERED"))
    )
    codes = sa.union(
        sa.select(endpoint_state.c.endpoint),
        sa.select(failures.c.endpoint),
        sa.select(waiting.c.endpoint),
    ).subquery()
    plain = reads.columns(EndpointStanding, endpoint_state)
    rows = await connection.execute(
        sa.select(
            codes.c.endpoint,
            *(column for column in plain if column.key != "endpoint"),
            sa.func.coalesce(failures.c.many, 0).label("open_failures"),
            sa.func.coalesce(waiting.c.many, 0).label("waiting_transfers"),
        )
        .join_from(
            codes,
            endpoint_state,
            endpoint_state.c.endpoint == codes.c.endpoint,
            isouter=True,
        )
        .outerjoin(failures, failures.c.endpoint == codes.c.endpoint)
        .outerjoin(waiting, waiting.c.endpoint == codes.c.endpoint)
    )
    return {row.endpoint: _standing(row) for row in rows}


def _counted(table: sa.Table, condition: reads.Condition) -> sa.Subquery:
    return (
        sa.select(table.c.endpoint, sa.func.count().label("many"))
        .where(condition)
        .group_by(table.c.endpoint)
        .subquery()
    )


def _standing(row: reads.Row) -> EndpointStanding:
    if row.state is not None:
        return EndpointStanding(**row._mapping)
    return EndpointStanding(
        row.endpoint,
        open_failures=row.open_failures,
        waiting_transfers=row.waiting_transfers,
    )


async def run_page(
    connection: Connection, endpoint: str | None, ask: Ask
) -> Found[SyncRun]:
    """One page of the sync runs."""
    sort = reads.Sort(sync_run.c.id)
    return await reads.page(connection, SyncRun, _runs(endpoint), sort, ask)


async def run_total(connection: Connection, endpoint: str | None) -> int:
    """How many sync runs there were."""
    return await reads.total(connection, _runs(endpoint))


async def runs_by_ids(connection: Connection, ids: Sequence[int]) -> dict[int, SyncRun]:
    """These sync runs."""
    rows = await connection.execute(_runs(None).where(sync_run.c.id.in_(ids)))
    return {row.id: reads.record(SyncRun, row) for row in rows}


def _runs(endpoint: str | None) -> sa.Select[Any]:
    statement = sa.select(*reads.columns(SyncRun, sync_run))
    if endpoint is None:
        return statement
    return statement.where(sync_run.c.endpoint == endpoint)


async def failure_page(
    connection: Connection, wanted: FailureFilter, ask: Ask
) -> Found[SyncFailure]:
    """One page of the sync failures; their raw bytes are described, not shown."""
    sort = reads.Sort(sync_failure.c.id)
    found = await reads.page(connection, SyncFailure, _failures(wanted), sort, ask)
    rows = tuple(_mended(one) for one in found.rows)
    return Found(rows, found.has_next, found.place)


async def failure_total(connection: Connection, wanted: FailureFilter) -> int:
    """How many failures the filter wants."""
    return await reads.total(connection, _failures(wanted))


async def failure_by_id(connection: Connection, key: int) -> SyncFailure | None:
    """One failure."""
    statement = _failures(FailureFilter()).where(sync_failure.c.id == key)
    row = (await connection.execute(statement)).one_or_none()
    return _mended(reads.record(SyncFailure, row)) if row else None


def _failures(wanted: FailureFilter) -> sa.Select[Any]:
    asked = {
        name: value
        for name in ("endpoint", "state", "code", "cause")
        if (value := getattr(wanted, name)) is not None
    }
    return (
        sa.select(*reads.columns(SyncFailure, sync_failure), *_RAW, *_PROOF)
        .join(raw_record, raw_record.c.id == sync_failure.c.raw_id)
        .outerjoin(facet, facet.c.id == sync_failure.c.proof_facet_id)
        .where(*(sync_failure.c[name] == value for name, value in asked.items()))
    )


def _mended(one: SyncFailure) -> SyncFailure:
    """The faults as stored are plain JSON; above the store they are ``Fault``."""
    faults: Sequence[Any] = one.faults
    values = {name: getattr(one, name) for name in one.__slots__}
    values["faults"] = tuple(_fault(fault) for fault in faults)
    return SyncFailure(**values)


def _fault(body: dict[str, Any]) -> Fault:
    return Fault(
        code=str(body.get("code", "")),
        where=str(body.get("where", "")),
        message=Text(str(body.get("zh", "")), str(body.get("en", ""))),
        source=str(body.get("source", "")),
        rule=str(body.get("rule", "")),
    )


async def causes(connection: Connection, endpoint: str | None) -> list[FailureCause]:
    """Failures grouped by cause, those that hurt most first."""
    table = sync_failure.c
    is_open = table.state == "open"
    statement = sa.select(
        table.cause,
        sa.func.min(table.code).label("code"),
        table.endpoint,
        sa.func.count().filter(is_open).label("open"),
        sa.func.count().filter(~is_open).label("closed"),
        sa.func.min(table.opened_at).label("first_at"),
        sa.func.max(table.tried_at).label("last_at"),
        sa.func.max(table.id).label("example"),
    ).group_by(table.cause, table.endpoint)
    if endpoint is not None:
        statement = statement.where(table.endpoint == endpoint)
    rows = await connection.execute(
        statement.order_by(sa.desc("open"), table.endpoint, table.cause)
    )
    return [FailureCause(**row._mapping) for row in rows]
