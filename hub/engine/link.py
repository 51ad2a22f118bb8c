"""Which case a record belongs to: by any number it tells, or a new one.

Numbers are locked while they are being looked at, so two agencies that tell of
the same new case at the same moment open one case and not two. When a record
shows that two cases are one, the older survives and the other points to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hub.contract.messages import Record
from hub.engine.tellings import Telling
from hub.records.shape import NUMBER_SCHEMES
from hub.store import events, linking, numbers
from hub.store.database import Connection
from hub.store.facets import numbers_of

_UNKNOWN_DIVISION = "000000"

Number = tuple[str, str]


@dataclass(slots=True)
class Homes:
    """Who lives where. A case that is still to be opened has a negative id."""

    owners: dict[Number, int]
    of_key: dict[str, int] = field(default_factory=dict)
    births: list[Telling] = field(default_factory=list)
    moved: dict[int, int] = field(default_factory=dict)

    def settle(self, one: Telling, told: Mapping[str, str]) -> None:
        """Find the home of a telling; open one or join several as needed."""
        known = {
            self.now(self.owners[pair]) for pair in told.items() if pair in self.owners
        }
        if one.case_id is not None:
            known.add(self.now(one.case_id))
        home = self._oldest(known) if known else self._born(one)
        for other in known - {home}:
            self.moved[other] = home
        self.owners.update(dict.fromkeys(told.items(), home))
        self.of_key[one.key] = home

    def now(self, case_id: int) -> int:
        """Where a case is after the joins so far."""
        while case_id in self.moved:
            case_id = self.moved[case_id]
        return case_id

    @property
    def merges(self) -> list[tuple[int, int]]:
        """(lost, kept) of cases that stood in the store before."""
        return [(lost, self.now(lost)) for lost in sorted(self.moved) if lost > 0]

    def _born(self, one: Telling) -> int:
        self.births.append(one)
        return -len(self.births)

    @staticmethod
    def _oldest(known: set[int]) -> int:
        standing = [case_id for case_id in known if case_id > 0]
        return min(standing) if standing else max(known)


@dataclass(frozen=True, slots=True)
class Linked:
    """Which case each source key belongs to, and what that asks for.

    ``opened``: ids of new cases, not written yet, and their hub numbers. ``given``:
    numbers that nobody had, and whose they are.
    """

    of_key: Mapping[str, int]
    opened: Mapping[int, str]
    given: Mapping[Number, int]

    @property
    def standing(self) -> list[int]:
        """The cases that were there before, in order."""
        return sorted(set(self.of_key.values()) - self.opened.keys())

    @property
    def hub_numbers(self) -> dict[Number, int]:
        """The hub's own numbers of the new cases."""
        return {("hub", number): case_id for case_id, number in self.opened.items()}


async def link(
    connection: Connection, endpoint: str, tellings: Sequence[Telling]
) -> Linked:
    """The case of each telling. Merges as needed, and says what is to be opened.

    The cases that were there before are held until commit.
    """
    told = {one.key: numbers_of(one.body, NUMBER_SCHEMES) for one in tellings}
    await linking.lock_numbers(connection, told.values())
    pairs = [pair for one in told.values() for pair in one.items()]
    owners, known = await _held(connection, pairs, tellings)
    homes = Homes(dict(owners))
    for one in known:
        homes.settle(one, told[one.key])
    ids, opened = await _reserve(connection, homes)
    await _merge(connection, endpoint, homes)

    def final(case_id: int) -> int:
        return ids.get(homes.now(case_id), homes.now(case_id))

    given = {pair: final(homes.owners[pair]) for pair in pairs if pair not in owners}
    return Linked(
        {key: final(case_id) for key, case_id in homes.of_key.items()}, opened, given
    )


async def _held(
    connection: Connection, pairs: Sequence[Number], tellings: Sequence[Telling]
) -> tuple[dict[Number, int], list[Telling]]:
    """The owners of the numbers and the tellings, by the cases as they are held."""
    owners = await numbers.owners(connection, pairs)
    told = {one.case_id for one in tellings if one.case_id is not None}
    now = await linking.hold(connection, {*owners.values(), *told})
    known = [
        one if one.case_id is None else replace(one, case_id=now[one.case_id])
        for one in tellings
    ]
    return {pair: now[case_id] for pair, case_id in owners.items()}, known


async def _reserve(
    connection: Connection, homes: Homes
) -> tuple[dict[int, int], dict[int, str]]:
    """Provisional id -> id, and id -> hub number, of the cases that are needed."""
    wanted = [
        (-place, _birthplace(one.body))
        for place, one in enumerate(homes.births, start=1)
        if -place not in homes.moved
    ]
    opened = await numbers.reserve_cases(connection, [place for _, place in wanted])
    pairs = zip(wanted, opened, strict=True)
    return {old: case_id for (old, _), (case_id, _) in pairs}, dict(opened)


async def _merge(connection: Connection, endpoint: str, homes: Homes) -> None:
    for lost, kept in homes.merges:
        await linking.merge(connection, lost, kept)
        body = {"into": kept, "endpoint": endpoint}
        await events.announce(connection, "case.merged", case_id=lost, body=body)


def _birthplace(body: Record) -> tuple[str, str]:
    """Division and month of the hub number: of the investigator, of the filing."""
    agency = str(body.get("investigator") or body.get("handler") or "")
    division = agency.partition("-")[2][:6]
    day = str(body.get("filed_on") or body.get("accepted_on") or "")
    month = day[:7].replace("-", "")
    is_known = len(division) == len(_UNKNOWN_DIVISION) and division.isdigit()
    return division if is_known else _UNKNOWN_DIVISION, month or "000000"
