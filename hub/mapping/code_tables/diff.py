"""What changed between two states of a code table, or of a crosswalk, by kind.

A state is a revision, a file, or the table as it stood on a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from hub.errors import Text
from hub.mapping.code_tables.table import Row, Table, Walk, is_within

#: in this order they are told
KINDS = (
    "added",
    "removed",
    "withdrawn",
    "split",
    "merged",
    "renamed",
    "reused",
    "moved",
    "validity",
    "changed",
    "relation",
    "target",
)
TITLES: Mapping[str, Text] = {
    "added": Text("新增", "added"),
    "removed": Text("删除", "removed"),
    "withdrawn": Text("停用", "withdrawn"),
    "split": Text("拆分", "split"),
    "merged": Text("合并", "merged"),
    "renamed": Text("更名", "renamed"),
    "reused": Text("代码改作他用", "reused"),
    "moved": Text("改属", "moved"),
    "validity": Text("有效期变更", "validity changed"),
    "changed": Text("其他列变更", "other columns changed"),
    "relation": Text("关系变更", "relation changed"),
    "target": Text("对应代码变更", "target changed"),
}
_APART = ("valid_from", "valid_to", "replaced_by", "parent")
#: names less alike than this do not look like two names of one thing (0 to 100)
_ALIKE = 34.0
#: the same for a code that had been taken back before
_ALIKE_AGAIN = 60.0


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. ``codes`` are successors, parents or predecessors."""

    kind: str
    code: str
    old: str
    new: str
    codes: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """All changes, ordered by kind and code."""

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of each kind that occurs, in the order of ``KINDS``."""
        found = Counter(one.kind for one in self.changes)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    def of(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(one for one in self.changes if one.kind == kind)


def diff(old: Table, new: Table) -> Diff:
    """What a table's new state says otherwise than the old one."""
    before = {row.code: row for row in old.rows}
    after = {row.code: row for row in new.rows}
    found = [*_gone(before, after), *_fates(before, after), *_kept(before, after)]
    found += [
        Change("added", code, "", row.name_zh)
        for code, row in after.items()
        if code not in before
    ]
    return Diff(old.revision, new.revision, _sorted(found))


def standing(table: Table, day: date) -> Table:
    """The table as it stood on a day: the codes begun by then, by their names then.

    A code that was still in force has no end and no successors yet.
    """
    rows = []
    for code in table.codes:
        row, name = table.on(code, day), table.name_on(code, day)
        start = row.value("valid_from") if row else ""
        if row is None or name is None or not is_within(start, "", day):
            continue
        columns = {**row.columns}
        if table.is_valid(code, day):
            columns |= {"valid_to": "", "replaced_by": ""}
        rows.append(Row(code, *name, columns))
    told = {row.code: row for row in rows}
    return Table(table.name, day.isoformat(), tuple(rows), "", table.columns, told)


def crosswalk_diff(
    old: Iterable[Walk], new: Iterable[Walk], labels: tuple[str, str] = ("", "")
) -> Diff:
    """Rows added and removed, and those that mean another code or relation."""
    before = {row.raw: row for row in old}
    after = {row.raw: row for row in new}
    found = []
    for raw, row in after.items():
        was = before.get(raw)
        if was is None:
            found.append(Change("added", raw, "", f"{row.code} {row.relation}"))
        elif was.code != row.code:
            found.append(Change("target", raw, was.code, row.code))
        elif was.relation != row.relation:
            found.append(
                Change("relation", raw, was.relation, row.relation, (row.code,))
            )
        elif was.note != row.note:
            found.append(Change("changed", raw, was.note, row.note, (row.code,)))
    found += [
        Change("removed", raw, f"{row.code} {row.relation}", "")
        for raw, row in before.items()
        if raw not in after
    ]
    return Diff(*labels, _sorted(found))


def _sorted(found: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one.code)))


_Rows = Mapping[str, Row]


def _gone(before: _Rows, after: _Rows) -> Iterator[Change]:
    """What was in force and no longer is: left out, or taken back by the table."""
    for code, row in before.items():
        now = after.get(code)
        if now is None:
            yield Change("removed", code, row.name_zh, "")
        elif now.is_withdrawn and not row.is_withdrawn:
            end = now.value("valid_to")
            yield Change("withdrawn", code, row.name_zh, end, now.replaced_by)


def _fates(before: _Rows, after: _Rows) -> Iterator[Change]:
    """What newly became several codes, and what several codes newly became."""
    heirs: dict[str, list[str]] = {}
    for code, row in after.items():
        was = before.get(code)
        if was is not None and was.replaced_by == row.replaced_by:
            continue
        if was is not None and not was.is_withdrawn:
            for one in row.replaced_by:
                heirs.setdefault(one, []).append(code)
        if len(row.replaced_by) > 1:
            yield Change("split", code, row.name_zh, "", row.replaced_by)
    for code, parts in heirs.items():
        if len(parts) > 1 and code in after:
            yield Change("merged", code, "", after[code].name_zh, tuple(parts))


def _kept(before: _Rows, after: _Rows) -> Iterator[Change]:
    """What stands in both: another name, meaning, place, validity or other column."""
    places, places_before = _places(after), _places(before)
    for code, was in before.items():
        if code not in after:
            continue
        row = after[code]
        named = None
        if was.name_zh != row.name_zh:
            moved = set(places.get(was.name_zh, ())) - {code}
            if len(moved) > 1 or len(places_before.get(was.name_zh, ())) > 1:
                moved = set()  # a name that many places have says nothing
            moved -= set(places_before.get(was.name_zh, ()))
            named = _name_change(was, row, sorted(moved))
            yield named
        if was.value("parent") != row.value("parent"):
            told = (was.value("parent"), row.value("parent"))
            yield Change("moved", code, *told, why=row.name_zh)
        yield from _columns(was, row, named.kind if named else "")


def _places(rows: _Rows) -> Mapping[str, list[str]]:
    """The codes in force by their names."""
    found: dict[str, list[str]] = {}
    for row in rows.values():
        if not row.is_withdrawn:
            found.setdefault(row.name_zh, []).append(row.code)
    return found


def _name_change(was: Row, row: Row, moved: list[str]) -> Change:
    """Another name of the same thing, or another thing under the same code?

    It is another thing where the old one is now found under another code
    (``moved``), or had become another code, or where names are too little alike: the
    last is a guess, for a person to look at.
    """
    told = (row.code, was.name_zh, row.name_zh)
    alike = fuzz.ratio(was.name_zh, row.name_zh)
    if moved:
        return Change("reused", *told, tuple(moved), why="old_name_elsewhere")
    if was.replaced_by or (was.is_withdrawn and alike < _ALIKE_AGAIN):
        return Change("reused", *told, why="withdrawn_before")
    if alike < _ALIKE:
        return Change("reused", *told, why="nothing_alike")
    return Change("renamed", *told)


def _columns(was: Row, row: Row, named: str) -> Iterator[Change]:
    """Validity and other columns; those of another thing are not compared."""
    start, end = ("valid_from", "valid_to")
    newly_gone = row.is_withdrawn and not was.is_withdrawn
    ends = (was.value(end), row.value(end)) if not newly_gone else ("", "")
    if was.value(start) != row.value(start) or ends[0] != ends[1]:
        told = [f"{one.value(start)}..{one.value(end)}" for one in (was, row)]
        yield Change("validity", row.code, told[0], told[1], why=row.name_zh)
    if was.replaced_by != row.replaced_by and was.is_withdrawn:
        heirs = [";".join(one.replaced_by) for one in (was, row)]
        yield Change("changed", row.code, heirs[0], heirs[1], why="replaced_by")
    columns = {*was.columns, *row.columns} - {*_APART} if named != "reused" else set()
    for column in sorted(columns | (set() if named else {"name_en"})):
        if was.value(column) != row.value(column):
            told = [was.value(column), row.value(column)]
            yield Change("changed", row.code, told[0], told[1], why=column)
