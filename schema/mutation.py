"""Mutation: everything that can be done."""

from __future__ import annotations

import strawberry

from schema.mutations.acknowledge_correction import acknowledge_correction
from schema.mutations.cancel_replay import cancel_replay
from schema.mutations.cancel_transfer import cancel_transfer
from schema.mutations.pause_replay import pause_replay
from schema.mutations.replay_failure import replay_failure
from schema.mutations.resume_replay import resume_replay
from schema.mutations.run_sync import run_sync
from schema.mutations.start_replay import start_replay
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
    start_replay = strawberry.mutation(
        resolver=start_replay,
        description="启动重放 / Read stored records again by the rules of now.",
    )
    pause_replay = strawberry.mutation(
        resolver=pause_replay,
        description="暂停重放 / Hold a replay after the page under way.",
    )
    resume_replay = strawberry.mutation(
        resolver=resume_replay,
        description="继续重放 / Go on with a replay that was paused.",
    )
    cancel_replay = strawberry.mutation(
        resolver=cancel_replay,
        description="取消重放 / Give a replay up; what is done stands.",
    )
    acknowledge_correction = strawberry.mutation(
        resolver=acknowledge_correction,
        description="确认更正 / The caller knows of a correction sent to it.",
    )
