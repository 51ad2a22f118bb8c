"""Agencies, codes and endpoints as queries see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hub.errors import Text


@dataclass(frozen=True, slots=True)
class Code:
    """A code and its names (代码). Names are ``None`` where no table has it."""

    code: str
    name_zh: str | None
    name_en: str | None
    table: str = ""


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation that sends or receives (办案机关)."""

    code: str
    name_zh: str | None
    name_en: str | None
    type: str | None
    division: str | None


@dataclass(frozen=True, slots=True)
class EndpointStanding:
    """What the hub last knew of an endpoint, and what waits there."""

    endpoint: str
    state: str = "unknown"
    error_code: str | None = None
    note_zh: str = ""
    note_en: str = ""
    since: datetime | None = None
    last_ok_at: datetime | None = None
    synced_at: datetime | None = None
    open_failures: int = 0
    waiting_transfers: int = 0


@dataclass(frozen=True, slots=True)
class Freshness:
    """Is what an endpoint told still to be believed as of now? If not, why not."""

    is_stale: bool
    since: datetime | None = None
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class EndpointRecord:
    """An endpoint (接入点) with its health and freshness. ``fresh_for`` in seconds."""

    code: str
    system: str
    title: Text
    agency: str
    serves: tuple[str, ...]
    accepts_new: bool
    fresh_for: float
    standing: EndpointStanding
    freshness: Freshness


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many cases are in a stage."""

    stage: str | None
    cases: int


@dataclass(frozen=True, slots=True)
class NodeCount:
    """How many transfers of a node are in a state."""

    node: str
    state: str
    transfers: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers without case data (统计数字).

    ``worker_seen_at`` is the last sign of life of any worker; ``None``: none runs.
    """

    cases: int
    persons: int
    stages: tuple[StageCount, ...]
    nodes: tuple[NodeCount, ...]
    at: datetime
    worker_seen_at: datetime | None = None
