"""Invented traffic of one endpoint: steady unless a test changes it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from hub.engine.drift.find import Rules, Traffic
from hub.records.drift import Day, Series

START = date(2024, 1, 3)  # a Wednesday, so that the days tests look at are busy
KIND, PATH, TABLE = "case", "RY/ZM", "crime"
#: share of the persons that have it, by field
FIELDS = {"RY/XM": 1.0, "RY/ZM": 1.0, "RY/MZ": 0.9, "RY/CYM": 0.3, "RY/BZ": 0.02}
#: crimes as they are: a few make nearly all
CODES = {f"C{rank}": 1 / rank**1.3 for rank in range(1, 25)}

Counts = dict[tuple[str, str, str, str], int]


@dataclass(slots=True)
class World:
    """An endpoint's days. ``lumps``: how much a day's mix differs from the usual one
    (0: not at all). Persons of one case share a crime.
    """

    seed: int
    lumps: float = 0.0
    cases: int = 60
    fields: dict[str, float] = field(default_factory=lambda: dict(FIELDS))
    codes: dict[str, float] = field(default_factory=lambda: dict(CODES))
    days: dict[date, Counts] = field(default_factory=dict)

    def live(self, days: int) -> World:
        """So many days more."""
        for _ in range(days):
            day = START + timedelta(days=len(self.days))
            self.days[day] = self._day(random.Random(f"{self.seed}/{day}"), day)
        return self

    def _day(self, rng: random.Random, day: date) -> Counts:
        found: Counts = {}
        weights = {
            code: weight * rng.gammavariate(1 / self.lumps, self.lumps)
            if self.lumps
            else weight
            for code, weight in self.codes.items()
        }
        cases = rng.randint(self.cases // 2, self.cases * 3 // 2)
        for _ in range(cases // 5 if day.weekday() > 4 else cases):
            _add(found, "")
            code = rng.choices(list(weights), list(weights.values()))[0]
            for _ in range(rng.choices((1, 2, 3), (8, 2, 1))[0]):
                self._person(rng, code, found)
        return found

    def _person(self, rng: random.Random, code: str, found: Counts) -> None:
        _add(found, "RY")
        for path, share in self.fields.items():
            if rng.random() < share:
                _add(found, path)
        if self.fields.get(PATH):
            _add(found, PATH, TABLE, code)

    def traffic(self, today: date | None = None) -> Traffic:
        """What the census would hold on a day, as a rule the one after the last."""
        today = today or max(self.days) + timedelta(days=1)
        told: dict[tuple[str, str, str, str], list[Day]] = {}
        for day, counts in sorted(self.days.items()):
            if today - timedelta(days=60) <= day <= today:
                for key, count in counts.items():
                    told.setdefault(key, []).append(Day(day, count, count))
        return Traffic.of(
            [Series(*key, "汉4", tuple(days)) for key, days in told.items()], today
        )


def _add(found: Counts, path: str, table: str = "", code: str = "") -> None:
    key = (KIND, path, table, code)
    found[key] = found.get(key, 0) + 1


def rules(unread: Callable[[str], bool] = lambda _path: False) -> Rules:
    """All that a steady world sends is known to the mapping."""

    def path(_kind: str, told: str) -> str:
        return "read" if told in FIELDS or told in ("", "RY") else "unread"

    def code(_kind: str, _path: str, _table: str, told: str) -> bool:
        return told in CODES and not unread(told)

    return Rules(path, code)


def evenings(world: World, first: int) -> Iterator[Traffic]:
    """The traffic as it stood on the morning after each day from ``first`` on."""
    for number in range(first, len(world.days) + 1):
        yield world.traffic(START + timedelta(days=number))
