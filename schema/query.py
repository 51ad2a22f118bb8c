"""Query: everything that can be asked."""

from __future__ import annotations

import strawberry

from schema.ask_cases import CaseAsks
from schema.ask_codes import CodeAsks
from schema.ask_drift import DriftAsks
from schema.ask_lineage import LineageAsks
from schema.ask_node import NodeAsks
from schema.ask_replays import ReplayAsks
from schema.ask_rules import RuleAsks
from schema.ask_runs import RunAsks
from schema.ask_transfers import TransferAsks


@strawberry.type(description="查询 / Everything that can be asked.")
class Query(
    CaseAsks,
    TransferAsks,
    RunAsks,
    RuleAsks,
    ReplayAsks,
    DriftAsks,
    CodeAsks,
    LineageAsks,
    NodeAsks,
):
    pass
