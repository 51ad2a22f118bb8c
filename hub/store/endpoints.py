"""What the hub last knew of each endpoint: up, down or held, and how fresh it is."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.errors import AgencyError, Disposition
from hub.store.database import Connection
from hub.store.tables import endpoint_state


async def mark_up(
    connection: Connection, endpoint: str, *, synced_at: datetime | None = None
) -> bool:
    """A contact went well. Returns whether the endpoint was not up before."""
    before = await state_of(connection, endpoint)
    values: dict[str, object] = {
        "state": "up",
        "error_code": None,
        "note_zh": "",
        "note_en": "",
        "last_ok_at": sa.func.now(),
    }
    if synced_at is not None:
        values["synced_at"] = synced_at
    if before != "up":
        values["since"] = sa.func.now()
    await _write(connection, endpoint, values)
    return before != "up"


async def mark_down(connection: Connection, endpoint: str, error: AgencyError) -> None:
    """A contact failed. ``held`` means that an operator must act first."""
    state = "held" if error.disposition is Disposition.HOLD else "down"
    values: dict[str, object] = {
        "state": state,
        "error_code": error.code,
        "note_zh": error.message.zh,
        "note_en": error.message.en,
    }
    if await state_of(connection, endpoint) != state:
        values["since"] = sa.func.now()
    await _write(connection, endpoint, values)


async def state_of(connection: Connection, endpoint: str) -> str:
    """``unknown``, ``up``, ``down`` or ``held``."""
    found = await connection.execute(
        sa.select(endpoint_state.c.state).where(endpoint_state.c.endpoint == endpoint)
    )
    return str(found.scalar_one_or_none() or "unknown")


async def _write(
    connection: Connection, endpoint: str, values: dict[str, object]
) -> None:
    statement = insert(endpoint_state).values(endpoint=endpoint, **values)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["endpoint"], set_=values)
    )
