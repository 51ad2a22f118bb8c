"""The protocol every adapter keeps: open, pull, read, locate, push, probe, enquire.

An adapter only talks. Waiting and trying again belong to the engine; rules about
values belong to the mapping; parsing belongs to ``read`` and ``hub.wire``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Protocol, Self

from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import (
    Health,
    Page,
    Parcel,
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

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        """Ask whether a parcel arrived. ``None``: the far side does not know it.

        Only called where the manifest says ``can: [enquire]``.
        """

    async def probe(self) -> Health:
        """The cheapest call that proves address, login and protocol."""
