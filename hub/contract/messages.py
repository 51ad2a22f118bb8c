"""What travels between the engine and an adapter; frozen, no behaviour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Tree = dict[str, "Tree"] | list["Tree"] | str | int | float | bool | None
Record = dict[str, "Tree"]

#: what no database's text holds: NUL, and halves of a character
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")

#: stands in the media type of bytes that are only the beginning, with their number
CUT = "cut="


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record of the far side, its bytes exactly as they arrived.

    ``kind`` is the manifest's word for it (``case``), ``key`` the far side's own
    identity of it, ``modified`` its modification time in the far side's words.
    ``media`` is a media type and may name a charset that is only claimed; of a record
    larger than its endpoint's limit it says where it was cut.
    """

    kind: str
    key: str
    body: bytes
    media: str
    modified: str = ""

    @property
    def is_cut(self) -> bool:
        """Was it too large, so that ``body`` is only its beginning?"""
        return CUT in self.media


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a pull has come, in the far side's own terms (增量水位).

    ``value`` is plain JSON, owned by the adapter; the engine only keeps it.
    An empty one means: from the beginning.
    """

    value: Mapping[str, Tree] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Some raw records and the watermark to keep once they are stored.

    ``overtaken`` came too late: a newer record of the same key is known. Their bytes
    are kept, and nobody works them through.
    """

    records: tuple[RawRecord, ...]
    watermark: Watermark
    overtaken: tuple[RawRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a file of the far side, and where in it they stand.

    ``size`` is the whole file's in bytes. ``version`` changes when the file does
    (an ETag, a digest, a time); empty where the far side does not tell.
    """

    body: bytes
    offset: int
    size: int
    version: str = ""
    media: str = "application/octet-stream"

    @property
    def end(self) -> int:
        """The offset of the next byte to ask for."""
        return self.offset + len(self.body)

    @property
    def is_last(self) -> bool:
        """Does the file end here?"""
        return self.end >= self.size


@dataclass(frozen=True, slots=True)
class Parcel:
    """A transfer written in the receiver's words.

    ``key`` is the idempotency key: the same for every attempt. ``message_id``
    is 32 hex digits derived from it, for systems that ask for an SJBS.
    ``numbers`` are the case's numbers by scheme. ``body`` is what the mapping
    wrote for this node.
    """

    key: str
    message_id: str
    node: str
    sender: str
    receiver: str
    numbers: Mapping[str, str]
    body: Record
    submitted_at: datetime


class Outcome(StrEnum):
    """What a receiver said to a parcel (回执结果)."""

    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a parcel was returned: a code of ``return_reason`` and its text."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receiver's answer to a parcel, yes or no (回执).

    A refusal is an answer: it travels as ``RETURNED``, not as an exception.
    ``PENDING`` means taken over, the answer comes later (ask with ``enquire``).
    ``numbers`` are the receiver's own case numbers by scheme (``court``,
    ``department``, ``unified``, ``correction``). ``body`` are the bytes received.
    """

    outcome: Outcome
    numbers: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    body: bytes = b""
    media: str = "application/octet-stream"
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What a probe found: the far side's own version and clock, if it tells."""

    version: str = ""
    clock: datetime | None = None
