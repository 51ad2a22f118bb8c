"""Code tables (代码表) as queries see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.errors import Text


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code; ``columns`` is whatever else the table tells of it."""

    code: str
    name_zh: str
    name_en: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CodeCandidate:
    """A code that may be meant, or the raw code by which one is told.

    ``score`` is 0 to 1; ``why`` says what is alike.
    """

    code: str
    raw: str
    name_zh: str
    name_en: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class CodeTranslation:
    """What a system's raw code means, or the way back (代码转换)."""

    code: str | None
    relation: str
    reason: Text
    is_valid: bool
    candidates: tuple[CodeCandidate, ...]


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One table at one revision. ``digest`` is SHA-256 of its file, in hex."""

    name: str
    revision: str
    digest: str
    rows: tuple[CodeRow, ...] = field(repr=False)
