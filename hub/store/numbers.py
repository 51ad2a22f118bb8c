"""One case, many numbers: which case a number belongs to, and the hub's own number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from hub.store import bulk, copying
from hub.store.copying import array
from hub.store.database import Connection
from hub.store.tables import case_number, case_record

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


async def find_case(connection: Connection, number: str) -> int | None:
    """The case with this number in any scheme, merged cases followed to the end."""
    statement = sa.select(case_number.c.case_id).where(case_number.c.value == number)
    rows = (await connection.execute(statement.limit(1))).scalar_one_or_none()
    return int(rows) if rows is not None else None


_OWNERS = sa.text(
    "select c.scheme, c.value, c.case_id"
    " from unnest(cast(:schemes as text[]), cast(:numbers as text[]))"
    " as told (scheme, value) join case_number as c using (scheme, value)"
)


async def owners(
    connection: Connection, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """(scheme, value) -> case id for those of these numbers that are known."""
    if not pairs:
        return {}
    schemes, values = zip(*pairs, strict=True)
    told = {"schemes": array(schemes), "numbers": array(values)}
    rows = await connection.execute(_OWNERS, told)
    return {(row[0], row[1]): row[2] for row in rows}


async def cases_of(
    connection: Connection, numbers: Mapping[str, str]
) -> tuple[int, ...]:
    """Every case that holds one of these numbers (scheme -> value), oldest first."""
    known = await owners(connection, list(numbers.items()))
    return tuple(sorted(set(known.values())))


async def join(
    connection: Connection, case_id: int, endpoint: str, numbers: Mapping[str, str]
) -> None:
    """Give a case these numbers (scheme -> value); a number it has stays."""
    await join_all(connection, endpoint, [(case_id, numbers)])


async def join_all(
    connection: Connection,
    endpoint: str,
    told: Sequence[tuple[int, Mapping[str, str]]],
) -> None:
    """Give several cases their numbers, in one order for everybody."""
    rows = [
        {"scheme": scheme, "value": value, "case_id": case_id, "endpoint": endpoint}
        for case_id, numbers in told
        for scheme, value in numbers.items()
        if value
    ]
    rows.sort(key=lambda row: (row["scheme"], row["value"]))
    await bulk.insert(
        connection, case_number, rows, on_conflict="on conflict do nothing"
    )


async def give(
    connection: Connection, endpoint: str, pairs: Mapping[tuple[str, str], int]
) -> None:
    """Give cases numbers, (scheme, value) -> case id, that nobody has.

    The caller holds the locks of these numbers and looked for their owners.
    """
    rows = [
        (scheme, value, case_id, endpoint)
        for (scheme, value), case_id in sorted(pairs.items())
    ]
    await copying.copy_in(
        connection, case_number, ("scheme", "value", "case_id", "endpoint"), rows
    )


async def open_case(
    connection: Connection, division: str, yyyymm: str
) -> tuple[int, str]:
    """A new case: its id, and a hub number that is never used again."""
    ((case_id, number),) = await reserve_cases(connection, [(division, yyyymm)])
    row = {"id": case_id, "hub_number": number}
    await bulk.insert(connection, case_record, [row])
    await join(connection, case_id, "hub", {"hub": number})
    return case_id, number


async def reserve_cases(
    connection: Connection, places: Sequence[tuple[str, str]]
) -> list[tuple[int, str]]:
    """Ids and hub numbers, never used again, of cases about to be opened.

    One for each (division, YYYYMM), in their order.
    """
    ids = await copying.reserve(connection, case_record, len(places))
    return [
        (case_id, hub_number(division, yyyymm, case_id))
        for case_id, (division, yyyymm) in zip(ids, places, strict=True)
    ]


def hub_number(division: str, yyyymm: str, sequence: int) -> str:
    """``H`` + division (6) + year and month (6) + running number (6+) + check.

    The check character is the position-weighted sum modulo 31, so one wrong
    digit or one swap of neighbours is seen.
    """
    body = f"{division}{yyyymm}{sequence:06d}"
    return f"H{body}{_check(body)}"


def is_hub_number(number: str) -> bool:
    """Is this a well-formed hub number with a right check character?"""
    body = number[1:-1]
    return number.startswith("H") and body.isdigit() and _check(body) == number[-1]


def _check(body: str) -> str:
    total = sum(int(digit) * (place + 2) for place, digit in enumerate(body))
    return _ALPHABET[total % 31]
