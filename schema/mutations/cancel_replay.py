"""cancelReplay: give a replay up after the page under way."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine import command
from hub.errors import HubError
from schema import ids
from schema.context import Info
from schema.mutations.start_replay import ReplayResult, standing
from schema.types.refusal import Refusal


async def cancel_replay(
    info: Info,
    id: Annotated[
        strawberry.ID,
        strawberry.argument(description="重放任务标识 / The replay's id."),
    ],
) -> ReplayResult:
    """What is done stands; the rest keeps the rules it was read by."""
    try:
        _, text = ids.decode(id, "ReplayJob")
        key = ids.number(text)
        hub, caller = info.context.hub, info.context.caller
        await command.turn_replay(hub, caller, "cancel_replay", key)
    except HubError as error:
        return Refusal.of(error)
    return await standing(info, key)
