"""Approvals of changes of the rules, as queries see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RuleApproval:
    """Who approved which change of the rules, and what had been seen (规则批准).

    ``rules_*`` are digests of dictionaries, ``diff`` that of the difference that was
    seen. ``diff``, ``proposed_*`` and ``body`` are ``None`` for the rules that were in
    force when approvals began to be asked for. ``body`` holds nobody's values.
    """

    id: int
    diff: str | None
    rules_before: str
    rules_after: str
    approved_by: str
    approved_account: str
    reason: str
    approved_at: datetime
    proposed_by: str | None
    proposed_account: str | None
    proposed_at: datetime | None
    body: Mapping[str, Any] | None
