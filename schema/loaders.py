"""One statement a level: what a request reads, gathered before it is read.

Loaders hand out finished types, so a type never has to know how another is made.
Everything under a case is loaded by the case, so asking for the charges of a case
and of its persons is one statement and not two.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from hub.engine.answers import cases as answer
from hub.engine.answers import runs as answer_runs
from hub.engine.answers import transfers as answer_transfers
from hub.engine.hub import Hub
from hub.records import document, person
from hub.records.agency import EndpointRecord
from hub.records.caller import Caller
from hub.records.case import FacetBody
from schema.types.case import Case, CaseNumber
from schema.types.document import Document
from schema.types.facet import Facet
from schema.types.person import Charge, Measure, Person, Sentence
from schema.types.transfer import Receipt, Transfer, TransferStep

Key = TypeVar("Key")
Row = TypeVar("Row")
Kind = TypeVar("Kind")

Fetch = Callable[[Hub, Caller, Sequence[Key]], Awaitable[Mapping[Key, Row]]]


class Loaders:
    """The loaders of one request (or of one event of a subscription)."""

    def __init__(self, hub: Hub, caller: Caller) -> None:
        """Nothing is read before it is asked for."""
        self._hub, self._caller = hub, caller
        self._endpoints: asyncio.Task[dict[str, EndpointRecord]] | None = None
        self.case = self._one(answer.cases_by_id, Case.of)
        self.numbers = self._many(answer.numbers_of, CaseNumber.of)
        self.agencies = self._many(answer.agencies_of, str)
        self.persons = self._many(_children(person.Person), Person.of)
        self.charges = self._many(_children(person.Charge), Charge.of)
        self.measures = self._many(_children(person.Measure), Measure.of)
        self.sentences = self._many(_children(person.Sentence), Sentence.of)
        self.documents = self._many(_children(document.Document), Document.of)
        self.facets: DataLoader[int, list[Facet]] = DataLoader(self._facets)
        self.facet_body: DataLoader[int, FacetBody | None] = self._one(
            answer.facet_bodies, lambda body: body
        )
        self.transfer = self._one(answer_transfers.transfers_by_id, Transfer.of)
        self.transfers_of_case = self._many(answer_transfers.transfers_of, Transfer.of)
        self.steps: DataLoader[UUID, list[TransferStep]] = self._many(
            answer_transfers.steps_of, TransferStep.of
        )
        self.receipts: DataLoader[UUID, list[Receipt]] = self._many(
            answer_transfers.receipts_of, Receipt.of
        )

    async def endpoints(self) -> dict[str, EndpointRecord]:
        """Every endpoint by code: read once a request, however often asked."""
        if self._endpoints is None:
            reading = answer_runs.endpoints(self._hub, self._caller)
            self._endpoints = asyncio.ensure_future(reading)
        return await self._endpoints

    async def person(self, case_id: int, person_id: int) -> Person | None:
        """One person of a case."""
        found = await self.persons.load(case_id)
        return next((one for one in found if one.record.id == person_id), None)

    async def _facets(self, case_ids: list[int]) -> list[list[Facet]]:
        found = await answer.facets_of(self._hub, self._caller, case_ids)
        origins = await self.endpoints()
        return [
            [Facet.of(one, origins.get(one.endpoint)) for one in found[key]]
            for key in case_ids
        ]

    def _one(
        self, fetch: Fetch[Key, Row], show: Callable[[Row], Kind]
    ) -> DataLoader[Key, Kind | None]:
        async def load(keys: list[Key]) -> list[Kind | None]:
            found = await fetch(self._hub, self._caller, keys)
            return [show(found[key]) if key in found else None for key in keys]

        return DataLoader(load)

    def _many(
        self, fetch: Fetch[Key, tuple[Row, ...]], show: Callable[[Row], Kind]
    ) -> DataLoader[Key, list[Kind]]:
        async def load(keys: list[Key]) -> list[list[Kind]]:
            found = await fetch(self._hub, self._caller, keys)
            return [[show(row) for row in found[key]] for key in keys]

        return DataLoader(load)


def _children(kind: type[Any]) -> Fetch[int, tuple[Any, ...]]:
    async def fetch(
        hub: Hub, caller: Caller, case_ids: Sequence[int]
    ) -> dict[int, tuple[Any, ...]]:
        return await answer.children_of(hub, caller, kind, case_ids)

    return fetch
