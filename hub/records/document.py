"""A document of a case (法律文书): what is known of it, never its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hub.records.provenance import Told


@dataclass(frozen=True, slots=True)
class Document:
    """One document: type, name, number, and the digest of its file if told."""

    id: int
    case_id: int
    position: int
    type: str | None
    name: str | None
    number: str | None
    issued_on: date | None
    file_name: str | None
    sha256: str | None
    told: Told


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents are asked for; all that is given must hold."""

    type: str | None = None
    number: str | None = None
