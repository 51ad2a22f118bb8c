"""The protocol every adapter keeps, and what some systems can do beyond it.

The manifest's ``can`` says what a system does; each ability is the method of that
name. What ``can`` does not name is never called and need not be written: neither
here in ``Adapter`` (``pull``, ``push``, ``probe``) nor in the protocols below it.
An adapter only talks. Waiting and trying again belong to the engine; rules about
values belong to the mapping; parsing belongs to ``read`` and ``hub.wire``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import (
    Health,
    Page,
    Parcel,
    Piece,
    RawRecord,
    Receipt,
    Tree,
    Watermark,
)
from hub.contract.place import Spot


class Adapter(Protocol):
    """Our code for one system. One instance serves one endpoint.

    It is entered before use (``async with``) and may keep a session, a ticket or
    a pool while it is open. Every method raises only leaves of ``AgencyError``,
    except ``read`` and ``locate``, which raise ``RecordUnreadable``.
    """

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """Take the endpoint; do not talk yet."""

    async def __aenter__(self) -> Self:
        """Open what has to be open."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""

    def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        """Yield what changed since the watermark, oldest first, page by page.

        The engine moves the watermark in the transaction that works a page
        through, so a run that dies goes on after the last page. It asks for the
        next page meanwhile and may put small ones together: tell the far side
        that a page was taken only by asking from its watermark on the next pull.
        """

    def read(self, raw: RawRecord) -> Tree:
        """Take the bytes apart; pure, no network, no rule about values."""

    def locate(self, raw: RawRecord, place: str) -> Spot:
        """Where in the bytes the value at a place of ``read``'s tree stands.

        Pure, no network; raises ``RecordUnreadable`` as ``read`` does. A place where
        nothing is gives a spot without a line.
        """

    async def push(self, parcel: Parcel) -> Receipt:
        """Hand a parcel over. A time-out raises ``AgencyUnreachable``: unknown."""

    async def probe(self) -> Health:
        """The cheapest call that proves address, login and protocol."""


@runtime_checkable
class Enquires(Protocol):
    """``can: [enquire]``: the system tells what became of a parcel."""

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        """Ask whether a parcel arrived. ``None``: the far side does not know it."""


@runtime_checkable
class LooksUp(Protocol):
    """``can: [lookup]``: the system gives one record when asked for it."""

    async def lookup(self, kind: str, key: str) -> RawRecord | None:
        """One record now, by the far side's key; ``None``: it has no such record.

        The same ``kind``, ``key`` and bytes that ``pull`` would bring. It moves no
        watermark, and a record that cannot be parsed comes all the same.
        """


@runtime_checkable
class Fetches(Protocol):
    """``can: [fetch]``: the system gives a file's bytes in ranges."""

    async def fetch(self, reference: str, offset: int, most: int) -> Piece | None:
        """At most ``most`` bytes from ``offset`` on; ``None``: it has no such file.

        ``reference`` is how a record's tree names the file, and is never a path of
        ours. At or beyond the end the piece is empty. The far side may give less
        than asked, never nothing before the end. A broken download resumes with the
        next byte, or from 0 where the piece's ``version`` is another one.
        """


@runtime_checkable
class Ingests(Protocol):
    """``can: [ingest]``: the system posts its records to the hub by itself."""

    def ingest(self, body: bytes, media: str) -> tuple[RawRecord, ...]:
        """The records that one post holds; pure, no network, like ``read``.

        Raises ``RecordUnreadable`` where the post cannot be told apart into records;
        one record inside it that cannot be read is given all the same.
        """


def lacking(kind: type[Adapter], abilities: Iterable[str]) -> tuple[str, ...]:
    """The abilities that an adapter's class does not have, in the order asked.

    A method inherited from a protocol of this module says nothing and counts as none.
    """
    return tuple(name for name in abilities if not _has(kind, name))


def _has(kind: type, ability: str) -> bool:
    owner = next((one for one in kind.__mro__ if ability in vars(one)), None)
    if owner is None or owner.__module__ == __name__:
        return False
    return callable(getattr(kind, ability))
