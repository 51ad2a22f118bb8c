"""Converters and a code table put together into one function per field."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from hub.contract.messages import Tree
from hub.errors import CodeUnknown, Text
from hub.mapping.converters.converter import Converter
from hub.mapping.converters.text import text
from hub.mapping.lookup import Lookup
from hub.mapping.value import ABSENT, Result, Unreadable, as_text, is_blank

_SEVERAL = Text("应为单个值，实为多个", "one value is asked for, there are several")
_NESTED = Text("应为单个值，实为下级结构", "one value is asked for, there is a record")


def reading(
    converters: Sequence[Converter], lookup: Lookup | None
) -> Callable[[Tree], Result]:
    """One raw value to a canonical one: converters in order, then the table.

    Where neither is named, the value is a text as it is.
    """
    if not converters and lookup is None:
        return _plain
    sides = [(converter.name, converter.read) for converter in converters]
    rule = sides[0][0] if sides else lookup.table if lookup else "text"

    def take(raw: Tree) -> Result:
        if type(raw) is not str:
            if isinstance(raw, list) and len(raw) == 1:
                return take(raw[0])
            if raw is None or isinstance(raw, dict | list):
                return _no_scalar(raw, rule)
        value: Result = raw
        for name, side in sides:
            value = side(value)  # type: ignore[arg-type,misc]  # checked at load
            if value is ABSENT:
                return ABSENT
            if type(value) is Unreadable:
                return replace(value, original=as_text(raw), rule=name)
        return value if lookup is None else _meaning(lookup, value, raw)

    return take


def _plain(raw: Tree) -> Result:
    if isinstance(raw, list) and len(raw) == 1:
        return _plain(raw[0])
    if raw is None or isinstance(raw, dict | list):
        return _no_scalar(raw, "text")
    return text(raw)


def _no_scalar(raw: Tree, rule: str) -> Result:
    if is_blank(raw):
        return ABSENT
    told = json.dumps(raw, ensure_ascii=False, sort_keys=True)
    return Unreadable(told, _SEVERAL if isinstance(raw, list) else _NESTED, rule)


def _meaning(lookup: Lookup, value: Result, raw: Tree) -> Result:
    found = as_text(value).strip()  # type: ignore[arg-type]  # a scalar by now
    code = lookup.meanings.get(found)
    if code is not None:
        return code or ABSENT
    if is_blank(found):
        return ABSENT
    return Unreadable(as_text(raw), None, lookup.table, CodeUnknown.code)


def writing(
    converters: Sequence[Converter], lookup: Lookup | None
) -> Callable[[Tree], Result]:
    """One canonical value in the receiver's words: the table, then converters."""
    sides = [(converter.name, converter.write) for converter in converters]

    def take(canonical: Tree) -> Result:
        if canonical is None or canonical in ("", [], {}):
            return ABSENT
        value: Result = canonical
        if lookup is not None:
            value = lookup.spellings.get(as_text(canonical))
            if value is None:
                return Unreadable(
                    as_text(canonical), None, lookup.table, CodeUnknown.code
                )
        for name, side in sides:
            value = side(value)  # type: ignore[misc]  # checked at load
            if value is ABSENT:
                return ABSENT
            if type(value) is Unreadable:
                return replace(value, original=as_text(canonical), rule=name)
        return value

    return take
