"""Code tables (代码表) as queries see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code; ``columns`` is whatever else the table tells of it."""

    code: str
    name_zh: str
    name_en: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One table at one revision. ``digest`` is SHA-256 of its file, in hex."""

    name: str
    revision: str
    digest: str
    rows: tuple[CodeRow, ...] = field(repr=False)
