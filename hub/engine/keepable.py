"""What the database can hold of what a far side says: names and keys of any length.

JSON can spell what PostgreSQL refuses (U+0000, half surrogates). A value that cannot
be kept is first the mapping's business, field by field; what is still told with one
sets its record aside. A name becomes a path in the ledger, the census and the
remainder, and a key identifies the record, so neither may hold one. One odd record
must not stop a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from hub.contract.messages import UNKEEPABLE, RawRecord, Tree
from hub.errors import Fault, RecordInvalid, RecordUnreadable, Text

#: characters of one name, and of all on the way down to it: paths are indexed
MAX_NAME = 200
MAX_PATH = 800
#: characters of a key
MAX_KEY = 400
#: bytes without which no reader can come to an unkeepable character
_SIGNS = (b"\x00", b"\\u0000", b"\\ud", b"\\uD", b"\\x00")


def check_names(tree: Tree, body: bytes) -> None:
    """Raises ``RecordUnreadable`` for a name that cannot be kept."""
    _check(tree, MAX_PATH, is_odd(body))


def is_odd(body: bytes) -> bool:
    """May anything that is read from these bytes hold an unkeepable character?"""
    return any(sign in body for sign in _SIGNS)


def is_keepable(told: Tree) -> bool:
    """Can the database hold every text of what is told?"""
    if isinstance(told, dict):
        return all(map(is_keepable, told.values()))
    if isinstance(told, list):
        return all(map(is_keepable, told))
    return not isinstance(told, str) or not UNKEEPABLE.search(told)


#: what is wrong with a record that tells one
NOT_KEEPABLE = Fault(
    RecordInvalid.code,
    "",
    Text(
        "记录含有无法存储的字符（U+0000 或半个代理对）",
        "The record holds characters that cannot be stored (U+0000, half surrogates)",
    ),
    rule="read",
)


def _check(tree: Tree, left: int, odd: bool) -> None:
    if isinstance(tree, list):
        for one in tree:
            if isinstance(one, dict | list):
                _check(one, left, odd)
    elif isinstance(tree, dict):
        for name, below in tree.items():
            length = len(name)
            if length > MAX_NAME or length > left:
                raise _refused("过长", "is too long")
            if odd and UNKEEPABLE.search(name):
                raise _refused(
                    "含有无法保存的字符", "holds a character nobody can keep"
                )
            if isinstance(below, dict | list):
                _check(below, left - length, odd)


def _refused(zh: str, en: str) -> RecordUnreadable:
    return RecordUnreadable(f"字段名{zh}", f"A field's name {en}")


def spelled(records: Iterable[RawRecord]) -> tuple[RawRecord, ...]:
    """The records, each under a key that can be kept; the bytes are as they were."""
    return tuple(one if _is_plain(one) else _respelled(one) for one in records)


def _is_plain(record: RawRecord) -> bool:
    said = record.key + record.modified
    return len(said) <= MAX_KEY and not UNKEEPABLE.search(said)


def _respelled(record: RawRecord) -> RawRecord:
    """Its beginning, and a digest that tells it from others that begin alike."""
    mark = hashlib.sha256(record.key.encode("utf-8", "surrogatepass")).hexdigest()
    begins = UNKEEPABLE.sub("\ufffd", record.key)[:100]
    key = f"{begins}~{mark[:32]}"
    return replace(record, key=key, modified=UNKEEPABLE.sub("", record.modified)[:100])
