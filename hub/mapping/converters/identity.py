"""The citizen identity number of GB 11643-1999, 15 and 18 digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from operator import mul

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter, as_it_is
from hub.mapping.converters.objection import SCIENCE, SHAPE, on_number
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

#: residence permits of Hong Kong, Macao and Taiwan residents carry these
PERMIT_DIVISIONS = frozenset({"810000", "820000", "830000"})

#: the oldest who were ever numbered; old files keep the dead, so age is no test
EARLIEST = date(1880, 1, 1)

#: births before this year were over when this was written
_CLOCK_FROM = 2026

#: sequences that marked people above one hundred in 15-digit numbers
_CENTENARIANS = frozenset({"996", "997", "998", "999"})

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: what the ASCII codes of seventeen zeros add
_OF_ZEROS = ord("0") * sum(_WEIGHTS)
_SHAPE = re.compile(r"\d{17}[\dX]", re.ASCII)
_OLD_SHAPE = re.compile(r"\d{15}", re.ASCII)
_QUOTES = "'\u2018\u2019\u02bc`\uff07"

_ON_SHAPE = Text("不是 15 位或 18 位号码", "it has neither 15 nor 18 digits")
_ON_CHECK = Text("校验码不符", "the check digit is wrong")
_ON_BIRTH = Text("出生日期不可能", "the birth date is impossible")
_ON_DIVISION = Text("行政区划代码从未存在", "the division never existed")
_ON_CENTURY = Text(
    "该号码从未有 15 位写法", "this number never had a form of 15 digits"
)
_ON_OTHER_BIRTH = Text(
    "出生日期与号码不符", "the birth date differs from that in the number"
)
_ON_OTHER_SEX = Text("性别与号码不符", "the sex differs from that in the number")


def upgrade(old: str) -> str:
    """A 15-digit number as 18 digits."""
    century = "18" if old[12:] in _CENTENARIANS else "19"
    body = f"{old[:6]}{century}{old[6:]}"
    return body + check_character(body)


def check_character(number: str) -> str:
    """The check character of GB 11643-1999 over the first 17 digits of a number.

    ISO 7064 MOD 11-2 by its weights; a test holds it against ``stdnum``.
    """
    total = sum(map(mul, _WEIGHTS, number[:17].encode("ascii"))) - _OF_ZEROS
    return "10X98765432"[total % 11]


def cross_check(number: str, birth_date: str = "", sex: str = "") -> tuple[Text, ...]:
    """What a canonical number contradicts: a birth date (``YYYY-MM-DD``), a sex
    (GB/T 2261.1; 0 and 9 contradict nothing). An issue for people: no value wins.

    Empty where all agree, or where the number is none.
    """
    if not _SHAPE.fullmatch(number):
        return ()
    found = []
    if birth_date and birth_date.replace("-", "") != number[6:14]:
        found.append(_ON_OTHER_BIRTH)
    if sex in ("1", "2") and sex != _sex(number):
        found.append(_ON_OTHER_SEX)
    return tuple(found)


def _sex(number: str) -> str:
    """Odd sequences are male (1), even ones female (2)."""
    return "1" if int(number[16]) % 2 else "2"


def _tomorrow() -> date:
    """The bound of births; the one look at a clock that a converter takes."""
    return datetime.now(UTC).date() + timedelta(days=1)


def _born(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _on_check_or_birth(number: str) -> Text | None:
    if check_character(number) != number[17]:
        return _ON_CHECK
    born = _born(number)
    if born is None or born < EARLIEST:
        return _ON_BIRTH
    # the clock is asked only where it can matter
    is_early = born.year < _CLOCK_FROM or born <= _tomorrow()
    return None if is_early else _ON_BIRTH


def _objection(number: str, divisions: frozenset[str]) -> Text | None:
    """What is wrong with an 18-digit number of the right shape."""
    if found := _on_check_or_birth(number):
        return found
    # 9 begins the number of a foreigner's permanent residence card, since 2023
    if number[0] != "9" and number[:6] not in divisions:
        return _ON_DIVISION
    return None


def _bare(original: str) -> str:
    if _SHAPE.fullmatch(original):
        return original
    return "".join(fold_width(original).strip(_QUOTES).upper().split())


def _number(value: Scalar) -> str | Text:
    """An 18-digit number of the right shape, or why there is none."""
    number = _bare(as_text(value))
    if isinstance(value, float):
        return SCIENCE
    if _OLD_SHAPE.fullmatch(number):
        return upgrade(number)
    if _SHAPE.fullmatch(number):
        return number
    reason = on_number(number)
    return _ON_SHAPE if reason is SHAPE else reason


def _reader(divisions: frozenset[str]) -> Callable[[Scalar], Result]:
    known = divisions | PERMIT_DIVISIONS

    def read(value: Scalar) -> Result:
        """18 digits: shape, check digit, birth date and division, in this order.

        Source: GB 11643-1999; divisions are all that GB/T 2260 ever had, and
        810000, 820000, 830000 of residence permits.
        """
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        number = _number(value)
        objection = number if isinstance(number, Text) else _objection(number, known)
        return Unreadable(original, objection) if objection else str(number)

    return read


def _told_by(tell: Callable[[str], str]) -> Callable[[Scalar], Result]:
    """Read something out of a number whose check digit and birth date are right."""

    def read(value: Scalar) -> Result:
        """One part of a number. Source: GB 11643-1999; GB/T 2261.1 for the sex."""
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        number = _number(value)
        if isinstance(number, Text):
            return Unreadable(original, number)
        objection = _on_check_or_birth(number)
        return Unreadable(original, objection) if objection else tell(number)

    return read


def _birth(number: str) -> str:
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def _write_15(read: Callable[[Scalar], Result]) -> Callable[[Result], Result]:
    def write(value: Result) -> Result:
        """The 15-digit form, for receivers that still ask for it."""
        if type(value) is not str or read(value) != value:
            return CANNOT_TELL
        old = value[:6] + value[8:17]
        return old if upgrade(old) == value else Unreadable("", _ON_CENTURY)

    return write


def converters(divisions: frozenset[str]) -> tuple[Converter, ...]:
    """The converters that ask whether a division ever existed."""
    title = Text("公民身份号码", "an identity number")
    read = _reader(divisions)
    tables = ("division",)
    return (
        Converter("id_number", title, "text", read, as_it_is(read), tables=tables),
        Converter("id_number_15", title, "text", read, _write_15(read), tables=tables),
        Converter("birth_of_id_number", title, "date", _told_by(_birth)),
        Converter("sex_of_id_number", title, "text", _told_by(_sex)),
    )
