"""Root fields about the rules themselves."""

from __future__ import annotations

import strawberry

from hub.engine.answers import rules as answer_rules
from hub.records import page
from schema.context import Info
from schema.types.approval import RuleApproval
from schema.types.page import After, Connection, First


@strawberry.type(description="规则查询 / Root fields about the rules.")
class RuleAsks:
    @strawberry.field(
        description="规则批准列表 / Approved changes of the rules, newest first."
    )
    async def rule_approvals(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[RuleApproval]:
        hub, caller = info.context.hub, info.context.caller
        ask = page.ask(first, after, "approval", descending=True)
        found = await answer_rules.rule_approvals(hub, caller, ask)

        async def total() -> int:
            return await answer_rules.rule_approval_total(hub, caller)

        return Connection.of(
            found, RuleApproval.of, total, is_continued=after is not None
        )
