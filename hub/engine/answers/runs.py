"""Answers from the run book: endpoints, sync runs, failures, counts. No case data."""

from __future__ import annotations

from datetime import UTC, datetime

from hub.contract.endpoint import Endpoint
from hub.engine import policy
from hub.engine.freshness import freshness
from hub.engine.hub import Hub
from hub.errors import Text
from hub.records.agency import Counts, EndpointRecord, EndpointStanding
from hub.records.caller import Caller
from hub.records.page import Ask, Found
from hub.records.sync import (
    FailureCause,
    FailureFilter,
    Loss,
    LossFilter,
    SyncFailure,
    SyncRun,
)
from hub.store import losses as ledger
from hub.store import reads_counts, reads_runs


async def endpoints(hub: Hub, caller: Caller) -> dict[str, EndpointRecord]:
    """Every endpoint of the deployment with health and freshness, by code."""
    policy.allow(caller, "endpoints")
    async with hub.database.read() as connection:
        known = await reads_runs.standings(connection)
    now = datetime.now(UTC)
    return {
        code: _endpoint(hub, one, known.get(code), now)
        for code, one in hub.registry.endpoints.items()
    }


def _endpoint(
    hub: Hub, one: Endpoint, standing: EndpointStanding | None, now: datetime
) -> EndpointRecord:
    title = hub.registry.manifests[one.system].title
    return EndpointRecord(
        code=one.code,
        system=one.system,
        title=Text(title.zh, title.en),
        agency=one.agency,
        serves=one.serves,
        accepts_new=one.accepts_new,
        fresh_for=one.fresh_for,
        standing=standing or EndpointStanding(one.code),
        freshness=freshness(one, standing, now, hub.registry.hours(one.code)),
    )


async def runs(
    hub: Hub, caller: Caller, endpoint: str | None, ask: Ask
) -> Found[SyncRun]:
    """One page of the sync runs, of one endpoint or all."""
    policy.allow(caller, "sync_runs")
    async with hub.database.read() as connection:
        return await reads_runs.run_page(connection, endpoint, ask)


async def run_total(hub: Hub, caller: Caller, endpoint: str | None) -> int:
    """How many sync runs there were."""
    policy.allow(caller, "sync_runs")
    async with hub.database.read() as connection:
        return await reads_runs.run_total(connection, endpoint)


async def run(hub: Hub, caller: Caller, key: int) -> SyncRun | None:
    """One sync run."""
    policy.allow(caller, "sync_runs")
    async with hub.database.read() as connection:
        return (await reads_runs.runs_by_ids(connection, [key])).get(key)


async def failures(
    hub: Hub, caller: Caller, wanted: FailureFilter, ask: Ask
) -> Found[SyncFailure]:
    """One page of the records set aside; their raw bytes stay where they are."""
    policy.allow(caller, "sync_failures")
    async with hub.database.read() as connection:
        return await reads_runs.failure_page(connection, wanted, ask)


async def failure_total(hub: Hub, caller: Caller, wanted: FailureFilter) -> int:
    """How many failures the filter wants."""
    policy.allow(caller, "sync_failures")
    async with hub.database.read() as connection:
        return await reads_runs.failure_total(connection, wanted)


async def failure(hub: Hub, caller: Caller, key: int) -> SyncFailure | None:
    """One failure."""
    policy.allow(caller, "sync_failures")
    async with hub.database.read() as connection:
        return await reads_runs.failure_by_id(connection, key)


async def causes(hub: Hub, caller: Caller, endpoint: str | None) -> list[FailureCause]:
    """Failures grouped by what is to be mended."""
    policy.allow(caller, "failure_causes")
    async with hub.database.read() as connection:
        return await reads_runs.causes(connection, endpoint)


async def losses(hub: Hub, caller: Caller, wanted: LossFilter) -> list[Loss]:
    """Raw values that no field tells, grouped by place; without the values."""
    policy.allow(caller, "losses")
    async with hub.database.read() as connection:
        return await ledger.grouped(connection, wanted)


async def counts(hub: Hub, caller: Caller) -> Counts:
    """Numbers per stage and per node; a handler counts its own cases only."""
    sight = policy.allow(caller, "counts")
    async with hub.database.read() as connection:
        return await reads_counts.counts(connection, sight)
