"""Follow what happens: events in commit order, woken by the database."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from hub.engine.hub import Hub
from hub.store import events
from hub.store.events import Event, Horizon

#: NOTIFY may be lost; the poll is the guarantee (seconds)
_POLL = 1.0


async def now(hub: Hub) -> Horizon:
    """Where a follower that starts now begins."""
    async with hub.database.read() as connection:
        return await events.horizon(connection)


async def follow(hub: Hub, seen: Horizon | None = None) -> AsyncGenerator[Event, None]:
    """Every event after ``seen`` (default: from now on), each once, without end."""
    place = seen or await now(hub)
    async with hub.database.listen(events.CHANNEL) as link:
        while True:
            async with hub.database.read() as connection:
                found = await events.after(connection, place)
            for event in found:
                yield event
                place = Horizon(event.xid, event.id)
            if not found:
                await events.woken(link, _POLL)
