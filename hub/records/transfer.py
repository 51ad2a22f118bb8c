"""What a caller asks for when it hands a case over, and what it gets back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TransferDraft:
    """A hand-over as a caller asks for it (移送申请).

    ``case_number`` is the hub's or any agency's number of the case; ``receiver``
    an agency code, ``sender`` too (empty: the caller itself). ``persons`` are ids
    of persons of the case, empty for all of them. ``client_key`` is the caller's
    own idempotency key: the same key and content give the same transfer.
    """

    case_number: str
    node: str
    receiver: str
    client_key: str
    sender: str = ""
    persons: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A hand-over that is committed and will be delivered.

    ``is_repeat``: the same request was accepted before; nothing new happens.
    """

    transfer_id: UUID
    is_repeat: bool
