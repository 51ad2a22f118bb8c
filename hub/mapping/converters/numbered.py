"""How numbers of cases, persons and documents are read: folded, then by shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from hub.mapping.converters.converter import Side
from hub.mapping.converters.objection import SCIENCE, on_number
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_BRACKETS = "（〔[【﹝〖［", "）〕]】﹞〗］"
_TO_ROUND = str.maketrans(_BRACKETS[0] + _BRACKETS[1], "(" * 7 + ")" * 7)
_TO_SQUARE = str.maketrans(_BRACKETS[0] + "(" + _BRACKETS[1] + ")", "[" * 8 + "]" * 8)
_GAPS = re.compile(r"\s+")

Fold = Callable[[str], str]


def rounded(text: str) -> str:
    """Every kind of bracket as a round one of half width."""
    return text.translate(_TO_ROUND)


def squared(text: str) -> str:
    """Every kind of bracket as a square one of half width."""
    return text.translate(_TO_SQUARE)


def digits(text: str) -> str:
    """Codes: without the apostrophe of a spreadsheet, in capitals."""
    return text.lstrip("'").upper()


def bare(original: str) -> str:
    """Half width and without any gap."""
    return _GAPS.sub("", fold_width(original))


def shaped(
    shape: re.Pattern[str],
    fold: Fold = digits,
    usual: str = "",
    sound: Callable[[str], bool] | None = None,
    *,
    told: str,
) -> Side:
    """Read what has this shape once it is folded, and is ``sound``.

    ``usual`` is a pair of brackets in which it nearly always comes: tried first.
    ``told`` says what it is and by what source: the read side's own docstring.
    """
    opening, closing = (usual or "()")[0], (usual or "()")[1]

    def read(value: Scalar) -> Result:
        if type(value) is str:
            likely = value.replace(opening, "(").replace(closing, ")")
            if shape.fullmatch(likely) and (sound is None or sound(likely)):
                return likely
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        if isinstance(value, float):
            return Unreadable(original, SCIENCE)
        found = fold(bare(original))
        if shape.fullmatch(found) and (sound is None or sound(found)):
            return found
        return Unreadable(original, on_number(found))

    read.__doc__ = told
    return read


def part(read: Side, shape: re.Pattern[str], group: str) -> Side:
    """Read one part out of a number that ``read`` reads; absent where it has none."""

    def taken(value: Scalar) -> Result:
        found = read(value)
        if type(found) is not str:
            return found
        match = shape.fullmatch(found)
        return (match[group] if match else "") or ABSENT

    taken.__doc__ = f"The {group} in this: {read.__doc__}"
    return taken


def is_day(eight: str) -> bool:
    """Are eight digits a day of the calendar?"""
    try:
        date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return False
    return True
