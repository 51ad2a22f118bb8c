"""What a named converter is: a read side and often a write side.

A converter is pure and never raises on data: its read side answers a canonical
value, ``ABSENT`` or ``Unreadable`` with the original text and a reason; its write
side answers the receiver's spelling of a canonical value or ``Unreadable``, which
says that the receiver cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.errors import Text
from hub.mapping.value import Result, Scalar, Unreadable

#: part of the ``rules`` digest: raise it with every change of what a converter does
VERSION = "4"

Side = Callable[[Scalar], Result]

#: what a write side answers to a value that its read side never gives
CANNOT_TELL = Unreadable(
    "",
    Text("该值不是规范形式，无法告知对方", "the value has not the canonical form"),
)


@dataclass(frozen=True, slots=True)
class Converter:
    """A named converter.

    ``gives`` is the type of ``hub.records.shape`` that reading gives. ``takes`` is
    the kind of record that writing takes, empty for a plain value. ``tables`` are
    the code tables it asks.
    """

    name: str
    title: Text
    gives: str = "text"
    read: Side | None = None
    write: Callable[[Result], Result] | None = None
    takes: str = ""
    tables: tuple[str, ...] = ()


def as_it_is(read: Side) -> Callable[[Result], Result]:
    """A write side that writes a canonical text as it is, and nothing else."""

    def write(value: Result) -> Result:
        return value if type(value) is str and read(value) == value else CANNOT_TELL

    return write
