"""runSync: pull an endpoint now."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine import command
from hub.engine.answers import runs as answer_runs
from hub.errors import HubError
from hub.records.page import ask
from schema.context import Info
from schema.types.agency import Endpoint, endpoint
from schema.types.refusal import Refusal
from schema.types.sync import SyncRun


@strawberry.input(description="同步申请 / Which endpoint.")
class RunSyncInput:
    endpoint: str = strawberry.field(description="接入点代码 / The endpoint's code.")


@strawberry.type(
    description="同步已排入 / A worker pulls it next; the new run follows lastRun."
)
class SyncQueued:
    endpoint: Endpoint | None = strawberry.field(description="接入点 / The endpoint.")
    last_run: SyncRun | None = strawberry.field(
        description="上一批次 / The newest run before this one."
    )


RunSyncResult = Annotated[
    SyncQueued | Refusal,
    strawberry.union(
        "RunSyncResult",
        description="同步结果 / Queued, or refused with the reasons.",
    ),
]


async def run_sync(
    info: Info,
    input: Annotated[
        RunSyncInput, strawberry.argument(description="同步申请 / Which endpoint.")
    ],
) -> RunSyncResult:
    """Answers once the wake-up is committed; a run may take long."""
    hub, caller = info.context.hub, info.context.caller
    try:
        await command.run_sync(hub, caller, input.endpoint)
        newest = ask(1, None, "run", descending=True)
        found = await answer_runs.runs(hub, caller, input.endpoint, newest)
    except HubError as error:
        return Refusal.of(error)
    last = found.rows[0] if found.rows else None
    return SyncQueued(
        endpoint=await endpoint(info, input.endpoint),
        last_run=SyncRun.of(last) if last else None,
    )
