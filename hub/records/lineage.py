"""Lineage (血缘): the way of one value from the agency's bytes to the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawPlace:
    """A raw place a value was taken from, in the tree's terms and in the bytes'.

    ``place``, ``part``, ``form``, ``path`` and ``line`` are those of
    ``hub.contract.place``; ``fragment`` is what stands there, ``None`` where nothing
    does or the caller may not see it.
    """

    place: str
    part: str
    form: str
    path: str
    line: int
    fragment: str | None


@dataclass(frozen=True, slots=True)
class LineageStep:
    """One step of the way: ``from``, a converter, a table; ``value`` what it gave."""

    name: str
    value: object
    note: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where one value comes from, and everything that made it.

    ``path`` is the canonical path in the case, ``field`` the same without indexes,
    ``told_at`` the path in the facet. ``is_other``: an endpoint was asked for by name,
    so it need not be the value that the case shows.
    ``outcome`` is ``value`` or ``unreadable``. ``rules`` is the digest of all rules
    by which the record was read last; where ``is_current`` is false, other rules are
    in force now and places and steps are those of now. ``is_reproduced``: the named
    rule gives this very value for what stands at the named places. ``shows_raw``:
    may the caller see what stands in the raw record?
    """

    case_id: int
    path: str
    field: str
    is_other: bool
    told_at: str
    value: object
    outcome: str
    endpoint: str
    system: str
    facet: int
    raw_id: int
    raw_digest: bytes
    raw_size: int
    raw_media: str
    fetched_at: datetime
    mapped_at: datetime
    places: tuple[RawPlace, ...]
    steps: tuple[LineageStep, ...]
    rule: str
    mapping: str
    mapping_revision: int
    rules: str
    table: str
    table_revision: str
    adapter_version: str
    is_current: bool
    is_reproduced: bool
    shows_raw: bool
