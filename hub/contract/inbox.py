"""A watermark for systems that send messages: which were taken, and what is newest.

A message may be forgotten by its queue only after the hub stored it, and that is
known when the next pull starts from the watermark that came with it. Therefore a
pull takes messages without acknowledging them, they come back, and the next pull
acknowledges those its watermark names. The same memory drops what is sent twice, and
finds messages that were overtaken by a newer one of the same record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from hub.contract.messages import RawRecord, Tree, Watermark

#: how many messages and records are remembered; no pull takes more messages
REMEMBERED = 1_000

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Inbox:
    """What came through a queue lately.

    ``taken`` are marks of messages (id and digest), ``newest`` maps a record's key to
    its newest ``modified``; both oldest first, the last ``REMEMBERED`` of each.
    """

    taken: Mapping[str, None] = field(default_factory=dict)
    newest: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def resume(cls, watermark: Watermark) -> Inbox:
        """The inbox that a stored watermark describes."""
        value = watermark.value
        taken = cast("list[str]", value.get("taken") or [])
        newest = cast("list[tuple[str, str]]", value.get("newest") or [])
        return cls(dict.fromkeys(taken), dict(newest))

    def has(self, mark: str) -> bool:
        """Was this very message taken before?"""
        return mark in self.taken

    def take(self, marks: Iterable[str]) -> Inbox:
        """The inbox after these messages."""
        return replace(self, taken=_last({**self.taken, **dict.fromkeys(marks)}))

    def sort(
        self, records: Iterable[RawRecord]
    ) -> tuple[tuple[RawRecord, ...], tuple[RawRecord, ...], Inbox]:
        """Records that are news, those overtaken by newer ones, the inbox after both.

        ``modified`` has to sort as text. Where a record has none, it came when it
        came, and the last one stands.
        """
        newest = dict(self.newest)
        fresh: dict[tuple[str, str], RawRecord] = {}
        overtaken: list[RawRecord] = []
        for record in records:
            place = f"{record.kind}/{record.key}"
            if record.modified and record.modified < newest.get(place, ""):
                overtaken.append(record)
                continue
            before = fresh.pop((record.kind, record.key), None)
            overtaken.extend([before] if before else [])
            fresh[record.kind, record.key] = record
            if record.modified:
                newest.pop(place, None)  # the last one remembered stands last
                newest[place] = record.modified
        after = replace(self, newest=_last(newest))
        return tuple(fresh.values()), tuple(overtaken), after

    def watermark(self) -> Watermark:
        """What to keep."""
        newest: list[Tree] = [[key, at] for key, at in self.newest.items()]
        return Watermark({"taken": list(self.taken), "newest": newest})


def _last(found: dict[str, Value]) -> dict[str, Value]:
    return dict(list(found.items())[-REMEMBERED:])
