"""The loss ledger: what became of every leaf of a run, and which were lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LEAVES = ("leaves", "leaves_mapped", "leaves_ledgered", "leaves_ignored")


def upgrade() -> None:
    """Add the books of leaves to runs, and the table of losses."""
    for name in _LEAVES:
        op.add_column(
            "sync_run",
            sa.Column(name, sa.BigInteger(), server_default="0", nullable=False),
        )
    op.create_check_constraint(
        op.f("ck_sync_run_no_leaf_lost"),
        "sync_run",
        "leaves = leaves_mapped + leaves_ledgered + leaves_ignored",
    )
    op.create_table(
        "loss",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("raw_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("leaves", sa.Integer(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "reason in ('unmapped', 'unreadable', 'refused')",
            name=op.f("ck_loss_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["raw_id"], ["raw_record.id"], name=op.f("fk_loss_raw_id_raw_record")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_run.id"], name=op.f("fk_loss_run_id_sync_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loss")),
    )
    op.create_index("ix_loss_raw", "loss", ["raw_id"])
    op.create_index("ix_loss_endpoint", "loss", ["endpoint", "reason", "place"])


def downgrade() -> None:
    """Take both away."""
    op.drop_table("loss")
    op.drop_constraint(op.f("ck_sync_run_no_leaf_lost"), "sync_run", type_="check")
    for name in _LEAVES:
        op.drop_column("sync_run", name)
