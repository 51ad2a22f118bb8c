"""What a code table is: rows, names over time, revisions, crosswalks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest

from hub.errors import Fault

NAMED = ("code", "name_zh", "name_en")

#: the crosswalk of spellings that every system may use
ANY = "any"


def is_within(start: str, end: str, day: date) -> bool:
    """Is a day inside? Bounds may be months or empty; an end counts wholly."""
    told = day.isoformat()
    return (not start or told[: len(start)] >= start) and (
        not end or told[: len(end)] <= end
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One code of a table; ``columns`` holds whatever else the table tells."""

    code: str
    name_zh: str
    name_en: str
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def replaced_by(self) -> tuple[str, ...]:
        """The codes that took its place; several where it was split."""
        told = self.columns.get("replaced_by", "")
        return tuple(one for one in told.split(";") if one)

    @property
    def is_withdrawn(self) -> bool:
        """Did its table take it back?"""
        return bool(self.columns.get("valid_to") or self.replaced_by)

    def is_valid(self, day: date) -> bool:
        """Was it in force on a day? Bounds are days, or months told whole."""
        told = self.columns
        return is_within(told.get("valid_from", ""), told.get("valid_to", ""), day)

    def value(self, column: str) -> str:
        """What stands in this column; empty for a column the table lacks."""
        if column in NAMED:
            return str(getattr(self, column))
        return self.columns.get(column, "")


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a code had for a while (``history/names.tsv``)."""

    name_zh: str
    name_en: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class Walk:
    """One row of a crosswalk."""

    raw: str
    code: str
    relation: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A code table (代码表) at one revision.

    ``digest`` is of the file's bytes. ``older`` are the revisions before it, the
    newest first: a code that only they have is still found, and a day is answered
    by the revision of that day. ``since`` is the day from which the revision counts,
    empty where nobody told.
    """

    name: str
    revision: str
    rows: tuple[Row, ...]
    digest: str
    columns: tuple[str, ...] = NAMED
    _by_code: Mapping[str, Row] = field(default_factory=dict, repr=False)
    names: Mapping[str, tuple[Name, ...]] = field(default_factory=dict, repr=False)
    since: str = ""
    older: tuple[Table, ...] = field(default=(), repr=False)

    @property
    def revisions(self) -> tuple[Table, ...]:
        """This revision and those before it, the newest first."""
        return (self, *self.older)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that ever stood in it: its own, then those of older revisions."""
        return tuple(
            dict.fromkeys(row.code for one in self.revisions for row in one.rows)
        )

    def own(self, code: str) -> Row | None:
        """The row of a code in this very revision."""
        return self._by_code.get(code)

    def row(self, code: str) -> Row | None:
        """The row of a code in the newest revision that has it."""
        return next(self._held(code, self.revisions), None)

    def on(self, code: str, day: date) -> Row | None:
        """The row of a code by the revision of a day.

        Where that revision lacks it, by the nearest older, then the nearest newer.
        """
        begun, later = self._by_day(day)
        return next(self._held(code, (*begun, *reversed(later))), None)

    def is_valid(self, code: str, day: date) -> bool:
        """Was a code in force on a day, as far as the newest word about it tells?

        The newest word is that of the last revision that means the same by it. A
        code that a revision left out was over when that revision began.
        """
        row = self.on(code, day)
        if row is None:
            return False
        begun, _ = self._by_day(day)
        if begun and begun[0].own(code) is None:
            return False
        newest = (one for one in self._held(code, self.revisions))
        same = next(one for one in newest if one.name_zh == row.name_zh)
        return same.is_valid(day)

    def name_on(self, code: str, day: date) -> tuple[str, str] | None:
        """The Chinese and English name of a code on a day; ``None`` without row.

        By the names of its history: before the first and in a gap between two the
        older one counts. After them all by the revision of that day.
        """
        names = sorted(self.names.get(code, ()), key=lambda one: one.valid_from)
        for one, after in zip_longest(names, names[1:]):
            is_next = after is not None and is_within(after.valid_from, "", day)
            is_over = after is None and not is_within("", one.valid_to, day)
            if not is_next and not is_over:
                return one.name_zh, one.name_en
        row = self.on(code, day)
        return (row.name_zh, row.name_en) if row else None

    def successors(self, code: str) -> tuple[Row, ...]:
        """The rows in force now that a code became, through all its steps."""
        found: dict[str, Row] = {}
        todo, seen = [code], {code}
        while todo:
            row = self.row(todo.pop(0))
            for after in row.replaced_by if row else ():
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
                    next_ = self.row(after)
                    if next_ is not None and not next_.replaced_by:
                        found[after] = next_
        return tuple(found.values())

    def by(self, column: str) -> Mapping[str, str]:
        """Code by the value of another column, where that value stands once."""
        times = Counter(row.value(column) for row in self.rows)
        return {
            row.value(column): row.code
            for row in self.rows
            if row.value(column) and times[row.value(column)] == 1
        }

    def _by_day(self, day: date) -> tuple[tuple[Table, ...], tuple[Table, ...]]:
        """The revisions begun by a day and those after it, the newest first.

        What counted before the oldest one nobody knows: that one has always begun.
        """
        told = self.revisions
        later = 0
        while later < len(told) - 1 and not is_within(told[later].since, "", day):
            later += 1
        return told[later:], told[:later]

    @staticmethod
    def _held(code: str, among: tuple[Table, ...]) -> Iterator[Row]:
        return (row for one in among if (row := one.own(code)) is not None)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What one system's own codes mean in one table.

    ``meanings`` maps raw to code, or to ``""`` where the raw code says nothing.
    ``spellings`` maps code to the raw code to write.
    """

    system: str
    table: str
    meanings: Mapping[str, str]
    spellings: Mapping[str, str]
    digest: str
    faults: tuple[Fault, ...] = ()
    rows: tuple[Walk, ...] = ()
