"""Metrics for Prometheus: how requests go, and how the hub stands. Numbers only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.requests import Request
from starlette.responses import Response

from hub.engine.answers import drift as answer_drift
from hub.engine.answers import runs as answer_runs
from hub.engine.hub import Hub
from hub.entry.tokens import operator
from hub.errors import DatabaseNotReady
from hub.records.agency import Counts, EndpointRecord

REQUESTS = Counter(
    "hub_requests", "GraphQL requests by agency type and outcome", ["caller", "outcome"]
)
POSTS = Counter("hub_posts", "Posts of systems to /ingest by outcome", ["outcome"])
SECONDS = Histogram(
    "hub_request_seconds",
    "Seconds from a GraphQL request to its answer",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SOCKETS = Gauge("hub_websockets_open", "WebSocket connections open")

_STATES = ("up", "down", "held", "unknown")


async def metrics(request: Request) -> Response:
    """Everything Prometheus may scrape; the hub's own numbers are read now."""
    hub: Hub = request.app.state.hub
    parts = [generate_latest(REGISTRY)]
    try:
        standing = await answer_runs.endpoints(hub, operator())
        counts = await answer_runs.counts(hub, operator())
        moved = await answer_drift.open_counts(hub, operator())
    except DatabaseNotReady:
        ready = 0
    else:
        ready = 1
        parts.append(_endpoints(standing.values()))
        parts.append(_counts(counts))
        parts.append(_drifts(moved))
    parts.append(_gauge("hub_database_ready", "Does the database answer?", {(): ready}))
    return Response(b"".join(parts), media_type=CONTENT_TYPE_LATEST)


def _endpoints(found: Iterable[EndpointRecord]) -> bytes:
    rows = list(found)
    is_in = {
        (one.code, state): int(one.standing.state == state)
        for one in rows
        for state in _STATES
    }
    synced = {
        (one.code,): one.standing.synced_at.timestamp()
        for one in rows
        if one.standing.synced_at
    }
    named = ("endpoint",)
    return b"".join(
        (
            _gauge(
                "hub_endpoint_state",
                "1 for the state an endpoint is in",
                is_in,
                ("endpoint", "state"),
            ),
            _gauge(
                "hub_endpoint_synced_timestamp_seconds",
                "Everything an endpoint had at this moment has been pulled",
                synced,
                named,
            ),
            _gauge(
                "hub_endpoint_stale",
                "1 where what an endpoint told is older than it may be",
                {(one.code,): int(one.freshness.is_stale) for one in rows},
                named,
            ),
            _gauge(
                "hub_open_failures",
                "Records set aside and not mended",
                {(one.code,): one.standing.open_failures for one in rows},
                named,
            ),
            _gauge(
                "hub_waiting_transfers",
                "Transfers that wait for an endpoint",
                {(one.code,): one.standing.waiting_transfers for one in rows},
                named,
            ),
        )
    )


def _drifts(found: Mapping[str, int]) -> bytes:
    values = {(code,): many for code, many in found.items()}
    text = "Movements in an endpoint's traffic that nobody has decided"
    return _gauge("hub_open_drifts", text, values, ("endpoint",))


def _counts(found: Counts) -> bytes:
    transfers = {(one.node, one.state): one.transfers for one in found.nodes}
    seen = {(): found.worker_seen_at.timestamp()} if found.worker_seen_at else {}
    return b"".join(
        (
            _gauge(
                "hub_transfers",
                "Transfers by node and state",
                transfers,
                ("node", "state"),
            ),
            _gauge("hub_cases", "Cases known", {(): found.cases}),
            _gauge(
                "hub_worker_seen_timestamp_seconds",
                "The last sign of life of a worker; 0: none runs",
                seen,
            ),
        )
    )


def _gauge(
    name: str,
    text: str,
    values: Mapping[Any, float],
    labels: tuple[str, ...] = (),
) -> bytes:
    registry = CollectorRegistry()
    gauge = Gauge(name, text, labels, registry=registry)
    for key, value in values.items():
        (gauge.labels(*key) if labels else gauge).set(value)
    return generate_latest(registry)
