"""A receiving endpoint's door: is it open, why not, and what follows from that.

While it is closed, parcels wait however long that lasts and lose no attempt; a
lane knocks now and then without a parcel in its hands. When it opens, everything
that waited for it is due at once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

from hub.contract.adapter import Adapter
from hub.contract.manifest import Manifest
from hub.engine.hub import Hub
from hub.engine.retry import Pace, knock_wait
from hub.errors import AgencyError, Disposition, HubError
from hub.store import endpoints, jobs, lanes
from hub.store.database import Connection


async def why_closed(
    manifest: Manifest, adapter: Adapter, error: HubError
) -> AgencyError | None:
    """After a failed contact: why the endpoint as a whole cannot be used.

    ``None`` when it can: then it was the parcel's own trouble.
    """
    if error.disposition is not Disposition.RETRY:
        return None
    known = cast("AgencyError", error)
    if known.retry_after is not None:
        return known
    if "probe" not in manifest.can:
        return None
    try:
        await adapter.probe()
    except AgencyError as refused:
        return refused
    return None


async def knock(hub: Hub, endpoint: str, adapter: Adapter) -> None:
    """Try a door that was closed; raises an ``AgencyError`` if it still is."""
    if "probe" in hub.registry.manifest(endpoint).can:
        await adapter.probe()
        await opened(hub, endpoint, with_news=False)


async def opened(hub: Hub, endpoint: str, *, with_news: bool) -> None:
    """The endpoint answered: say so, wake what waited, fetch the news if any."""
    async with hub.database.begin() as connection:
        if await endpoints.mark_up(connection, endpoint):
            await _wake_all(connection, endpoint)
        if with_news:
            await jobs.wake_sync(connection, endpoint, "delivery")


async def hurry(hub: Hub, endpoint: str) -> None:
    """The endpoint is back: what waited for it goes out now."""
    async with hub.database.begin() as connection:
        await _wake_all(connection, endpoint)


async def _wake_all(connection: Connection, endpoint: str) -> None:
    for waiting in await lanes.hurry(connection, endpoint):
        await jobs.wake_lane(connection, waiting)


async def shut(hub: Hub, lane: str, error: AgencyError, pace: Pace) -> None:
    """The endpoint is down: its parcels wait, and one knocks now and then."""
    async with hub.database.begin() as connection:
        await endpoints.mark_down(connection, lanes.endpoint_of(lane), error)
    if error.disposition is Disposition.RETRY:
        await postpone(hub, lane, error.retry_after or knock_wait(pace), error.code)


async def postpone(hub: Hub, lane: str, wait: float, code: str) -> None:
    """Look at the lane again after ``wait`` seconds and not before."""
    async with hub.database.begin() as connection:
        await lanes.postpone(connection, lane, wait, code)
        at = datetime.now(UTC) + timedelta(seconds=wait)
        await jobs.wake_lane_at(connection, lane, at)
