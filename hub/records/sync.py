"""Sync runs and the records that were set aside in them, as queries see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.errors import Fault


@dataclass(frozen=True, slots=True)
class SyncRun:
    """One pull of one endpoint (同步批次), from start to verdict.

    ``fetched = stored = mapped + set_aside + unchanged``. Of the leaves of the
    records that were read, ``leaves = leaves_mapped + leaves_ledgered +
    leaves_ignored``. ``remainder`` counts raw fields nobody mapped or ignored.
    """

    id: int
    endpoint: str
    trigger: str
    state: str
    pages: int
    fetched: int
    stored: int
    mapped: int
    set_aside: int
    unchanged: int
    leaves: int
    leaves_mapped: int
    leaves_ledgered: int
    leaves_ignored: int
    remainder: Mapping[str, int]
    error_code: str | None
    error_zh: str | None
    error_en: str | None
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class SyncFailure:
    """One record set aside (同步失败). ``raw_*`` describe its bytes, not show them.

    ``proof_*``: the run in which it came through and the case it is of; ``None``
    while it is open, and the case also where a whole answer had failed.
    """

    id: int
    endpoint: str
    kind: str
    source_key: str
    run_id: int
    raw_id: int
    code: str
    cause: str
    faults: tuple[Fault, ...]
    state: str
    attempts: int
    opened_at: datetime
    tried_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    raw_digest: bytes
    raw_size: int
    raw_media: str
    fetched_at: datetime
    proof_run_id: int | None
    proof_case_id: int | None


@dataclass(frozen=True, slots=True)
class FailureCause:
    """Failures of one cause: what to mend once to mend them all."""

    cause: str
    code: str
    endpoint: str
    open: int
    closed: int
    first_at: datetime
    last_at: datetime
    example: int


@dataclass(frozen=True, slots=True)
class FailureFilter:
    """Which failures are asked for; all that is given must hold."""

    endpoint: str | None = None
    state: str | None = None
    code: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class LossFilter:
    """Which losses are asked for; all that is given must hold."""

    endpoint: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Raw leaves of one kind that no canonical value tells (转换损失).

    ``place`` is their raw place, indexes left out; ``wanted`` the canonical field
    that a rule asked it for, empty where none does. ``reason``: ``unmapped``,
    ``unreadable`` (the text is held) or ``refused`` (the record was set aside).
    """

    endpoint: str
    place: str
    wanted: str
    reason: str
    records: int
    leaves: int
    first_at: datetime
    last_at: datetime
