"""An event of a case (案件事件) as subscribers see it: ids, codes and states only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseOccurrence:
    """One thing that happened to a case the subscriber takes part in."""

    id: int
    kind: str
    case_id: int
    transfer_id: UUID | None
    at: datetime
