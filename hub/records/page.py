"""Pages of a list: which part is asked for, and what came of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from hub.errors import RequestInvalid

Row = TypeVar("Row")

LARGEST = 100


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an order (游标): the order's name, the sort value and the key."""

    order: str
    value: str | None
    key: str

    def encode(self) -> str:
        """The opaque text a client hands back."""
        body = json.dumps([self.order, self.value, self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, order: str) -> Cursor:
        """The place a client means; raises ``RequestInvalid`` for anything else."""
        try:
            padded = text + "=" * (-len(text) % 4)
            found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            name, value, key = found
        except (ValueError, TypeError) as error:
            raise bad_cursor() from error
        if name != order or not isinstance(key, str):
            raise bad_cursor()
        if value is not None and not isinstance(value, str):
            raise bad_cursor()
        return cls(name, value, key)


@dataclass(frozen=True, slots=True)
class Ask:
    """Which page: at most ``first`` rows after ``after`` in a total order."""

    order: str
    first: int = 20
    after: Cursor | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """One page. ``place`` tells the cursor of one of its rows."""

    rows: tuple[Row, ...]
    has_next: bool
    place: Callable[[Row], Cursor]


def ask(first: int, after: str | None, order: str, *, descending: bool = False) -> Ask:
    """Check what a client asks for; raises ``RequestInvalid``."""
    if not 1 <= first <= LARGEST:
        raise RequestInvalid(
            f"first 应在 1 到 {LARGEST} 之间",
            f"first should be between 1 and {LARGEST}",
            where="first",
        )
    name = f"{order}.{'desc' if descending else 'asc'}"
    cursor = Cursor.decode(after, name) if after is not None else None
    return Ask(name, first, cursor, descending)


def bad_cursor() -> RequestInvalid:
    """What is said to a cursor that is none of ours, or of another order."""
    return RequestInvalid(
        "游标无效，或与当前排序不符",
        "The cursor is not valid, or belongs to another order",
        where="after",
    )
