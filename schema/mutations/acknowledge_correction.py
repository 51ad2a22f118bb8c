"""acknowledgeCorrection: the caller knows of a correction and has acted on it."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine import command
from hub.engine.answers import replays as answer_replays
from hub.errors import HubError
from schema import ids
from schema.context import Info
from schema.types.correction import Correction
from schema.types.refusal import Refusal


@strawberry.type(description="已确认 / The correction is acknowledged.")
class CorrectionAcknowledged:
    correction: Correction | None = strawberry.field(
        description="更正通知 / The correction as it is now."
    )


AcknowledgeCorrectionResult = Annotated[
    CorrectionAcknowledged | Refusal,
    strawberry.union(
        "AcknowledgeCorrectionResult",
        description="确认结果 / Acknowledged, or refused with the reasons.",
    ),
]


async def acknowledge_correction(
    info: Info,
    id: Annotated[
        strawberry.ID,
        strawberry.argument(description="更正通知标识 / The correction's id."),
    ],
) -> AcknowledgeCorrectionResult:
    """Twice is once; the first time counts."""
    hub, caller = info.context.hub, info.context.caller
    try:
        _, text = ids.decode(id, "Correction")
        key = ids.number(text)
        await command.acknowledge_correction(hub, caller, key)
        found = await answer_replays.correction(hub, caller, key)
    except HubError as error:
        return Refusal.of(error)
    return CorrectionAcknowledged(correction=Correction.of(found) if found else None)
