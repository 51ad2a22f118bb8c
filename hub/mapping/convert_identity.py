"""The citizen identity number of GB 11643-1999, 15 and 18 digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from operator import mul

from hub.errors import Text
from hub.mapping.convert import Converter
from hub.mapping.convert_text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

#: residence permits of Hong Kong, Macao and Taiwan residents carry these
PERMIT_DIVISIONS = frozenset({"810000", "820000", "830000"})

#: the oldest who were ever numbered; old files keep the dead, so age is no test
EARLIEST = date(1880, 1, 1)

#: sequences that marked people above one hundred in 15-digit numbers
_CENTENARIANS = frozenset({"996", "997", "998", "999"})

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: what the ASCII codes of seventeen zeros add
_OF_ZEROS = ord("0") * sum(_WEIGHTS)
_SHAPE = re.compile(r"\d{17}[\dX]", re.ASCII)
_OLD_SHAPE = re.compile(r"\d{15}", re.ASCII)
_QUOTES = "'\u2018\u2019\u02bc`\uff07"

_ON_SHAPE = Text("不是 15 位或 18 位号码", "it has neither 15 nor 18 digits")
_ON_MASK = Text("号码被遮盖", "digits are masked")
_ON_SCIENCE = Text("科学计数法已丢失末位数字", "scientific notation lost its digits")
_ON_CHECK = Text("校验码不符", "the check digit is wrong")
_ON_BIRTH = Text("出生日期不可能", "the birth date is impossible")
_ON_DIVISION = Text("行政区划代码从未存在", "the division never existed")


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


def _tomorrow() -> date:
    return datetime.now(UTC).date() + timedelta(days=1)


def _born(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _objection(number: str, divisions: frozenset[str]) -> Text | None:
    """What is wrong with an 18-digit number of the right shape."""
    if check_character(number) != number[17]:
        return _ON_CHECK
    born = _born(number)
    if born is None or not EARLIEST <= born <= _tomorrow():
        return _ON_BIRTH
    # 9 begins the number of a foreigner's permanent residence card, since 2023
    if number[0] != "9" and number[:6] not in divisions:
        return _ON_DIVISION
    return None


def _bare(original: str) -> str:
    if _SHAPE.fullmatch(original):
        return original
    return "".join(fold_width(original).strip(_QUOTES).upper().split())


def _shape_objection(text: str) -> Text:
    if "*" in text:
        return _ON_MASK
    return _ON_SCIENCE if re.fullmatch(r"[\d.]+E\+?\d+", text) else _ON_SHAPE


def _reader(divisions: frozenset[str]) -> Callable[[Scalar], Result]:
    known = divisions | PERMIT_DIVISIONS

    def read(value: Scalar) -> Result:
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        number = _bare(original)
        if _OLD_SHAPE.fullmatch(number):
            number = upgrade(number)
        if isinstance(value, float) or not _SHAPE.fullmatch(number):
            return Unreadable(original, _shape_objection(number))
        objection = _objection(number, known)
        return Unreadable(original, objection) if objection else number

    return read


def birth_of(value: Scalar) -> Result:
    """The birth date that an identity number tells, as ``YYYY-MM-DD``."""
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    number = _bare(original)
    if _OLD_SHAPE.fullmatch(number):
        number = upgrade(number)
    if not _SHAPE.fullmatch(number):
        return Unreadable(original, _shape_objection(number))
    if check_character(number) != number[17]:
        return Unreadable(original, _ON_CHECK)
    born = _born(number)
    return born.isoformat() if born else Unreadable(original, _ON_BIRTH)


def _write_15(value: Result) -> Result:
    """The 15-digit form, for receivers that still ask for it."""
    number = str(value)
    if not _SHAPE.fullmatch(number) or upgrade(number[:6] + number[8:17]) != number:
        return Unreadable("")
    return number[:6] + number[8:17]


def converters(divisions: frozenset[str]) -> tuple[Converter, ...]:
    """The converters that ask whether a division ever existed."""
    title = Text("公民身份号码", "an identity number")
    read = _reader(divisions)
    return (
        Converter(
            "id_number", title, "text", read, lambda value: value, tables=("division",)
        ),
        Converter("id_number_15", title, "text", read, _write_15, tables=("division",)),
        Converter("birth_of_id_number", title, "date", birth_of),
    )
