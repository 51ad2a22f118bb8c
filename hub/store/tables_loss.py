"""The loss ledger's table: raw leaves that no canonical value tells."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables import metadata

loss = sa.Table(
    "loss",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("raw_id", sa.BigInteger, sa.ForeignKey("raw_record.id"), nullable=False),
    sa.Column("run_id", sa.BigInteger, sa.ForeignKey("sync_run.id"), nullable=False),
    # the raw place; the text that stands there stays in the raw record
    sa.Column("place", sa.Text, nullable=False),
    # the canonical place that a rule asked it for; empty where no rule does
    sa.Column("wanted", sa.Text, nullable=False, server_default=""),
    # unmapped: no rule speaks of it; unreadable: held; refused: set aside for it
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("leaves", sa.Integer, nullable=False),
    sa.Column(
        "at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.text("now()"),
    ),
    sa.CheckConstraint(
        "reason in ('unmapped', 'unreadable', 'refused')", name="reason"
    ),
    sa.Index("ix_loss_raw", "raw_id"),
    sa.Index("ix_loss_endpoint", "endpoint", "reason", "place"),
)
