"""Converters of terms of punishment: one raw text, three numbers and a penalty.

A field takes one of years, months and days; the same raw text is named three
times. A part that a readable term does not mention is 0. 无期徒刑 and 死刑 have no
term: the three are absent, and ``term_penalty`` tells which it is.
Source: Criminal Law, articles 33, 38, 42, 45 to 48.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter
from hub.mapping.converters.date_text import han_number
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_NUMBER = r"(\d{1,3}|[〇零一二三四五六七八九十两]{1,4})"
_LENGTH = (
    rf"(?:{_NUMBER}年)?(?:零|又)?(?:{_NUMBER}个?月)?(?:零|又)?(?:{_NUMBER}[日天])?"
)
_WORDS = re.compile(rf"(?:判处)?(?:有期徒刑|拘役|管制)?{_LENGTH}")
_PROBATION = re.compile(rf"(?:宣告)?(?:缓刑)?(?:考验期)?{_LENGTH}")
_COMPACT = re.compile(r"(\d\d)(\d\d)(\d\d)?", re.ASCII)
#: 0106 is none: it may be one year and six months
_MONTHS = re.compile(r"([1-9]\d{0,2}|0\d?)(?:\.0+)?(?:个月)?", re.ASCII)
_NO_TERM = {
    "无期徒刑": "无期徒刑",
    "无期": "无期徒刑",
    "死刑": "死刑",
    "死刑立即执行": "死刑",
    "死缓": "死刑缓期二年执行",
    "死刑缓期执行": "死刑缓期二年执行",
    "死刑缓期二年执行": "死刑缓期二年执行",
    "死刑，缓期二年执行": "死刑缓期二年执行",
}
_TERM_PENALTY = re.compile(r"(?:判处)?(有期徒刑|拘役|管制)(.*)")

#: three digits tell any part of a term, and any term in months
_BELOW = 1000
_ON_ZEROS = Text(
    "数字丢失了前导零，或不知单位", "a number lost its zeros, or has no unit"
)
_ON_PROBATION = Text("写有缓刑", "it tells a suspended sentence")
_ON_TERM = Text("不是刑期", "it is no term")
_ON_PENALTY = Text("未写刑种", "it names no penalty")
_ON_DAYS = Text(
    "刑期含有日数，月数无法表示", "the term has days, which months cannot tell"
)
_ON_SIZE = Text("刑期过长，无法表示", "the term is too long to be told")
_ON_ENDLESS = Text("该刑罚没有刑期", "this penalty has no term")

Term = tuple[int, int, int]
Told = Callable[[Scalar], Term | Text | None]


def _folded(value: Scalar) -> str:
    return fold_width(as_text(value)).replace(" ", "").rstrip("。")


def endless(value: Scalar) -> str:
    """The penalty of a text that has no term; empty for any other text."""
    return _NO_TERM.get(_folded(value).removeprefix("判处").replace(",", "，"), "")


def _told(value: Scalar) -> Term | Text | None:
    """Years, months and days of a term told as words or as yymm[dd]; ``None`` for a
    penalty without a term.
    """
    text = _folded(value)
    if endless(value):
        return None
    if not isinstance(value, str) and len(text) < len("yymmdd"):
        return _ON_ZEROS  # 106 may be 1 year 6 months
    found = _COMPACT.fullmatch(text) or _WORDS.fullmatch(text)
    if not found:
        if "缓刑" in text:
            return _ON_PROBATION
        return _ON_ZEROS if text.isdigit() else _ON_TERM
    return _term(found)


def _term(found: re.Match[str]) -> Term | Text:
    if not any(found.groups()):
        return _ON_TERM
    parts = [han_number(part or "0") for part in found.groups()]
    if None in parts:
        return _ON_TERM
    years, months, days = cast("Term", tuple(parts))
    # 18 months and one year six months are the same term
    return years + months // 12, months % 12, days


def _months(value: Scalar) -> Term | Text | None:
    """A term told as a number of months, turned into years and months."""
    if endless(value):
        return None
    found = _MONTHS.fullmatch(_folded(value))
    if isinstance(value, bool) or not found:
        return _ON_TERM
    return int(found[1]) // 12, int(found[1]) % 12, 0


def _part(position: int, told: Told) -> Callable[[Scalar], Result]:
    def read(value: Scalar) -> Result:
        """One part of a term. Source: Criminal Law, articles 38, 42, 45."""
        if is_blank(value):
            return ABSENT
        term = told(value)
        if isinstance(term, Text):
            return Unreadable(as_text(value), term)
        return ABSENT if term is None else term[position]

    return read


def _in_all(value: Scalar, ways: tuple[Told, ...]) -> Result:
    """The whole term in months, where it has no days: the first way that reads it."""
    if is_blank(value):
        return ABSENT
    told = [way(value) for way in ways]
    term = next((one for one in told if not isinstance(one, Text)), told[0])
    if isinstance(term, Text):
        return Unreadable(as_text(value), term)
    if term is None:
        return Unreadable(as_text(value), _ON_ENDLESS)
    if term[2]:
        return Unreadable(as_text(value), _ON_DAYS)
    months = term[0] * 12 + term[1]
    return months if months < _BELOW else Unreadable(as_text(value), _ON_SIZE)


def total_months(value: Scalar) -> Result:
    """18, 18个月, 一年六个月 and 010600 as 18. Four digits are yymm, not months.

    Source: Criminal Law, articles 38, 42, 45.
    """
    return _in_all(value, (_told, _months))


def _probation(value: Scalar) -> Term | Text | None:
    text = _folded(value)
    found = _PROBATION.fullmatch(text)
    if not found and isinstance(value, str):
        found = _COMPACT.fullmatch(text)
    return _term(found) if found else _ON_TERM


def probation_months(value: Scalar) -> Result:
    """缓刑二年, 二年, 24 and 24个月 as 24. Source: Criminal Law, article 73."""
    return _in_all(value, (_probation, _months))


def term_penalty(value: Scalar) -> Result:
    """The penalty in a term: 有期徒刑, 拘役, 管制, 无期徒刑, 死刑, 死刑缓期二年执行.

    A name of ``table: penalty_type`` with ``by: name_zh``. Source: Criminal Law,
    articles 33 and 48.
    """
    if is_blank(value):
        return ABSENT
    if without := endless(value):
        return without
    found = _TERM_PENALTY.fullmatch(_folded(value))
    if not found:
        return Unreadable(as_text(value), _ON_PENALTY)
    if found[2] and not isinstance(_told(found[2]), tuple):
        return Unreadable(as_text(value), _ON_TERM)
    return found[1]


def _of_sentence(spell: Callable[[Term], Result]) -> Callable[[Result], Result]:
    """Write the term of a sentence record; absent where it tells none."""

    def write(value: Result) -> Result:
        """A sentence's term. Source: data standards section 2, row "term"."""
        if not isinstance(value, dict):
            return CANNOT_TELL
        parts = [value.get(name) for name in ("years", "months", "days")]
        if all(part is None for part in parts):
            return ABSENT
        if any(part is not None and not _is_count(part) for part in parts):
            return CANNOT_TELL
        return spell(cast("Term", tuple(part or 0 for part in parts)))

    return write


def _is_count(part: object) -> bool:
    return type(part) is int and 0 <= part < _BELOW


def _in_words(term: Term) -> Result:
    words = zip(term, ("年", "个月", "日"), strict=True)
    return "".join(f"{count}{unit}" for count, unit in words if count) or "0个月"


def _compact(term: Term) -> Result:
    if max(term) > 99:
        return Unreadable("", _ON_SIZE)
    return "".join(f"{part:02}" for part in term)


def _compact_months(term: Term) -> Result:
    told = _compact(term)
    if term[2]:
        return Unreadable("", _ON_DAYS)
    return told[:4] if isinstance(told, str) else told


def _in_months(term: Term) -> Result:
    return Unreadable("", _ON_DAYS) if term[2] else term[0] * 12 + term[1]


def _write_months(value: Result) -> Result:
    return value if type(value) is int and 0 <= value < _BELOW else CANNOT_TELL


_TITLE = Text("刑期", "a term")
_PROBATION_TITLE = Text("缓刑考验期", "a term of probation")
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
    Converter("term_total_months", _TITLE, "int", total_months, _write_months),
    Converter(
        "probation_months", _PROBATION_TITLE, "int", probation_months, _write_months
    ),
    Converter("term_penalty", Text("刑种", "a penalty"), "text", term_penalty),
    Converter("term_cn", _TITLE, write=_of_sentence(_in_words), takes="sentence"),
    Converter("term_ymd", _TITLE, write=_of_sentence(_compact), takes="sentence"),
    Converter("term_ym", _TITLE, write=_of_sentence(_compact_months), takes="sentence"),
    Converter(
        "term_in_months", _TITLE, write=_of_sentence(_in_months), takes="sentence"
    ),
)
