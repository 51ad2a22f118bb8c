"""A case as the hub shows it: projected from all facets, before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = object


@dataclass(slots=True)
class Told:
    """The values of one record and who told them.

    ``sources``: field -> {endpoint, facet, at}. ``disagreements``: field -> the
    values that lost, each {value, endpoint, facet, at}. ``unreadable``: field ->
    the original text that nobody could read.
    """

    values: dict[str, Value] = field(default_factory=dict)
    sources: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    disagreements: dict[str, list[Mapping[str, Value]]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ProjectedPerson:
    """A person of the case, one however many systems tell of them."""

    match_key: str
    told: Told
    charges: list[Told]
    measures: list[Told]
    sentence: Told | None


@dataclass(slots=True)
class Projection:
    """One case: its own fields, persons, documents and the agencies taking part."""

    case: Told
    persons: list[ProjectedPerson]
    documents: list[tuple[str, Told]]
    agencies: frozenset[str]
