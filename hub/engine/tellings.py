"""A raw record that was read and mapped, on its way to becoming a facet."""

from __future__ import annotations

from dataclasses import dataclass

from hub.contract.messages import Record
from hub.store.sources import Stored


@dataclass(frozen=True, slots=True)
class Telling:
    """What a stored raw record says. ``case_id`` is where its key was told before."""

    key: str
    stored: Stored
    body: Record
    case_id: int | None
