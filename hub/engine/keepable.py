"""What the database can hold of what a far side says: names and keys of any length.

A value that cannot be kept is the mapping's business, field by field. A name becomes a
path in the ledger, the census and the remainder, and a key identifies the record, so
neither may hold what PostgreSQL refuses; one odd record must not stop a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from hub.contract.messages import UNKEEPABLE, RawRecord, Tree
from hub.errors import RecordUnreadable

#: characters of one name, and of all on the way down to it: paths are indexed
MAX_NAME = 200
MAX_PATH = 800
#: characters of a key
MAX_KEY = 400
#: bytes without which no reader can come to an unkeepable character
_SIGNS = (b"\x00", b"\\u0000", b"\\ud", b"\\uD", b"\\x00")


def check_names(tree: Tree, body: bytes) -> None:
    """Raises ``RecordUnreadable`` for a name that cannot be kept."""
    _check(tree, MAX_PATH, any(sign in body for sign in _SIGNS))


def _check(tree: Tree, left: int, is_odd: bool) -> None:
    if isinstance(tree, list):
        for one in tree:
            if isinstance(one, dict | list):
                _check(one, left, is_odd)
    elif isinstance(tree, dict):
        for name, below in tree.items():
            length = len(name)
            if length > MAX_NAME or length > left:
                raise _refused("过长", "is too long")
            if is_odd and UNKEEPABLE.search(name):
                raise _refused(
                    "含有无法保存的字符", "holds a character nobody can keep"
                )
            if isinstance(below, dict | list):
                _check(below, left - length, is_odd)


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
