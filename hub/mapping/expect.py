"""What a run of a system looks like when all is well (``expect:``).

A run outside these bounds is not thrown away: its records stay, and the run says that
somebody should look (``RUN_SUSPICIOUS``). An empty answer on a working day, or a
field that nobody fills any more, is the first sign of a source that went wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.contract.messages import Record, Tree
from hub.errors import Fault, RunSuspicious, Text
from hub.mapping.check import Check, resolve
from hub.mapping.path import Path, find_all, parse
from hub.mapping.value import is_blank

KEYS = ("records", "set_aside", "filled")
#: shares say little of few records
LEAST = 20


@dataclass(frozen=True, slots=True)
class Expect:
    """Bounds of one run: how many records, the share set aside at most (0 to 1),
    and for canonical paths the share of places that is filled at least.
    """

    least: int = 0
    most: int | None = None
    set_aside: float = 1.0
    filled: Mapping[Path, float] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """What a run was like so far."""

    expect: Expect
    records: int = 0
    aside: int = 0
    places: dict[Path, int] = field(default_factory=dict)
    full: dict[Path, int] = field(default_factory=dict)

    def good(self, body: Record) -> None:
        """One record that was mapped."""
        self.records += 1
        for path in self.expect.filled:
            for _, value in find_all(path, body, body):
                self.places[path] = self.places.get(path, 0) + 1
                if not is_blank(value):
                    self.full[path] = self.full.get(path, 0) + 1

    def bad(self) -> None:
        """One record that was set aside."""
        self.records += 1
        self.aside += 1

    def objections(self, fetched: int, *, is_first: bool) -> Iterator[Fault]:
        """What of the run is outside its bounds.

        ``fetched`` are all records that came. ``is_first``: the run pulled from the
        beginning; only such a run has to bring the least number.
        """
        bounds = self.expect
        if is_first and fetched < bounds.least:
            yield _fault("records", f"{fetched} < {bounds.least}")
        if bounds.most is not None and fetched > bounds.most:
            yield _fault("records", f"{fetched} > {bounds.most}")
        if self.records >= LEAST and self.aside > bounds.set_aside * self.records:
            share = self.aside / self.records
            yield _fault("set_aside", f"{share:.3f} > {bounds.set_aside}")
        for path, least in bounds.filled.items():
            count = self.places.get(path, 0)
            if count >= LEAST and self.full.get(path, 0) < least * count:
                share = self.full.get(path, 0) / count
                yield _fault(f"filled.{path.text}", f"{share:.3f} < {least}")


def _fault(where: str, told: str) -> Fault:
    message = Text(f"{where} 超出预期：{told}", f"{where} is out of bounds: {told}")
    return Fault(RunSuspicious.code, where, message, rule="expect")


def parse_expect(check: Check, place: str, value: object, kind: str) -> Expect:
    """The ``expect`` of a record; faults go to ``check``."""
    told = check.dict(place, value)
    check.keys(place, told, KEYS)
    counts = check.dict(f"{place}.records", told.get("records"))
    check.keys(f"{place}.records", counts, ("min", "max"))
    for name, number in counts.items():
        if type(number) is not int or number < 0:
            check.fault(
                f"{place}.records.{name}", "应为非负整数", "a whole number from 0"
            )
    least, most = counts.get("min", 0), counts.get("max")
    return Expect(
        least if type(least) is int else 0,
        most if type(most) is int else None,
        _share(check, f"{place}.set_aside", told.get("set_aside", 1.0)),
        _filled(check, f"{place}.filled", told.get("filled"), kind),
    )


def _filled(check: Check, place: str, value: Any, kind: str) -> dict[Path, float]:
    found: dict[Path, float] = {}
    for text, share in check.dict(place, value).items():
        path = parse(text)
        shape = path if isinstance(path, Text) else resolve(kind, path)
        if isinstance(shape, Text):
            check.fault(f"{place}.{text}", shape.zh, shape.en)
        elif isinstance(path, Path):
            found[path] = _share(check, f"{place}.{text}", share)
    return found


def _share(check: Check, place: str, value: Tree) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= float(value) <= 1:  # type: ignore[arg-type]  # asked
        check.fault(place, "应为 0 到 1 之间的数", "a number from 0 to 1 is asked for")
        return 1.0
    return float(value)  # type: ignore[arg-type]  # a number
