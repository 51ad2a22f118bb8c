"""What the doors hand to the engine: everything a piece of work may need."""

from __future__ import annotations

from dataclasses import dataclass

from hub.engine.registry import Registry
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence
from hub.mapping.tables import Tables
from hub.store.database import Database


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub put together: store, dictionary, precedence and adapters."""

    database: Database
    tables: Tables
    mappings: Mappings
    precedence: Precedence
    registry: Registry
