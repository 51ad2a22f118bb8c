"""When each endpoint was last pulled, for the schedule."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from hub.store.database import Connection

_AGES = sa.text("""
select e.code, extract(epoch from now() - last.started_at) as age
from unnest(cast(:endpoints as text[])) as e(code)
left join lateral (
  select started_at from sync_run r where r.endpoint = e.code
  order by r.id desc limit 1) as last on true
""")


async def ages(
    connection: Connection, endpoints: Sequence[str]
) -> dict[str, float | None]:
    """Seconds since each endpoint's last run began; ``None``: never pulled."""
    rows = await connection.execute(_AGES, {"endpoints": list(endpoints)})
    return {row.code: None if row.age is None else float(row.age) for row in rows}
