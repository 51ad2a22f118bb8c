"""Converters of terms of punishment: one raw text, three numbers.

A field takes one of years, months and days; the same raw text is named three
times. A part that a readable term does not mention is 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from hub.errors import Text
from hub.mapping.convert import Converter
from hub.mapping.convert_text import fold_width
from hub.mapping.date_text import han_number
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_NUMBER = r"(\d{1,3}|[〇零一二三四五六七八九十两]{1,4})"
_WORDS = re.compile(
    r"(?:判处)?(?:有期徒刑|拘役|管制|缓刑)?"
    rf"(?:{_NUMBER}年)?(?:零|又)?(?:{_NUMBER}个?月)?(?:零|又)?(?:{_NUMBER}[日天])?"
)
_COMPACT = re.compile(r"(\d\d)(\d\d)(\d\d)?", re.ASCII)
_MONTHS = re.compile(r"(\d{1,4})(?:\.0+)?(?:个月)?", re.ASCII)

_Term = tuple[int, int, int]


def _told(value: Scalar) -> _Term | None:
    """Years, months and days of a term told as words or as yymm[dd]."""
    text = fold_width(as_text(value)).replace(" ", "")
    found = _COMPACT.fullmatch(text) or _WORDS.fullmatch(text)
    if not isinstance(value, str) and len(text) < len("yymmdd"):
        return None  # a number has lost its zeros: 106 may be 1 year 6 months
    if not found or not any(found.groups()):
        return None
    parts = [han_number(part or "0") for part in found.groups()]
    if None in parts:
        return None
    years, months, days = cast("_Term", tuple(parts))
    # 18 months and one year six months are the same term
    return years + months // 12, months % 12, days


def _months(value: Scalar) -> _Term | None:
    """A term told as a number of months, turned into years and months."""
    found = _MONTHS.fullmatch(fold_width(as_text(value)).replace(" ", ""))
    return (int(found[1]) // 12, int(found[1]) % 12, 0) if found else None


def _part(
    position: int, told: Callable[[Scalar], _Term | None]
) -> Callable[[Scalar], Result]:
    def read(value: Scalar) -> Result:
        if is_blank(value):
            return ABSENT
        term = told(value)
        return Unreadable(as_text(value)) if term is None else term[position]

    return read


def _total(value: Scalar) -> Result:
    """The whole term in months, where it has no days."""
    if is_blank(value):
        return ABSENT
    term = _told(value) or _months(value)
    if term is None or term[2]:
        return Unreadable(as_text(value))
    return term[0] * 12 + term[1]


def _of_sentence(spell: Callable[[_Term], Result]) -> Callable[[Result], Result]:
    """Write the term of a sentence record; absent where it tells none."""

    def write(value: Result) -> Result:
        if not isinstance(value, dict):
            return ABSENT
        parts = [value.get(name) for name in ("years", "months", "days")]
        if all(part is None for part in parts):
            return ABSENT
        return spell(cast("_Term", tuple(int(str(part or 0)) for part in parts)))

    return write


def _in_words(term: _Term) -> Result:
    words = zip(term, ("年", "个月", "日"), strict=True)
    return "".join(f"{count}{unit}" for count, unit in words if count) or "0个月"


def _compact(term: _Term) -> Result:
    if max(term) > 99:
        return Unreadable("")
    return "".join(f"{part:02}" for part in term)


def _in_months(term: _Term) -> Result:
    return Unreadable("") if term[2] else term[0] * 12 + term[1]


_TITLE = Text("刑期", "a term")
_PARTS = ("years", "months", "days")

CONVERTERS = (
    *(
        Converter(f"term_{part}{ending}", _TITLE, "int", _part(position, _told))
        for position, part in enumerate(_PARTS)
        for ending in ("", "_cn")
    ),
    *(
        Converter(f"months_{part}", _TITLE, "int", _part(position, _months))
        for position, part in enumerate(_PARTS)
    ),
    Converter("term_total_months", _TITLE, "int", _total, lambda value: value),
    Converter("term_cn", _TITLE, write=_of_sentence(_in_words), takes="sentence"),
    Converter("term_ymd", _TITLE, write=_of_sentence(_compact), takes="sentence"),
    Converter(
        "term_in_months", _TITLE, write=_of_sentence(_in_months), takes="sentence"
    ),
)
