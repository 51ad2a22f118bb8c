"""Which case a record belongs to: by any number it tells, or a new one.

Numbers are locked while they are being looked at, so two agencies that tell of
the same new case at the same moment open one case and not two. When a record
shows that two cases are one, the older survives and the other points to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.contract.messages import Record
from hub.engine.tellings import Telling
from hub.records.shape import NUMBER_SCHEMES
from hub.store import events, linking, numbers
from hub.store.database import Connection
from hub.store.facets import numbers_of

_UNKNOWN_DIVISION = "000000"


async def link(
    connection: Connection, endpoint: str, tellings: Sequence[Telling]
) -> dict[str, int]:
    """Source key -> case id for each telling. Opens and merges as needed."""
    told = {one.key: numbers_of(one.body, NUMBER_SCHEMES) for one in tellings}
    await linking.lock_numbers(connection, told.values())
    homes: dict[str, int] = {}
    for one in tellings:
        homes[one.key] = await _home(connection, endpoint, one, told[one.key])
    return await linking.survivors(connection, homes)


async def _home(
    connection: Connection, endpoint: str, one: Telling, told: Mapping[str, str]
) -> int:
    found = list(await numbers.cases_of(connection, told))
    if one.case_id is not None and one.case_id not in found:
        found = sorted([*found, one.case_id])
    if not found:
        return await _open(connection, endpoint, one, told)
    for lost in found[1:]:
        await linking.merge(connection, lost, found[0])
        body = {"into": found[0], "endpoint": endpoint}
        await events.announce(connection, "case.merged", case_id=lost, body=body)
    await numbers.join(connection, found[0], endpoint, told)
    return found[0]


async def _open(
    connection: Connection, endpoint: str, one: Telling, told: Mapping[str, str]
) -> int:
    division, month = _birthplace(one.body)
    case_id, number = await numbers.open_case(connection, division, month)
    await numbers.join(connection, case_id, endpoint, told)
    body = {"endpoint": endpoint, "hub_number": number}
    await events.announce(connection, "case.opened", case_id=case_id, body=body)
    return case_id


def _birthplace(body: Record) -> tuple[str, str]:
    """Division and month of the hub number: of the investigator, of the filing."""
    agency = str(body.get("investigator") or body.get("handler") or "")
    division = agency.partition("-")[2][:6]
    day = str(body.get("filed_on") or body.get("accepted_on") or "")
    month = day[:7].replace("-", "")
    is_known = len(division) == len(_UNKNOWN_DIVISION) and division.isdigit()
    return division if is_known else _UNKNOWN_DIVISION, month or "000000"
