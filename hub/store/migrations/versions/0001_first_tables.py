"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from hub.store.procrastinate import apply_schema, drop_schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the hub's tables and the job engine's."""
    apply_schema(op.get_bind())
    op.create_table(
        "case_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("hub_number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("investigator", sa.Text(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "is_withdrawn",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "sources",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "disagreements",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "unreadable",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["case_record.id"],
            name=op.f("fk_case_record_merged_into_case_record"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_record")),
        sa.UniqueConstraint("hub_number", name=op.f("uq_case_record_hub_number")),
    )
    op.create_index(
        "ix_case_record_changed", "case_record", ["changed_at", "id"], unique=False
    )
    op.create_index(
        "ix_case_record_filed", "case_record", ["filed_on", "id"], unique=False
    )
    op.create_index(
        "ix_case_record_stage", "case_record", ["stage", "id"], unique=False
    )
    op.create_table(
        "endpoint_state",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("note_zh", sa.Text(), server_default="", nullable=False),
        sa.Column("note_en", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "since",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('unknown','up','down','held')",
            name=op.f("ck_endpoint_state_state"),
        ),
        sa.PrimaryKeyConstraint("endpoint", name=op.f("pk_endpoint_state")),
    )
    op.create_table(
        "lane",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "taken_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lane")),
    )
    op.create_table(
        "raw_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), server_default="", nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("adapter_version", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "fetched_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_record")),
    )
    op.create_index(
        "ix_raw_record_source",
        "raw_record",
        ["endpoint", "kind", "key", "id"],
        unique=False,
    )
    op.create_table(
        "sync_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("pages", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fetched", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stored", sa.Integer(), server_default="0", nullable=False),
        sa.Column("mapped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("set_aside", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "remainder",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_zh", sa.Text(), nullable=True),
        sa.Column("error_en", sa.Text(), nullable=True),
        sa.Column(
            "watermark_before",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "watermark_after",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('running','finished','failed','abandoned')",
            name=op.f("ck_sync_run_state"),
        ),
        sa.CheckConstraint(
            "fetched = stored and stored = mapped + set_aside + unchanged",
            name=op.f("ck_sync_run_balanced"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_run")),
    )
    op.create_index(
        "ix_sync_run_endpoint", "sync_run", ["endpoint", "id"], unique=False
    )
    op.create_table(
        "watermark",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column(
            "value",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "moved_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("endpoint", name=op.f("pk_watermark")),
    )
    op.create_table(
        "case_agency",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column(
            "since",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_record.id"],
            name=op.f("fk_case_agency_case_id_case_record"),
        ),
        sa.PrimaryKeyConstraint("case_id", "agency", name=op.f("pk_case_agency")),
    )
    op.create_index(
        "ix_case_agency_agency", "case_agency", ["agency", "case_id"], unique=False
    )
    op.create_table(
        "case_number",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_record.id"],
            name=op.f("fk_case_number_case_id_case_record"),
        ),
        sa.PrimaryKeyConstraint("scheme", "value", name=op.f("pk_case_number")),
    )
    op.create_index(
        op.f("ix_case_number_case_id"), "case_number", ["case_id"], unique=False
    )
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("match_key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column(
            "sources",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "disagreements",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "unreadable",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_record.id"],
            name=op.f("fk_document_case_id_case_record"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint(
            "case_id", "match_key", name=op.f("uq_document_case_id_match_key")
        ),
    )
    op.create_index(op.f("ix_document_case_id"), "document", ["case_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "xid",
            sa.BigInteger(),
            server_default=sa.text("pg_current_xact_id()::text::bigint"),
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("transfer_id", sa.UUID(), nullable=True),
        sa.Column(
            "body",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_event_case_id_case_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_case", "event", ["case_id", "id"], unique=False)
    op.create_index("ix_event_xid", "event", ["xid", "id"], unique=False)
    op.create_table(
        "facet",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("raw_id", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("mapping_revision", sa.Integer(), nullable=False),
        sa.Column("adapter_version", sa.Text(), nullable=False),
        sa.Column(
            "is_current", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column(
            "fetched_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "mapped_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_facet_case_id_case_record")
        ),
        sa.ForeignKeyConstraint(
            ["raw_id"], ["raw_record.id"], name=op.f("fk_facet_raw_id_raw_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facet")),
    )
    op.create_index(
        "ix_facet_case",
        "facet",
        ["case_id"],
        unique=False,
        postgresql_where=sa.text("is_current"),
    )
    op.create_index(
        "uq_facet_current",
        "facet",
        ["endpoint", "source_key"],
        unique=True,
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("match_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("former_name", sa.Text(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("id_type", sa.Text(), nullable=True),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column("ethnic_group", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("household", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("occupation", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column(
            "sources",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "disagreements",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "unreadable",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_person_case_id_case_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint(
            "case_id", "match_key", name=op.f("uq_person_case_id_match_key")
        ),
    )
    op.create_index(op.f("ix_person_case_id"), "person", ["case_id"], unique=False)
    op.create_index("ix_person_id_number", "person", ["id_number"], unique=False)
    op.create_table(
        "source_record",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("raw_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('mapped', 'set_aside')", name=op.f("ck_source_record_state")
        ),
        sa.ForeignKeyConstraint(
            ["raw_id"],
            ["raw_record.id"],
            name=op.f("fk_source_record_raw_id_raw_record"),
        ),
        sa.PrimaryKeyConstraint(
            "endpoint", "kind", "key", name=op.f("pk_source_record")
        ),
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), server_default="1", nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.LargeBinary(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("enquiries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("receiver_number", sa.Text(), nullable=True),
        sa.Column(
            "submitted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('QUEUED','SENDING','DELIVERED','ACCEPTED','RETURNED','DEAD','CANCELLED')",
            name=op.f("ck_transfer_state"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_record.id"],
            name=op.f("fk_transfer_case_id_case_record"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint(
            "idempotency_key", name=op.f("uq_transfer_idempotency_key")
        ),
        sa.UniqueConstraint(
            "submitted_by",
            "client_key",
            name=op.f("uq_transfer_submitted_by_client_key"),
        ),
    )
    op.create_index("ix_transfer_business", "transfer", ["business_key"], unique=False)
    op.create_index(op.f("ix_transfer_case_id"), "transfer", ["case_id"], unique=False)
    op.create_index(
        "ix_transfer_due",
        "transfer",
        ["lane", "next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state in ('QUEUED','SENDING','DELIVERED')"),
    )
    op.create_index(
        "ix_transfer_submitted", "transfer", ["submitted_at", "id"], unique=False
    )
    op.create_table(
        "charge",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("crime", sa.Text(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column(
            "sources",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "disagreements",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "unreadable",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_charge_case_id_case_record")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_charge_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint(
            "person_id", "position", name=op.f("uq_charge_person_id_position")
        ),
    )
    op.create_index(op.f("ix_charge_case_id"), "charge", ["case_id"], unique=False)
    op.create_index("ix_charge_crime", "charge", ["crime", "case_id"], unique=False)
    op.create_index(op.f("ix_charge_person_id"), "charge", ["person_id"], unique=False)
    op.create_table(
        "measure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "sources",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "disagreements",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "unreadable",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_measure_case_id_case_record")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_measure_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint(
            "person_id", "position", name=op.f("uq_measure_person_id_position")
        ),
    )
    op.create_index(op.f("ix_measure_case_id"), "measure", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_measure_person_id"), "measure", ["person_id"], unique=False
    )
    op.create_table(
        "parcel",
        sa.Column("transfer_id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column(
            "numbers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "body",
            sa.JSON(),
            server_default=sa.text("'{}'::json"),
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("mapping_revision", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["transfer.id"],
            name=op.f("fk_parcel_transfer_id_transfer"),
        ),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_parcel")),
        sa.UniqueConstraint("message_id", name=op.f("uq_parcel_message_id")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("transfer_id", sa.UUID(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column(
            "numbers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("raw_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["raw_id"], ["raw_record.id"], name=op.f("fk_receipt_raw_id_raw_record")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["transfer.id"],
            name=op.f("fk_receipt_transfer_id_transfer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    op.create_index(
        op.f("ix_receipt_transfer_id"), "receipt", ["transfer_id"], unique=False
    )
    op.create_table(
        "sentence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("penalty", sa.Text(), nullable=True),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("probation_months", sa.Integer(), nullable=True),
        sa.Column("fine", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column(
            "sources",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "disagreements",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "unreadable",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_record.id"],
            name=op.f("fk_sentence_case_id_case_record"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_sentence_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentence")),
        sa.UniqueConstraint("person_id", name=op.f("uq_sentence_person_id")),
    )
    op.create_index(op.f("ix_sentence_case_id"), "sentence", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_sentence_person_id"), "sentence", ["person_id"], unique=False
    )
    op.create_table(
        "sync_failure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("raw_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column(
            "faults",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "tried_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("proof_facet_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state in ('open','closed')", name=op.f("ck_sync_failure_state")
        ),
        sa.ForeignKeyConstraint(
            ["proof_facet_id"],
            ["facet.id"],
            name=op.f("fk_sync_failure_proof_facet_id_facet"),
        ),
        sa.ForeignKeyConstraint(
            ["raw_id"],
            ["raw_record.id"],
            name=op.f("fk_sync_failure_raw_id_raw_record"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_run.id"], name=op.f("fk_sync_failure_run_id_sync_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_failure")),
    )
    op.create_index(
        "ix_sync_failure_cause", "sync_failure", ["cause", "id"], unique=False
    )
    op.create_index(
        "uq_sync_failure_open",
        "sync_failure",
        ["endpoint", "kind", "source_key"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "transfer_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("transfer_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["transfer.id"],
            name=op.f("fk_transfer_step_transfer_id_transfer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_step")),
    )
    op.create_index(
        op.f("ix_transfer_step_transfer_id"),
        "transfer_step",
        ["transfer_id"],
        unique=False,
    )


def downgrade() -> None:
    """Drop everything."""
    op.drop_index(op.f("ix_transfer_step_transfer_id"), table_name="transfer_step")
    op.drop_table("transfer_step")
    op.drop_index(
        "uq_sync_failure_open",
        table_name="sync_failure",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_sync_failure_cause", table_name="sync_failure")
    op.drop_table("sync_failure")
    op.drop_index(op.f("ix_sentence_person_id"), table_name="sentence")
    op.drop_index(op.f("ix_sentence_case_id"), table_name="sentence")
    op.drop_table("sentence")
    op.drop_index(op.f("ix_receipt_transfer_id"), table_name="receipt")
    op.drop_table("receipt")
    op.drop_table("parcel")
    op.drop_index(op.f("ix_measure_person_id"), table_name="measure")
    op.drop_index(op.f("ix_measure_case_id"), table_name="measure")
    op.drop_table("measure")
    op.drop_index(op.f("ix_charge_person_id"), table_name="charge")
    op.drop_index("ix_charge_crime", table_name="charge")
    op.drop_index(op.f("ix_charge_case_id"), table_name="charge")
    op.drop_table("charge")
    op.drop_index("ix_transfer_submitted", table_name="transfer")
    op.drop_index(
        "ix_transfer_due",
        table_name="transfer",
        postgresql_where=sa.text("state in ('QUEUED','SENDING','DELIVERED')"),
    )
    op.drop_index(op.f("ix_transfer_case_id"), table_name="transfer")
    op.drop_index("ix_transfer_business", table_name="transfer")
    op.drop_table("transfer")
    op.drop_table("source_record")
    op.drop_index("ix_person_id_number", table_name="person")
    op.drop_index(op.f("ix_person_case_id"), table_name="person")
    op.drop_table("person")
    op.drop_index(
        "uq_facet_current", table_name="facet", postgresql_where=sa.text("is_current")
    )
    op.drop_index(
        "ix_facet_case", table_name="facet", postgresql_where=sa.text("is_current")
    )
    op.drop_table("facet")
    op.drop_index("ix_event_xid", table_name="event")
    op.drop_index("ix_event_case", table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_document_case_id"), table_name="document")
    op.drop_table("document")
    op.drop_index(op.f("ix_case_number_case_id"), table_name="case_number")
    op.drop_table("case_number")
    op.drop_index("ix_case_agency_agency", table_name="case_agency")
    op.drop_table("case_agency")
    op.drop_table("watermark")
    op.drop_index("ix_sync_run_endpoint", table_name="sync_run")
    op.drop_table("sync_run")
    op.drop_index("ix_raw_record_source", table_name="raw_record")
    op.drop_table("raw_record")
    op.drop_table("lane")
    op.drop_table("endpoint_state")
    op.drop_index("ix_case_record_stage", table_name="case_record")
    op.drop_index("ix_case_record_filed", table_name="case_record")
    op.drop_index("ix_case_record_changed", table_name="case_record")
    op.drop_table("case_record")
    drop_schema(op.get_bind())
