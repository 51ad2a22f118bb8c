"""Which case a record belongs to: by any number it tells, or a new one.

Numbers are locked while they are being looked at, so two agencies that tell of
the same new case at the same moment open one case and not two. When a record
shows that two cases are one, the older survives and the other points to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.contract.messages import Record
from hub.engine.tellings import Telling
from hub.records.shape import NUMBER_SCHEMES
from hub.store import events, linking, numbers
from hub.store.database import Connection
from hub.store.events import Happening
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


async def link(
    connection: Connection, endpoint: str, tellings: Sequence[Telling]
) -> dict[str, int]:
    """Source key -> case id for each telling. Opens and merges as needed."""
    told = {one.key: numbers_of(one.body, NUMBER_SCHEMES) for one in tellings}
    await linking.lock_numbers(connection, told.values())
    pairs = [pair for one in told.values() for pair in one.items()]
    homes = Homes(await numbers.owners(connection, pairs))
    for one in tellings:
        homes.settle(one, told[one.key])
    ids = await _open(connection, endpoint, homes)
    await _merge(connection, endpoint, homes)
    found = {
        key: ids.get(homes.now(case), homes.now(case))
        for key, case in homes.of_key.items()
    }
    await numbers.join_all(
        connection, endpoint, [(found[key], one) for key, one in told.items()]
    )
    return found


async def _open(connection: Connection, endpoint: str, homes: Homes) -> dict[int, int]:
    """Open the cases that are needed; returns provisional id -> case id."""
    wanted = [
        (-place, _birthplace(one.body))
        for place, one in enumerate(homes.births, start=1)
        if -place not in homes.moved
    ]
    opened = await numbers.open_cases(connection, [place for _, place in wanted])
    await events.announce_all(
        connection,
        [
            Happening(
                "case.opened", case_id, {"endpoint": endpoint, "hub_number": number}
            )
            for case_id, number in opened
        ],
    )
    return {
        provisional: case_id
        for (provisional, _), (case_id, _) in zip(wanted, opened, strict=True)
    }


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
