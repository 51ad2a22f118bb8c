"""One real page of a pull, with all that was said and heard, read and mapped."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from hub.contract.adapter import Adapter
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import Page, RawRecord, Tree, Watermark
from hub.contract.place import Spot
from hub.engine.registry import adapter_class
from hub.errors import Fault, HubError
from hub.mapping.load import SystemMapping
from hub.mapping.read import Mapped
from hub.wire.listening import Heard, listening


@dataclass(frozen=True, slots=True)
class Attempt:
    """One raw record, its tree and what the mapping made of it.

    ``error``: it could not be read, or not mapped at all. ``spots`` are the places of
    the faults in the bytes, one for each, ``None`` where the adapter cannot tell.
    """

    record: RawRecord
    tree: Tree = None
    mapped: Mapped | None = None
    error: HubError | None = None
    spots: tuple[Spot | None, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What the mapping objected to."""
        return self.mapped.faults if self.mapped else ()

    @property
    def is_well(self) -> bool:
        """Was it read and mapped without a fault or a remainder?"""
        mapped = self.mapped
        return mapped is not None and not mapped.faults and not mapped.remainder


@dataclass(slots=True)
class Trial:
    """What one page gave. ``error``: the far side failed on the way to it.

    ``pages`` is how many pages there were up to this one; fewer than were asked for
    where the pull ended before.
    """

    heard: list[Heard] = field(default_factory=list)
    pages: int = 0
    page: Page | None = None
    attempts: tuple[Attempt, ...] = ()
    error: HubError | None = None


async def try_page(
    endpoint: Endpoint, manifest: Manifest, mapping: SystemMapping, number: int
) -> Trial:
    """Pull from the beginning up to a page (from 1), and map what it holds.

    Only what was said for this page is told, for the first page the opening too.
    """
    trial = Trial()
    adapter = adapter_class(manifest)(endpoint, manifest)
    with listening() as heard:
        trial.heard = heard
        try:
            async with adapter:
                await _pull(adapter, trial, number)
        except HubError as error:
            trial.error = error
    if trial.page is not None:
        trial.attempts = attempts(adapter, mapping, trial.page.records)
    return trial


async def _pull(adapter: Adapter, trial: Trial, number: int) -> None:
    pages = adapter.pull(Watermark())
    async with aclosing(pages) as open_pages:  # type: ignore[type-var]  # a generator
        async for page in open_pages:
            trial.pages += 1
            if trial.pages == number:
                trial.page = page
                return
            trial.heard.clear()


async def first_pages(
    adapter: Adapter, mapping: SystemMapping, pages: int
) -> list[Attempt]:
    """The records of the first pages of a pull, read and mapped."""
    found: list[Attempt] = []
    pulled = adapter.pull(Watermark())
    async with aclosing(pulled) as open_pages:  # type: ignore[type-var]  # a generator
        async for page in open_pages:
            found += attempts(adapter, mapping, page.records)
            pages -= 1
            if not pages:
                break
    return found


def attempts(
    adapter: Adapter, mapping: SystemMapping, records: Sequence[RawRecord]
) -> tuple[Attempt, ...]:
    """Each record read and mapped, as the engine would."""
    return tuple(_attempt(adapter, mapping, record) for record in records)


def _attempt(adapter: Adapter, mapping: SystemMapping, record: RawRecord) -> Attempt:
    try:
        tree = adapter.read(record)
        mapped = mapping.read(record.kind, tree)
    except HubError as error:
        return Attempt(record, error=error)
    spots = tuple(_spot(adapter, record, fault) for fault in mapped.faults)
    return Attempt(record, tree, mapped, spots=spots)


def _spot(adapter: Adapter, record: RawRecord, fault: Fault) -> Spot | None:
    if not fault.source:
        return None
    try:
        return adapter.locate(record, fault.source)
    except HubError:
        return None
