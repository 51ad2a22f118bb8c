"""One case, many numbers: which case a number belongs to, and the hub's own number."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.store.database import Connection
from hub.store.tables import case_number, case_record

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


async def find_case(connection: Connection, number: str) -> int | None:
    """The case with this number in any scheme, merged cases followed to the end."""
    statement = sa.select(case_number.c.case_id).where(case_number.c.value == number)
    rows = (await connection.execute(statement.limit(1))).scalar_one_or_none()
    return int(rows) if rows is not None else None


async def cases_of(
    connection: Connection, numbers: Mapping[str, str]
) -> tuple[int, ...]:
    """Every case that holds one of these numbers (scheme -> value), oldest first."""
    if not numbers:
        return ()
    pairs = sa.tuple_(case_number.c.scheme, case_number.c.value)
    rows = await connection.execute(
        sa.select(case_number.c.case_id)
        .distinct()
        .where(pairs.in_(list(numbers.items())))
        .order_by(case_number.c.case_id)
    )
    return tuple(rows.scalars())


async def join(
    connection: Connection, case_id: int, endpoint: str, numbers: Mapping[str, str]
) -> None:
    """Give a case these numbers (scheme -> value); a number it has stays."""
    rows = [
        {"scheme": scheme, "value": value, "case_id": case_id, "endpoint": endpoint}
        for scheme, value in sorted(numbers.items())
        if value
    ]
    if rows:
        await connection.execute(insert(case_number).on_conflict_do_nothing(), rows)


async def open_case(
    connection: Connection, division: str, yyyymm: str
) -> tuple[int, str]:
    """A new case with a hub number that was never used and never will be again."""
    case_id = int(
        (
            await connection.execute(sa.text("select nextval('case_record_id_seq')"))
        ).scalar_one()
    )
    number = hub_number(division, yyyymm, case_id)
    await connection.execute(
        sa.insert(case_record).values(id=case_id, hub_number=number)
    )
    await join(connection, case_id, "hub", {"hub": number})
    return case_id, number


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
