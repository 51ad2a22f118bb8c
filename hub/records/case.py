"""The case (案件) as queries see it, its numbers and its facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hub.records.provenance import Told


@dataclass(frozen=True, slots=True)
class Case:
    """One case, projected from all its facets."""

    id: int
    hub_number: str
    title: str | None
    summary: str | None
    stage: str | None
    investigator: str | None
    filed_on: date | None
    accepted_on: date | None
    due_on: date | None
    closed_on: date | None
    modified_at: datetime | None
    is_withdrawn: bool
    version: int
    opened_at: datetime
    changed_at: datetime
    told: Told


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """One of the case's numbers: its scheme, and the endpoint that told it first."""

    case_id: int
    scheme: str
    value: str
    endpoint: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class CaseFacet:
    """What one raw record says about the case, without its body."""

    id: int
    case_id: int
    endpoint: str
    system: str
    source_key: str
    fetched_at: datetime
    mapped_at: datetime
    mapping_revision: int
    adapter_version: str
    raw_digest: bytes


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are asked for; ``None`` asks nothing, all others must hold."""

    stage: tuple[str, ...] | None = None
    investigator: str | None = None
    agency: str | None = None
    crime: str | None = None
    id_number: str | None = None
    title_contains: str | None = None
    filed_from: date | None = None
    filed_to: date | None = None
    due_to: date | None = None
    changed_since: datetime | None = None
    is_withdrawn: bool | None = None


#: the body of a facet, in the shape of ``hub.records.shape``
FacetBody = Mapping[str, object]
