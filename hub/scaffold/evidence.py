"""What the values of one field look like, whatever its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.contract.messages import Tree
from hub.mapping.converters.converter import CANNOT_TELL, Converter
from hub.mapping.value import ABSENT, Unreadable

#: shape -> what a person calls it; the first that fits all values
_DATES = (
    (r"\d{8}", "20230801"),
    (r"\d{14}", "20230801093000"),
    (r"\d{4}-\d{1,2}-\d{1,2}", "2023-08-01"),
    (
        r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?",
        "2023-08-01 09:30:00",
    ),
    (r"\d{4}/\d{1,2}/\d{1,2}( \d{1,2}:\d\d(:\d\d)?)?", "2023/8/1"),
    (r"\d{4}\.\d{1,2}\.\d{1,2}", "2023.8.1"),
    (r"\d{4}年\d{1,2}月\d{1,2}日?", "2023年8月1日"),
    (r"[〇零一二三四五六七八九十]{4}年.{1,3}月.{1,3}日", "二〇二三年八月一日"),
    (r"1[0-9]{12}", "epoch milliseconds"),
)
_MOST_CODES = 12

Converters = Mapping[str, Converter]


def told(values: Sequence[Tree]) -> list[str | int | float | bool]:
    """The values that tell something."""
    return [
        one
        for one in values
        if one is not None and not isinstance(one, dict | list) and str(one).strip()
    ]


def reads(converters: Converters, chain: Sequence[str], values: Sequence[Tree]) -> bool:
    """Do these converters read every value, and at least one of them to something?"""
    given = told(values)
    answers = [_read(converters, chain, one) for one in given]
    good = [one for one in answers if one is not ABSENT]
    return bool(good) and not any(isinstance(one, Unreadable) for one in good)


def _read(converters: Converters, chain: Sequence[str], value: Tree) -> object:
    found: object = value
    for name in chain:
        side = converters[name].read if name in converters else None
        if side is None:
            return CANNOT_TELL
        found = side(found)  # type: ignore[arg-type]  # a plain value by now
        if found is ABSENT or isinstance(found, Unreadable):
            return found
    return found


def date_shape(values: Sequence[Tree]) -> str:
    """The shape in which dates stand here; empty where these are none."""
    given = [str(one).strip() for one in told(values)]
    for pattern, name in _DATES:
        if given and all(re.fullmatch(pattern, one) for one in given):
            return name if _is_plausible(given) else ""
    return ""


def _is_plausible(given: Sequence[str]) -> bool:
    return all(not one[:4].isdecimal() or 1000 <= int(one[:4]) <= 2100 for one in given)


def is_code_like(values: Sequence[Tree]) -> bool:
    """A few short values that come again, or a short code without spaces."""
    given = [str(one).strip() for one in told(values)]
    short = all(re.fullmatch(r"\S{1,12}", one) for one in given)
    is_few = len(set(given)) <= min(_MOST_CODES, max(1, len(given) // 2))
    is_code = all(re.fullmatch(r"[0-9]{1,4}|[A-Z]{1,3}\d{0,4}", one) for one in given)
    return bool(given) and short and (is_code or (is_few and len(given) > 2))


def looks_like(converters: Converters, values: Sequence[Tree]) -> str:
    """What a person may want to know of a field nobody knows."""
    shape = date_shape(values)
    if reads(converters, ("id_number",), values):
        return "identity numbers (GB 11643) with right check digits"
    if shape:
        return f"dates such as {shape}"
    if not told(values):
        return "empty in the sample"
    if is_code_like(values):
        return f"code-like, {len(set(map(str, told(values))))} different value(s)"
    return "text"


#: how a time of change may stand, and how many characters of it count
STAMP_FORMS = {
    "%Y-%m-%d %H:%M:%S": 19,
    "%Y-%m-%dT%H:%M:%S": 19,
    "%Y/%m/%d %H:%M:%S": 19,
    "%Y%m%d%H%M%S": 14,
    "%Y-%m-%d %H:%M": 16,
    "%Y-%m-%d": 10,
    "%Y%m%d": 8,
}


def stamp_form(value: Tree) -> str:
    """The form of a time of change; ``ms`` for a count since 1970."""
    if re.fullmatch(r"\d{13}", str(value)):
        return "ms"
    for form, length in STAMP_FORMS.items():
        try:
            datetime.strptime(str(value).strip()[:length], form)  # noqa: DTZ007 - its form
        except ValueError:
            continue
        return form
    return "%Y-%m-%d %H:%M:%S"
