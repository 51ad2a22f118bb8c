"""What a named converter is: a read side and often a write side.

A converter is pure and never raises on data: its read side answers a canonical
value, ``ABSENT`` or ``Unreadable``; its write side answers the receiver's spelling
of a canonical value or ``Unreadable``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.errors import Text
from hub.mapping.value import Result, Scalar

#: part of the ``rules`` digest: raise it with every change of what a converter does
VERSION = "2"

Side = Callable[[Scalar], Result]


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
