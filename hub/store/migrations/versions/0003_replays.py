"""Replays: jobs, what they changed, the read log, corrections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of replays."""
    op.create_table(
        "read_log",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shape_id", sa.Integer(), nullable=False),
        sa.Column(
            "began_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_read_log_at", "read_log", ["at"], unique=False, postgresql_using="brin"
    )
    op.create_index("ix_read_log_case", "read_log", ["case_id", "at"], unique=False)
    op.create_table(
        "read_shape",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column(
            "paths",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_shape")),
        sa.UniqueConstraint("digest", name=op.f("uq_read_shape_digest")),
    )
    op.create_table(
        "replay_job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "scope",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "rules",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("closed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("notices", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at_endpoint", sa.Text(), server_default="", nullable=False),
        sa.Column("at_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("at_key", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "runs",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("page_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('running','paused','finished','cancelled','failed')",
            name=op.f("ck_replay_job_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay_job")),
    )
    op.create_index(
        "uq_replay_job_active",
        "replay_job",
        ["key"],
        unique=True,
        postgresql_where=sa.text("state in ('running','paused')"),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column(
            "was_read", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "was_received",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "issued_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_record.id"],
            name=op.f("fk_correction_case_id_case_record"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["replay_job.id"], name=op.f("fk_correction_job_id_replay_job")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint(
            "job_id",
            "case_id",
            "caller",
            name=op.f("uq_correction_job_id_case_id_caller"),
        ),
    )
    op.create_index(
        "ix_correction_caller", "correction", ["caller", "id"], unique=False
    )
    op.create_table(
        "replay_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("read_as", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("rules_before", sa.Text(), nullable=False),
        sa.Column("rules_after", sa.Text(), nullable=False),
        sa.Column(
            "wrong_since",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_record.id"],
            name=op.f("fk_replay_change_case_id_case_record"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["replay_job.id"],
            name=op.f("fk_replay_change_job_id_replay_job"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay_change")),
    )
    op.create_index(
        "ix_replay_change_job", "replay_change", ["job_id", "case_id"], unique=False
    )
    op.create_index(
        "ix_replay_change_settled", "replay_change", ["settled_at"], unique=False
    )
    op.create_table(
        "replay_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("raw_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("facet_before", sa.BigInteger(), nullable=True),
        sa.Column("facet_after", sa.BigInteger(), nullable=True),
        sa.Column(
            "paths",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "outcome in ('changed','failed','mended')",
            name=op.f("ck_replay_item_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["replay_job.id"], name=op.f("fk_replay_item_job_id_replay_job")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay_item")),
    )
    op.create_index("ix_replay_item_job", "replay_item", ["job_id", "id"], unique=False)
    op.create_table(
        "correction_change",
        sa.Column("correction_id", sa.BigInteger(), nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["replay_change.id"],
            name=op.f("fk_correction_change_change_id_replay_change"),
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["correction.id"],
            name=op.f("fk_correction_change_correction_id_correction"),
        ),
        sa.PrimaryKeyConstraint(
            "correction_id", "change_id", name=op.f("pk_correction_change")
        ),
    )
    op.create_table(
        "replay_transfer",
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("transfer_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["replay_change.id"],
            name=op.f("fk_replay_transfer_change_id_replay_change"),
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["transfer.id"],
            name=op.f("fk_replay_transfer_transfer_id_transfer"),
        ),
        sa.PrimaryKeyConstraint(
            "change_id", "transfer_id", name=op.f("pk_replay_transfer")
        ),
    )
    op.create_index(
        "ix_facet_past",
        "facet",
        ["endpoint", "source_key", "id"],
        unique=False,
        postgresql_where=sa.text("not is_current"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_index(
        "ix_facet_past", table_name="facet", postgresql_where=sa.text("not is_current")
    )
    op.drop_table("replay_transfer")
    op.drop_table("correction_change")
    op.drop_index("ix_replay_item_job", table_name="replay_item")
    op.drop_table("replay_item")
    op.drop_index("ix_replay_change_settled", table_name="replay_change")
    op.drop_index("ix_replay_change_job", table_name="replay_change")
    op.drop_table("replay_change")
    op.drop_index("ix_correction_caller", table_name="correction")
    op.drop_table("correction")
    op.drop_index(
        "uq_replay_job_active",
        table_name="replay_job",
        postgresql_where=sa.text("state in ('running','paused')"),
    )
    op.drop_table("replay_job")
    op.drop_table("read_shape")
    op.drop_index("ix_read_log_case", table_name="read_log")
    op.drop_index("ix_read_log_at", table_name="read_log", postgresql_using="brin")
    op.drop_table("read_log")
