"""What the doors hand to the engine: everything a piece of work may need."""

from __future__ import annotations

from dataclasses import dataclass

from hub.engine.registry import Registry
from hub.engine.rules import RuleBook, Rules
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings, SystemMapping
from hub.mapping.precedence import Precedence
from hub.store.database import Database


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub put together: store, rule book and adapters.

    ``tables``, ``mappings`` and ``precedence`` are the rules in force at the
    moment; the book brings them up to date where work begins.
    """

    database: Database
    book: RuleBook
    registry: Registry

    @classmethod
    def of(
        cls,
        database: Database,
        tables: Tables,
        mappings: Mappings,
        precedence: Precedence,
        registry: Registry,
    ) -> Hub:
        """A hub whose rules stay as they are given."""
        rules = Rules(tables, mappings, precedence)
        return cls(database, RuleBook(rules), registry)

    @property
    def tables(self) -> Tables:
        """The code tables in force."""
        return self.book.now.tables

    @property
    def mappings(self) -> Mappings:
        """The mappings in force."""
        return self.book.now.mappings

    def mapping_of(self, endpoint: str) -> SystemMapping:
        """The mapping in force for an endpoint, its overlay included."""
        system = self.registry.endpoint(endpoint).system
        return self.mappings.system(system, endpoint)

    @property
    def precedence(self) -> Precedence:
        """Whom to believe, as in force."""
        return self.book.now.precedence
