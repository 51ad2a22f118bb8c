"""Changes of the rules: what a dry run showed, and who approved it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from hub.store.tables import metadata

_now = sa.text("now()")

rule_diff = sa.Table(
    "rule_diff",  # what somebody was shown; holds nobody's values
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("rules_before", sa.Text, nullable=False),  # digests of dictionaries
    sa.Column("rules_after", sa.Text, nullable=False),
    sa.Column("body", JSONB, nullable=False),  # changed, window, books, groups
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("proposed_account", sa.Text, nullable=False),  # of the machine
    sa.Column(
        "proposed_at", sa.DateTime(timezone=True), nullable=False, server_default=_now
    ),
)

rule_approval = sa.Table(
    "rule_approval",  # only ever added to
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    # null: the rules that were in force when approvals began to be asked for
    sa.Column("diff", sa.Text, sa.ForeignKey("rule_diff.digest")),
    sa.Column("rules_before", sa.Text, nullable=False),
    sa.Column("rules_after", sa.Text, nullable=False),
    sa.Column("approved_by", sa.Text, nullable=False),
    sa.Column("approved_account", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column(
        "approved_at", sa.DateTime(timezone=True), nullable=False, server_default=_now
    ),
    sa.Index("ix_rule_approval_rules", "rules_after"),
)
