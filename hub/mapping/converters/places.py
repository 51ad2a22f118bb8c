"""Converters of codes of places and units: GB/T 2260, GB/T 10114, GA/T 380."""

from __future__ import annotations

import re

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter, as_it_is
from hub.mapping.converters.numbered import shaped
from hub.mapping.converters.objection import on_number
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_DIVISION = re.compile(r"(\d{6})(?:\d{3}|\d{6})?", re.ASCII)
_POLICE_UNIT = re.compile(r"\d{12}", re.ASCII)
_CENTRE = re.compile(r"\d{9}", re.ASCII)


def division6(value: Scalar) -> Result:
    """The 6-digit division in a code of 6, 9 or 12 digits.

    The rest, a township or village, is left off. Source: GB/T 2260, GB/T 10114.
    """
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    found = _DIVISION.fullmatch(fold_width(original).lstrip("'"))
    return found[1] if found else Unreadable(original, on_number(original))


def _division12(value: Result) -> Result:
    is_code = type(value) is str and len(value) == 6 and division6(value) == value
    return f"{value}000000" if is_code else CANNOT_TELL


_DIVISION_TITLE = Text("行政区划代码", "a division code")
_unit = shaped(_POLICE_UNIT, told="A police unit, 12 digits. Source: GA/T 380.")
_centre = shaped(_CENTRE, told="A detention centre, 9 digits. Source: GA 300.1.")

CONVERTERS = (
    Converter("division6", _DIVISION_TITLE, "text", division6, as_it_is(division6)),
    Converter("division12", _DIVISION_TITLE, "text", division6, _division12),
    Converter(
        "police_unit",
        Text("公安机关代码", "a police unit code"),
        "text",
        _unit,
        as_it_is(_unit),
    ),
    Converter(
        "detention_centre",
        Text("看守所代码", "a detention centre's code"),
        "text",
        _centre,
        as_it_is(_centre),
    ),
)
