"""Mutation: everything that can be done."""

from __future__ import annotations

import strawberry

from schema.mutations.cancel_transfer import cancel_transfer
from schema.mutations.replay_failure import replay_failure
from schema.mutations.run_sync import run_sync
from schema.mutations.submit_transfer import submit_transfer


@strawberry.type(description="变更 / Everything that can be done.")
class Mutation:
    submit_transfer = strawberry.mutation(
        resolver=submit_transfer,
        description="提交移送 / Hand a case over; answers once it is committed.",
    )
    cancel_transfer = strawberry.mutation(
        resolver=cancel_transfer,
        description="撤销移送 / Take back a hand-over that was not sent yet.",
    )
    replay_failure = strawberry.mutation(
        resolver=replay_failure,
        description="重放失败 / Try a failed record or a dead letter again.",
    )
    run_sync = strawberry.mutation(
        resolver=run_sync,
        description="立即同步 / Have an endpoint pulled now; answers once queued.",
    )
