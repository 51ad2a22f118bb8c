"""A transfer (移送) as queries see it: where it stands and how it got there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TransferRecord:
    """One hand-over. Its words (note, numbers) are case content.

    ``next_attempt_at`` is ``None`` while its endpoint is held for our login: it
    waits for an operator, and ``error_code`` is the endpoint's.
    """

    id: UUID
    case_id: int
    node: str
    sender: str
    receiver: str
    endpoint: str
    lane: str
    round: int
    client_key: str
    submitted_by: str
    note: str
    state: str
    attempts: int
    next_attempt_at: datetime | None
    error_code: str | None
    receiver_number: str | None
    submitted_at: datetime
    delivered_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class TransferStep:
    """One line of a transfer's timeline."""

    transfer_id: UUID
    state: str
    error_code: str | None
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptReason:
    """Why a parcel was returned: a code of ``return_reason`` and its text."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """What the receiver answered (回执). ``raw_digest`` is of the bytes received."""

    transfer_id: UUID
    outcome: str
    numbers: Mapping[str, str]
    reasons: tuple[ReceiptReason, ...]
    received_at: datetime
    raw_digest: bytes


@dataclass(frozen=True, slots=True)
class TransferFilter:
    """Which transfers are asked for; all that is given must hold."""

    case_id: int | None = None
    node: str | None = None
    state: tuple[str, ...] | None = None
    sender: str | None = None
    receiver: str | None = None
    endpoint: str | None = None
    submitted_since: datetime | None = None
