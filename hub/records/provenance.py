"""Provenance (来源): where a value came from, and what other agencies say instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """The facet that told a value, by endpoint, and when it was fetched."""

    endpoint: str
    facet: int | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that another facet tells and that lost by precedence."""

    value: object
    source: Source


@dataclass(frozen=True, slots=True)
class Told:
    """What is known about the values of one record, by field name.

    ``unreadable`` holds the original text of fields that were told and could not
    be read.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    disagreements: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)


def told(
    sources: Mapping[str, Any], disagreements: Mapping[str, Any], unreadable: Any
) -> Told:
    """Read the three JSON columns of a projected record (``hub.store.tables``).

    A key of ``sources`` may name several fields, parted by spaces.
    """
    return Told(
        {
            name: source
            for names, body in sources.items()
            for source in [_source(body)]
            for name in names.split(" ")
        },
        {
            name: tuple(Claim(claim["value"], _source(claim)) for claim in claims)
            for name, claims in disagreements.items()
        },
        {name: str(text) for name, text in unreadable.items()},
    )


def _source(body: Mapping[str, Any]) -> Source:
    at = body.get("at")
    facet = body.get("facet")
    return Source(
        str(body.get("endpoint", "")),
        int(facet) if facet is not None else None,
        datetime.fromisoformat(at) if at else None,
    )
