"""Strict converters of XML Schema's own lexical forms, for fields that claim them.

A SOAP client answers nothing or a wrong value to a text outside them; these answer
*unreadable* with the text. ``date``, ``local_time`` and ``int`` read more.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter, Side
from hub.mapping.converters.dates import read_date, written
from hub.mapping.converters.times import local_time, stored
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:\+08:00)?", re.ASCII)
_TIME = re.compile(
    rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{{1,9}})?{_ZONE}", re.ASCII
)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_ON_FORM = Text("不合 XML Schema 的写法", "it has not the form of XML Schema")


def _strict(form: re.Pattern[str], read: Side, told: str) -> Side:
    def strict(value: Scalar) -> Result:
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        bare = original.strip(" \t\r\n")
        if type(value) is not str or not form.fullmatch(bare):
            return Unreadable(original, _ON_FORM)
        found = read(bare)
        if isinstance(found, Unreadable):
            return Unreadable(original, found.reason)
        return found

    strict.__doc__ = told
    return strict


xsd_date = _strict(
    _DATE,
    read_date,
    """``2021-10-08``, with +08:00 behind it or not.

    Source: XML Schema Part 2, section 3.2.9 (date).
    """,
)
xsd_time = _strict(
    _TIME,
    local_time,
    """``2021-10-08T09:00:00``; without offset it is by the clock of China.

    Source: XML Schema Part 2, section 3.2.7 (dateTime).
    """,
)


def xsd_decimal(value: Scalar) -> Result:
    """A decimal number as text, without zeros that say nothing; ``1,5`` is none.

    Source: XML Schema Part 2, section 3.2.3.2 (canonical representation), but a
    whole number has no point.
    """
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    bare = original.strip(" \t\r\n")
    if isinstance(value, bool) or not _DECIMAL.fullmatch(bare):
        return Unreadable(original, _ON_FORM)
    whole, _, part = bare.lstrip("+-").partition(".")
    told = (whole.lstrip("0") or "0") + (
        f".{part}" if (part := part.rstrip("0")) else ""
    )
    return f"-{told}" if bare.startswith("-") and told != "0" else told


def _write_decimal(value: Result) -> Result:
    return value if type(value) is str and xsd_decimal(value) == value else CANNOT_TELL


def _write_time(value: Result) -> Result:
    return CANNOT_TELL if stored(value) is None else local_time(str(value))


_write_date: Callable[[Result], Result] = written(lambda day: day.isoformat())

CONVERTERS = (
    Converter("xsd_date", Text("xs:date", "xs:date"), "date", xsd_date, _write_date),
    Converter(
        "xsd_time", Text("xs:dateTime", "xs:dateTime"), "time", xsd_time, _write_time
    ),
    Converter(
        "xsd_decimal",
        Text("xs:decimal", "xs:decimal"),
        "text",
        xsd_decimal,
        _write_decimal,
    ),
)
