"""What a raw code means, told in every case: the code, the relation and why.

After the FHIR concept map: a translation that found nothing says so, with the rows
that are nearest, and the way back names every raw code there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

from hub.errors import Text
from hub.mapping.code_tables.tables import ANY, Row, Table, Tables, Walk

_SHOWN = 5
#: below it a name is not near (0 to 100)
_LEAST = 60.0
#: so many times shorter than the raw value a name is no likeness
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be meant. ``score`` is 0 to 1, ``why`` says what is alike:
    ``same_name``, ``same_sound``, ``same_code``, ``spelling`` or ``successor``.
    """

    code: str
    raw: str
    name_zh: str
    name_en: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code that an unknown raw value may mean, for a person to confirm.

    ``score`` is 0 to 1. ``reason``: ``same_name``, ``same_sound`` (pinyin without
    tones), ``same_code`` (but for zeros in front) or ``spelling``.
    """

    code: str
    name: str
    score: float
    reason: str


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
        common = tables.crosswalk(ANY, table)
        near = closest(found, raw, common=common.rows if common else ())
        return Translation(None, "none", reason, False, near)
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
    is_valid = table.is_valid(row.code, day)
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


def closest(
    table: Table, raw: str, limit: int = _SHOWN, common: Iterable[Walk] = ()
) -> tuple[Candidate, ...]:
    """The rows whose names are most like a raw value: for a person to choose from.

    ``common`` are crosswalk rows that tell more names of a code. Each code stands
    once, by the best of its names; of two as good, the one that still is in force.
    """
    text = raw.strip()
    if not text:
        return ()
    found: dict[str, Candidate] = {}
    for code, score, why in _alike(text, list(_names(table, common)), limit):
        row = table.row(code)
        if row is not None and (code not in found or score > found[code].score):
            found[code] = _candidate(row, score, why)
    gone = {row.code for row in table.rows if row.is_withdrawn}
    order = sorted(found.values(), key=lambda one: (-one.score, one.code in gone))
    return tuple(order[:limit])


def suggest(
    tables: Tables, table_name: str, raw: str, limit: int = 3
) -> tuple[Suggestion, ...]:
    """The codes that an unknown raw value of a table may mean, the likeliest first.

    Looks at the names of the table, of its history and at the spellings of
    everybody. Nothing here is a translation: a person confirms it as a crosswalk
    row. Raises ``CodeTableMissing`` for an unknown table.
    """
    walk = tables.crosswalk(ANY, table_name)
    found = closest(
        tables.table(table_name), raw, limit, common=walk.rows if walk else ()
    )
    return tuple(Suggestion(one.code, one.name_zh, one.score, one.why) for one in found)


def _names(table: Table, common: Iterable[Walk]) -> Iterator[tuple[str, str]]:
    """Every name a code has or had, with the code."""
    for row in table.rows:
        for name in (row.name_zh, *row.value("former_names").split(";")):
            if name:
                yield name, row.code
    for code, names in table.names.items():
        for one in names:
            yield one.name_zh, code
    for walk in common:
        if walk.code:
            yield walk.raw, walk.code


def _alike(
    text: str, names: Sequence[tuple[str, str]], limit: int
) -> Iterator[tuple[str, float, str]]:
    """Code, score and reason of what is like a text; a code may come again."""
    sound = _sound(text)
    for name, code in names:
        if name == text:
            yield code, 1.0, "same_name"
        elif len(name) == len(text) and _sound(name) == sound:
            yield code, 0.95, "same_sound"
        elif _bare(code) == _bare(text):
            yield code, 0.9, "same_code"
    near = process.extract(
        text,
        [name for name, _ in names],
        scorer=fuzz.WRatio,
        limit=limit * 4,
        score_cutoff=_LEAST,
    )
    for name, score, place in near:
        if len(name) * _SHORT < len(text):
            continue  # 市 stands in every city's name and says nothing
        yield names[place][1], round(min(score / 100, 0.94), 2), "spelling"


@lru_cache(maxsize=32_768)
def _sound(text: str) -> tuple[str, ...]:
    """Its syllables without tones, by pypinyin; what is not Han stays as it is."""
    return tuple(lazy_pinyin(text))


def _bare(code: str) -> str:
    """A code without the zeros and the case in which systems differ."""
    return code.lstrip("0").upper()


def _candidate(row: Row, score: float, why: str) -> Candidate:
    return Candidate(row.code, "", row.name_zh, row.name_en, score, why)
