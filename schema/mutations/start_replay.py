"""startReplay: read stored records again by the rules of now."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine import command
from hub.engine.answers import replays as answer_replays
from hub.engine.replays import Wanted
from hub.errors import CodeTableMissing, HubError, MappingInvalid
from schema.context import Info
from schema.types.refusal import Refusal
from schema.types.replay import ReplayJob


@strawberry.input(
    description="重放范围 / What to read again; all that is given must hold. By "
    "default the records that were read by other rules than those of now."
)
class ReplayScopeInput:
    endpoints: list[str] | None = strawberry.field(
        default=None, description="接入点代码 / Of these endpoints; all if not given."
    )
    kind: str | None = strawberry.field(
        default=None, description="种类 / Of this kind of record."
    )
    cause: str | None = strawberry.field(
        default=None, description="原因键 / Whose open failure has this cause."
    )
    cases: list[str] | None = strawberry.field(
        default=None, description="案号 / Of these cases, by any of their numbers."
    )
    everything: bool = strawberry.field(
        default=False, description="是否全部 / Also what was read by the rules of now?"
    )


@strawberry.input(description="重放申请 / What to read again, and why.")
class StartReplayInput:
    scope: ReplayScopeInput = strawberry.field(
        default_factory=ReplayScopeInput, description="范围 / What to read again."
    )
    reason: str = strawberry.field(
        description="理由 / Why; those who receive corrections read it."
    )


@strawberry.type(description="重放任务已变更 / The replay, as it stands now.")
class ReplayTurned:
    job: ReplayJob | None = strawberry.field(description="重放任务 / The replay.")


ReplayResult = Annotated[
    ReplayTurned | Refusal,
    strawberry.union(
        "ReplayResult",
        description="重放任务结果 / The replay, or refused with the reasons.",
    ),
]


async def start_replay(
    info: Info,
    input: Annotated[
        StartReplayInput,
        strawberry.argument(description="重放申请 / What to read again, and why."),
    ],
) -> ReplayResult:
    """Answers once it is queued; a worker goes through it page by page."""
    hub, caller, scope = info.context.hub, info.context.caller, input.scope
    wanted = Wanted(
        tuple(scope.endpoints or ()),
        scope.kind,
        scope.cause,
        tuple(scope.cases or ()),
        scope.everything,
    )
    try:
        key = await command.start_replay(hub, caller, wanted, input.reason)
    except (MappingInvalid, CodeTableMissing) as error:
        return Refusal.told(error)  # the rules on disk are broken, the hub is not
    except HubError as error:
        return Refusal.of(error)
    return await standing(info, key)


async def standing(info: Info, key: int) -> ReplayTurned:
    """A job as it stands now."""
    found = await answer_replays.job(info.context.hub, info.context.caller, key)
    return ReplayTurned(job=ReplayJob.of(found) if found else None)
