"""Can the database hold what a record says? JSON can spell what it cannot."""

from __future__ import annotations

import orjson

from hub.contract.messages import Tree
from hub.errors import Fault, RecordInvalid, Text
from hub.mapping.read import Mapped

#: a record with such a text would stop its page, and so its endpoint, for ever
UNKEEPABLE = Fault(
    RecordInvalid.code,
    "",
    Text(
        "记录含有无法存储的字符（U+0000 或半个代理对）",
        "The record holds characters that cannot be stored (U+0000, half surrogates)",
    ),
    rule="read",
)


def is_keepable(mapped: Mapped) -> bool:
    """Can the database hold what is told, and the names of what is not?"""
    names = [place for place, _ in mapped.account.kept]
    names += [*mapped.remainder, *(one.place for one in mapped.losses)]
    try:
        text = orjson.dumps([mapped.body, names])
    except TypeError:  # half a surrogate; or a number that only Python can hold
        return False
    return b"\\u0000" not in text or not (
        _has_nul(mapped.body) or any(map(_has_nul, names))
    )


def _has_nul(told: Tree) -> bool:
    if isinstance(told, dict):
        return any(map(_has_nul, (*told, *told.values())))
    if isinstance(told, list):
        return any(map(_has_nul, told))
    return isinstance(told, str) and "\0" in told
