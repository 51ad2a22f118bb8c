"""replayFailure: try a record that was set aside, or a dead letter, again."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine import command
from hub.engine.answers import runs as answer_runs
from hub.errors import CodeTableMissing, HubError, MappingInvalid
from schema import ids
from schema.context import Info
from schema.types.refusal import Problem, Refusal
from schema.types.sync import SyncFailure, SyncRun
from schema.types.transfer import Transfer


@strawberry.input(description="重放申请 / Which failure, and why now.")
class ReplayFailureInput:
    id: strawberry.ID = strawberry.field(
        description="失败或死信标识 / Id of a sync failure, or of a dead transfer."
    )
    reason: str = strawberry.field(description="理由 / Why it should come through now.")


@strawberry.type(description="已重放 / It was tried again, or waits to be sent.")
class FailureReplayed:
    is_closed: bool = strawberry.field(
        description="是否已关闭 / Did the record come through? False for a transfer."
    )
    failure: SyncFailure | None = strawberry.field(
        description="同步失败 / The failure as it is now."
    )
    problems: list[Problem] = strawberry.field(
        description="问题清单 / Why it did not come through; empty if it did."
    )
    run: SyncRun | None = strawberry.field(
        description="同步批次 / The run of the replay."
    )
    transfer: Transfer | None = strawberry.field(
        description="移送 / The transfer, queued again."
    )


ReplayFailureResult = Annotated[
    FailureReplayed | Refusal,
    strawberry.union(
        "ReplayFailureResult",
        description="重放结果 / Tried again, or refused with the reasons.",
    ),
]


async def replay_failure(
    info: Info,
    input: Annotated[
        ReplayFailureInput,
        strawberry.argument(description="重放申请 / Which failure, and why now."),
    ],
) -> ReplayFailureResult:
    """From the bytes on disk, or under the same key; the agency sees no new thing."""
    try:
        kind, key = ids.decode(input.id, "SyncFailure", "Transfer")
        if kind == "Transfer":
            return await _transfer(info, key, input.reason)
        return await _failure(info, ids.number(key), input.reason)
    except (MappingInvalid, CodeTableMissing) as error:
        return Refusal.told(error)  # the rules on disk are broken, the hub is not
    except HubError as error:
        return Refusal.of(error)


async def _failure(info: Info, key: int, reason: str) -> FailureReplayed:
    hub, caller = info.context.hub, info.context.caller
    done = await command.replay_failure(hub, caller, key, reason)
    failure = await answer_runs.failure(hub, caller, key)
    run = await answer_runs.run(hub, caller, done.run_id)
    faults = failure.faults if failure and not done.is_closed else ()
    return FailureReplayed(
        is_closed=done.is_closed,
        problems=[Problem.of(one) for one in faults],
        failure=SyncFailure.of(failure) if failure else None,
        run=SyncRun.of(run) if run else None,
        transfer=None,
    )


async def _transfer(info: Info, text: str, reason: str) -> FailureReplayed:
    key = ids.uuid(text)
    hub, caller = info.context.hub, info.context.caller
    await command.replay_transfer(hub, caller, key, reason)
    found = await info.context.loaders.transfer.load(key)
    return FailureReplayed(
        is_closed=False, failure=None, problems=[], run=None, transfer=found
    )
