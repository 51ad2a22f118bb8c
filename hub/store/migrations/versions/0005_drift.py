"""Traffic counted, and what moved in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LIVE = ("endpoint", "drift", "kind", "path", "code_table", "code", "other")


def upgrade() -> None:
    """Make the census and the drifts."""
    op.create_table(
        "census",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("code_table", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("is_load", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("filled", sa.BigInteger(), nullable=False),
        sa.Column("look", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "endpoint",
            "day",
            "kind",
            "path",
            "code_table",
            "code",
            "is_load",
            name=op.f("pk_census"),
        ),
    )
    _drift()
    op.create_index(
        "uq_drift_live",
        "drift",
        list(_LIVE),
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_drift_state", "drift", ["state", "id"])


def _drift() -> None:
    op.create_table(
        "drift",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("drift", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("code_table", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("before_count", sa.BigInteger(), nullable=False),
        sa.Column("before_of", sa.BigInteger(), nullable=False),
        sa.Column("after_count", sa.BigInteger(), nullable=False),
        sa.Column("after_of", sa.BigInteger(), nullable=False),
        sa.Column(
            "suggestions",
            postgresql.JSONB(),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column(
            "found_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'confirmed', 'dismissed', 'closed')",
            name=op.f("ck_drift_state"),
        ),
        sa.CheckConstraint(
            "state <> 'closed' or ended_at is not null", name=op.f("ck_drift_ended")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drift")),
    )


def downgrade() -> None:
    """Drop both; the raw records can be counted again, decisions cannot."""
    op.drop_table("drift")
    op.drop_table("census")
