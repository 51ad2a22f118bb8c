"""Somebody listens to what a wire says and hears: off unless asked for.

``hub try`` shows a person the request and the raw answer on the terminal. Nothing
that is heard goes to a log or a disk. While nobody listens, a wire asks one context
variable and goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heard:
    """One exchange with the far side, as it went over the wire.

    ``said`` is the request in a line (method and address, statement, file), ``status``
    what came back in a word; empty where nothing came, then ``error`` says why.
    """

    wire: str
    said: str
    status: str = ""
    error: str = ""
    sent_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    sent: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    media: str = ""


_ears: ContextVar[list[Heard] | None] = ContextVar("ears", default=None)


@contextmanager
def listening() -> Iterator[list[Heard]]:
    """Everything the wires say and hear in this block, tasks and threads included."""
    heard: list[Heard] = []
    before = _ears.set(heard)
    try:
        yield heard
    finally:
        _ears.reset(before)


def is_heard() -> bool:
    """Does anybody listen? Ask before making what ``tell`` takes."""
    return _ears.get() is not None


def tell(heard: Heard) -> None:
    """Tell whoever listens."""
    ears = _ears.get()
    if ears is not None:
        ears.append(heard)


def tell_left(place: str, names: Iterable[str]) -> None:
    """Tell what was found in a folder, if anybody listens."""
    if is_heard():
        told = tuple(names)
        body = "\n".join(told).encode()
        tell(Heard("drop", f"LIST {place}", f"{len(told)} left", body=body))


def tell_taken(wire: str, name: str, body: bytes | None) -> None:
    """Tell what was taken, if anybody listens; ``None``: nothing was there."""
    if is_heard():
        status = "" if body is None else f"{len(body)} bytes"
        error = "not there, or being written" if body is None else ""
        tell(Heard(wire, f"TAKE {name}", status, error, body=body or b""))
