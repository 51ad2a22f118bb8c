"""Answers about what moved in the agencies' traffic. No case data."""

from __future__ import annotations

from hub.engine import policy
from hub.engine.hub import Hub
from hub.records.caller import Caller
from hub.records.drift import Drift, DriftFilter
from hub.store import drifts

#: drifts that one answer holds at most; more than that is one cause, not many
MOST = 200


async def listed(hub: Hub, caller: Caller, wanted: DriftFilter) -> list[Drift]:
    """The drifts that a filter wants, newest first; raises ``NotAllowed``."""
    policy.allow(caller, "drifts")
    async with hub.database.read() as connection:
        return await drifts.page(connection, wanted, MOST)


async def open_counts(hub: Hub, caller: Caller) -> dict[str, int]:
    """Endpoint -> drifts that nobody decided; every endpoint stands there."""
    policy.allow(caller, "drifts")
    async with hub.database.read() as connection:
        found = await drifts.open_counts(connection)
    return {code: found.get(code, 0) for code in hub.registry.endpoints}
