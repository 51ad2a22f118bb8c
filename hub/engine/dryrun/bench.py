"""Two dictionaries side by side: what a dry run compares, and what it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from hub.contract.adapter import Adapter
from hub.engine.hub import Hub
from hub.engine.rules import Rules
from hub.errors import Text
from hub.mapping.dryrun.report import Report, Spot, digest_of
from hub.mapping.load import SystemMapping

#: so many records or cases are in memory at a time
PAGE = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be compared: the files offered, and which captured records.

    ``last`` limits raw records and cases each; ``endpoint`` and ``system`` empty: all.
    """

    offered: tuple[str, ...]
    last: int = 5000
    endpoint: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The captured set: the ``last`` records of an endpoint or system (empty: all)
    up to the raw record ``up_to``. Raw records are only ever added, so the same
    window holds the same bytes later on.
    """

    endpoint: str
    system: str
    last: int
    up_to: int


@dataclass(slots=True)
class Books:
    """What was compared, and what came of it.

    A record is refused where it would be set aside; ``unreadable`` are those whose
    bytes could be taken apart neither way. ``parcels`` counts cases times nodes.
    """

    records: int = 0
    changed: int = 0
    refused_before: int = 0
    refused_after: int = 0
    newly_refused: int = 0
    newly_accepted: int = 0
    unreadable: int = 0
    cases: int = 0
    changed_cases: int = 0
    parcels: int = 0
    changed_parcels: int = 0
    newly_unwritable: int = 0
    newly_writable: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """One endpoint: how its records are read now, and how they would be."""

    endpoint: str
    adapter: Adapter
    before: SystemMapping
    after: SystemMapping

    @property
    def is_touched(self) -> bool:
        """Can anything be read or written otherwise?"""
        return self.before.rules != self.after.rules

    @property
    def name(self) -> str:
        """The system, and the endpoint where it has an overlay."""
        over = self.after.overlay or self.before.overlay
        return f"{self.after.system}@{over}" if over else self.after.system


@dataclass(frozen=True, slots=True)
class Bench:
    """Both dictionaries side by side, and the endpoints that are compared.

    ``spots`` remembers where changes of a field belong: spot, how it is made, shape.
    """

    hub: Hub
    before: Rules
    after: Rules
    desks: Mapping[str, Desk]
    books: Books = field(default_factory=Books)
    report: Report = field(default_factory=Report)
    spots: dict[tuple[str, str, str], tuple[Spot, str, str]] = field(
        default_factory=dict
    )

    @property
    def touched(self) -> list[str]:
        """The endpoints whose records may read otherwise."""
        return [code for code, desk in self.desks.items() if desk.is_touched]

    @property
    def kinds(self) -> set[str]:
        """The kinds of raw records that either dictionary reads."""
        sides = [
            side for one in self.desks.values() for side in (one.before, one.after)
        ]
        return {kind for side in sides for kind in side.parsed.records}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: ``part`` is ``sample``, ``records`` or ``cases``."""

    part: str
    done: int
    total: int
    groups: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of the dictionary does to the captured records (试运行差异).

    ``before`` and ``after`` are the digests of the dictionaries, ``changed`` the
    places of the files that differ, ``unseen`` those of them that this comparison
    says nothing about, and why.
    """

    before: str
    after: str
    changed: tuple[str, ...]
    unseen: Mapping[str, Text]
    window: Window
    books: Books
    report: Report

    @property
    def digest(self) -> str:
        """SHA-256 of the whole without anybody's values: what is approved."""
        return digest_of(self.before, self.after, list(self.changed), self.body)

    @property
    def body(self) -> dict[str, object]:
        """What was seen, as plain JSON without anybody's values."""
        return {
            "changed": list(self.changed),
            "window": asdict(self.window),
            "books": asdict(self.books),
            "groups": [
                group
                for part in ("records", "cases", "parcels")
                for group in self.report.plain(part)
            ],
        }


Told = Callable[[Progress], None]
