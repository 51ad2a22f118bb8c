"""Approvals of changes of the rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of what was shown and what was approved."""
    op.create_table(
        "rule_diff",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("rules_before", sa.Text(), nullable=False),
        sa.Column("rules_after", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_account", sa.Text(), nullable=False),
        sa.Column(
            "proposed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_rule_diff")),
    )
    op.create_table(
        "rule_approval",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("diff", sa.Text(), nullable=True),
        sa.Column("rules_before", sa.Text(), nullable=False),
        sa.Column("rules_after", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_account", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "approved_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["diff"], ["rule_diff.digest"], name=op.f("fk_rule_approval_diff_rule_diff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_approval")),
    )
    op.create_index("ix_rule_approval_rules", "rule_approval", ["rules_after"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("rule_approval")
    op.drop_table("rule_diff")
