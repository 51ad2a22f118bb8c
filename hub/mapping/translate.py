"""What a raw code means, told in every case: the code, the relation and why.

After the FHIR concept map: a translation that found nothing says so, with the rows
that are nearest, and the way back names every raw code there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

from hub.errors import Text
from hub.mapping.tables import ANY, Row, Table, Tables, Walk

_SHOWN = 5
#: below it a name is not near (0 to 100)
_LEAST = 60.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be meant. ``score`` is 0 to 1, ``why`` says what is alike:
    ``same_name``, ``same_sound``, ``spelling``, ``successor`` or ``crosswalk``.
    """

    code: str
    raw: str
    name_zh: str
    name_en: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Translation:
    """The answer to "what does this system mean by this code?".

    ``code`` is ``None`` where ``relation`` is ``none``. ``is_valid`` says whether the
    code was in force on the day asked for.
    """

    code: str | None
    relation: str
    reason: Text
    is_valid: bool
    candidates: tuple[Candidate, ...] = ()


def translate(
    tables: Tables, system: str, table: str, raw: str, day: date | None = None
) -> Translation:
    """What ``raw`` of a system means in a table, on a day (today if none is told).

    Raises ``CodeTableMissing`` for an unknown table; any raw code has an answer.
    """
    found = tables.table(table)
    row = _row(tables, system, found, raw.strip())
    if row is None:
        reason = Text(
            f"系统 {system} 在代码表 {table} 中没有这个值",
            f"{system} has no row for this value in the table {table}",
        )
        return Translation(None, "none", reason, False, closest(found, raw))
    if row.relation == "none":
        reason = Text(
            "对照表说明该值等于未填写", "the crosswalk: nothing is told by it"
        )
        return Translation(None, "none", reason, False)
    return _told(found, row, day or date.today())  # noqa: DTZ011 - a day, not a time


def _row(tables: Tables, system: str, table: Table, raw: str) -> Walk | None:
    own = tables.crosswalk(system, table.name)
    for walk in (own, tables.crosswalk(ANY, table.name)):
        for row in walk.rows if walk else ():
            if row.raw == raw:
                return row
    if own is None and table.row(raw) is not None:
        return Walk(raw, raw, "equal")
    return None


def _told(table: Table, row: Walk, day: date) -> Translation:
    target = table.row(row.code)
    is_valid = target is not None and target.is_valid(day)
    zh, en = f"对照关系 {row.relation}", f"the crosswalk says {row.relation}"
    if row.note:
        zh, en = f"{zh}：{row.note}", f"{en}: {row.note}"
    if not is_valid:
        zh, en = f"{zh}；{day} 时该代码无效", f"{en}; not in force on {day}"
    after = tuple(
        _candidate(one, 1.0, "successor") for one in table.successors(row.code)
    )
    return Translation(row.code, row.relation, Text(zh, en), is_valid, after)


def spellings(tables: Tables, system: str, table: str, code: str) -> tuple[Walk, ...]:
    """Every raw code by which a system may tell a code, the one to write first.

    Raises ``CodeTableMissing`` for an unknown table.
    """
    found = tables.table(table)
    own, common = tables.crosswalk(system, table), tables.crosswalk(ANY, table)
    rows = [
        row
        for walk in (own, common)
        for row in (walk.rows if walk else ())
        if row.code == code
    ]
    if own is None and found.row(code) is not None:
        rows.insert(0, Walk(code, code, "equal"))
    return tuple(sorted(rows, key=lambda row: row.relation != "equal"))


def closest(table: Table, raw: str, limit: int = _SHOWN) -> tuple[Candidate, ...]:
    """The rows whose names are most like a raw value: for a person to choose from."""
    text = raw.strip()
    if not text:
        return ()
    same = [
        _candidate(row, 1.0, "same_name") for row in table.rows if row.name_zh == text
    ]
    sound = lazy_pinyin(text)
    alike = [
        _candidate(row, 0.95, "same_sound")
        for row in table.rows
        if row.name_zh != text
        and len(row.name_zh) == len(text)
        and lazy_pinyin(row.name_zh) == sound
    ]
    names = {row.code: row.name_zh for row in table.rows}
    near = process.extract(
        text, names, scorer=fuzz.WRatio, limit=limit, score_cutoff=_LEAST
    )
    known = {one.code for one in (*same, *alike)}
    spelt = [
        _candidate(row, round(score / 100, 2), "spelling")
        for _, score, code in near
        if code not in known and (row := table.row(code)) is not None
    ]
    return tuple([*same, *alike, *spelt][:limit])


def _candidate(row: Row, score: float, why: str) -> Candidate:
    return Candidate(row.code, "", row.name_zh, row.name_en, score, why)
