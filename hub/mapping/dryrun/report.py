"""Changes of many records put together: by rule and field, counted, with samples."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hub.mapping.dryrun.difference import ABSENT, RECORD, REFUSED, VALUE, Change, State
from hub.mapping.value import as_text

#: samples of a group: one of each shift, up to so many
_SAMPLES, _LEAST = 12, 3
_DIGIT, _HAN = re.compile(r"\d"), re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Sample:
    """One change of one record or case. ``before`` and ``after`` are personal data.

    ``of`` names it without them: ``raw 17``, or the hub's number of a case.
    """

    of: str
    where: str
    before: State
    after: State


@dataclass(frozen=True, slots=True)
class Spot:
    """What changes are grouped by: ``part`` is ``records``, ``cases`` or ``parcels``.

    ``rule`` is the rule's file and place, ``field`` the field without indexes.
    """

    part: str
    rule: str
    field: str


@dataclass(slots=True)
class Group:
    """All changes of one field by one rule (按规则和字段归并的差异).

    ``how`` says what the rule is made of, ``shape`` is the field's type. ``shifts``
    counts how the field moved: ``value -> refused CODE_UNKNOWN``, of a code
    ``2 -> 5``. ``records``: in how many. Values of persons stand in ``samples`` only.
    """

    spot: Spot
    how: str = ""
    shape: str = ""
    count: int = 0
    records: int = 0
    shifts: Counter[str] = dataclasses.field(default_factory=Counter)
    samples: list[Sample] = dataclasses.field(default_factory=list)

    def add(self, of: str, changes: Sequence[Change]) -> None:
        """Take in what happened to this field in one record."""
        self.records += 1
        for one in changes:
            self.count += 1
            shift = f"{self._told(one.before)} -> {self._told(one.after)}"
            self.shifts[shift] += 1
            is_new = self.shifts[shift] == 1 and len(self.samples) < _SAMPLES
            if is_new or len(self.samples) < _LEAST:
                self.samples.append(Sample(of, one.where, one.before, one.after))

    def _told(self, state: State) -> str:
        """A state without anybody's value: codes of a table are nobody's."""
        is_code = self.shape.startswith("code:") or self.shape == "flag"
        if state.outcome in (REFUSED, RECORD) or (state.outcome == VALUE and is_code):
            words = [] if state.outcome == VALUE else [state.outcome]
            return " ".join([*words, as_text(state.value)]).strip()
        return state.outcome

    def plain(self) -> dict[str, object]:
        """The group without a value of any person, for the digest and the store."""
        return {
            "part": self.spot.part,
            "rule": self.spot.rule,
            "field": self.spot.field,
            "how": self.how,
            "count": self.count,
            "records": self.records,
            "shifts": dict(sorted(self.shifts.items())),
        }


@dataclass(slots=True)
class Report:
    """The groups of a comparison, filled record by record."""

    groups: dict[Spot, Group] = dataclasses.field(default_factory=dict)

    def add(self, of: str, found: Sequence[tuple[Group, Change]]) -> None:
        """Take in the changes of one record, each with the group it is for.

        A group already there is used instead of the new one.
        """
        by_spot: dict[Spot, list[Change]] = {}
        for group, change in found:
            self.groups.setdefault(group.spot, group)
            by_spot.setdefault(group.spot, []).append(change)
        for spot, changes in by_spot.items():
            self.groups[spot].add(of, changes)

    def ordered(self, part: str) -> list[Group]:
        """The groups of a part, those with most changes first."""
        mine = [one for spot, one in self.groups.items() if spot.part == part]
        return sorted(mine, key=lambda one: (-one.count, one.spot.rule, one.spot.field))

    def plain(self, part: str) -> list[dict[str, object]]:
        """The same as plain JSON without anybody's values."""
        return [one.plain() for one in self.ordered(part)]


def shifts_of(groups: Sequence[dict[str, object]]) -> set[tuple[str, str, str, str]]:
    """Part, rule, field and shift of everything that plain groups tell."""
    found: set[tuple[str, str, str, str]] = set()
    for one in groups:
        shifts = one["shifts"]
        assert isinstance(shifts, dict)  # noqa: S101 - as ``plain`` made it
        place = str(one["part"]), str(one["rule"]), str(one["field"])
        found.update((*place, str(shift)) for shift in shifts)
    return found


def digest_of(*parts: object) -> str:
    """SHA-256 in hex of plain JSON parts: what an approval is bound to."""
    body = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def shown(state: State, *, masked: bool = True) -> str:
    """A state for people's eyes; masked: the value's form without its content."""
    if state.outcome == ABSENT:
        return "（无 / nothing）"
    if state.outcome in (REFUSED, RECORD):
        return f"{state.outcome} {as_text(state.value)}".strip()
    value = state.value
    text = str(value) if isinstance(value, dict | list) else as_text(value)
    told = mask(text) if masked else text
    return told if state.outcome == VALUE else f"{state.outcome}: {told}"


def mask(text: str) -> str:
    """The form of a text: digits as 9, letters as a, Han as 汉, marks as they are."""
    return _LETTER.sub(
        lambda found: "汉" if _HAN.match(found[0]) else "a", _DIGIT.sub("9", text)
    )
