"""What each key of a manifest means: the words of docs/contract.md."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "system": "the folder's name, and the system's name everywhere",
        "version": "of the interface spoken; stands in every raw record",
        "adapter": "the class, as `adapters.<system>.adapter:Class`",
        "title": "the system's name in both languages",
        "title.zh": "in Chinese",
        "title.en": "in English",
        "agency_type": "a code of the table `agency_type`",
        "transport": "how it is reached",
        "owner": "who is asked when it breaks",
        "can": "what the system can do; each is a method of that name",
        "kinds": "kinds of raw records; the mapping has a record for each",
        "identity": "by kind: the far side's field that makes a record the same record",
        "own_numbers": "number schemes this system gives out",
        "receives": "nodes that can be handed to it; the mapping has a parcel for each",
        "receipt": "`later` where `push` answers `PENDING`",
        "hours": "when the system is open, local time, as `08:00-18:00`; empty: always",
        "increment": "how a pull moves on",
        "increment.by": "the field a pull goes by",
        "increment.lag_seconds": "how late a commit may come",
        "paging": "how lists come",
        "limits": "budgets of one endpoint",
        "limits.page_size": "records asked for at once",
        "limits.in_flight": "calls under way at once",
        "limits.deadline_seconds": "of one call",
        "limits.max_bytes": "of one body",
        "idempotency": "how a repeat is recognised",
        "idempotency.key": "by what the system recognises it",
        "idempotency.honoured": "whether it does",
        "quirks": "what an operator should know, one sentence each",
    }
)
