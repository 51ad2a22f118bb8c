"""Answers about the rules: which changes were approved, and what had been seen."""

from __future__ import annotations

from hub.engine import policy
from hub.engine.hub import Hub
from hub.records.approval import RuleApproval
from hub.records.caller import Caller
from hub.records.page import Ask, Found
from hub.store import approvals


async def rule_approvals(hub: Hub, caller: Caller, ask: Ask) -> Found[RuleApproval]:
    """One page of the approvals of changes of the rules."""
    policy.allow(caller, "rule_approvals")
    async with hub.database.read() as connection:
        return await approvals.page(connection, ask)


async def rule_approval_total(hub: Hub, caller: Caller) -> int:
    """How many there are."""
    policy.allow(caller, "rule_approvals")
    async with hub.database.read() as connection:
        return await approvals.total(connection)
