"""Replays as queries see them: the job, what came out otherwise, who was touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReplayScope:
    """Which source records a replay reads again (重放范围); all that is given holds.

    Without ``everything``, ``cause`` and ``cases`` these are the records that were
    read by other rules than those of now. ``cases`` are ids; ``cause`` groups open
    failures; no ``endpoints``: all of them.
    """

    endpoints: tuple[str, ...] = ()
    kind: str | None = None
    cause: str | None = None
    cases: tuple[int, ...] = ()
    everything: bool = False

    @property
    def by_rules(self) -> bool:
        """Only what was read by other rules?"""
        return not (self.everything or self.cause or self.cases)

    def as_json(self) -> dict[str, Any]:
        """What stands in the job's row."""
        told = asdict(self)
        return {
            name: list(v) if isinstance(v, tuple) else v for name, v in told.items()
        }

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> ReplayScope:
        """A scope as it stands in the job's row."""
        return cls(
            tuple(told["endpoints"]),
            told["kind"],
            told["cause"],
            tuple(told["cases"]),
            bool(told["everything"]),
        )


@dataclass(frozen=True, slots=True)
class ReplayJob:
    """One replay from start to verdict (重放任务).

    ``done`` of ``total`` records were read again; ``changed`` say something else
    now, ``failed`` are set aside now, ``closed`` counts failures that are mended.
    ``notices`` counts the corrections sent.
    """

    id: int
    key: str
    scope: Mapping[str, Any]
    rules: Mapping[str, str]
    reason: str
    started_by: str
    state: str
    total: int
    done: int
    changed: int
    failed: int
    closed: int
    notices: int
    error_code: str | None
    started_at: datetime
    page_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReplayItem:
    """A source record that came out otherwise: paths and facets, never values."""

    id: int
    job_id: int
    endpoint: str
    kind: str
    source_key: str
    raw_id: int
    outcome: str
    facet_before: int | None
    facet_after: int | None
    paths: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class AffectedCaller:
    """Who was told of a replay: of how many cases, and why."""

    caller: str
    cases: int
    read: int
    received: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value that a case shows otherwise since a replay.

    ``path`` is without, ``place`` with the indexes of lists; ``None`` is absent.
    """

    path: str
    place: str
    before: object
    after: object
    since: datetime
    rules_before: str
    rules_after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What one caller is told about one case (更正通知).

    ``was_read``: it had read a value that was wrong, last at ``read_at``;
    ``was_received``: a hand-over to it carried one. ``changes`` is empty for whoever
    may not see the case any longer.
    """

    id: int
    job_id: int
    case_id: int
    caller: str
    was_read: bool
    was_received: bool
    read_at: datetime | None
    issued_at: datetime
    acknowledged_at: datetime | None
    reason: str
    changes: tuple[ValueChange, ...] = ()
    transfers: tuple[UUID, ...] = ()
