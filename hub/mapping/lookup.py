"""A code table as one system spells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lookup:
    """A code table as one system spells it, both ways.

    ``meanings`` maps raw to code (``""``: says nothing), ``spellings`` code to raw.
    """

    table: str
    meanings: Mapping[str, str]
    spellings: Mapping[str, str]
    revision: str = ""
