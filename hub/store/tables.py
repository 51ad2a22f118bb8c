"""Every table of the hub, as SQLAlchemy Core. Alembic owns how they come about.

Two append-only logs (``raw_record``, ``facet``) and a projection (``case_record``
and its children) that can be rebuilt from them; the delivery tables
(``transfer`` and its children); and the run book (``sync_run``, ``sync_failure``).
Times are ``timestamptz``. Codes are the hub's own or a national standard's.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_now = sa.text("now()")
_no_object = sa.text("'{}'::jsonb")
_no_list = sa.text("'[]'::jsonb")


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True)


def _at(name: str, *, needed: bool = True) -> sa.Column[datetime]:
    default = _now if needed else None
    return sa.Column(
        name, sa.DateTime(timezone=True), nullable=not needed, server_default=default
    )


def _object(name: str) -> sa.Column[JSONB]:
    return sa.Column(name, JSONB, nullable=False, server_default=_no_object)


def _list(name: str) -> sa.Column[JSONB]:
    return sa.Column(name, JSONB, nullable=False, server_default=_no_list)


# --- the two logs ---------------------------------------------------------------

raw_record = sa.Table(
    "raw_record",
    metadata,
    _key(),
    sa.Column("endpoint", sa.Text, nullable=False),
    # case: a record pulled; answer: a page that could not be taken apart;
    # receipt: the receiver's answer to a parcel; overtaken: came after a newer one;
    # post: what a system posted, whole
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),  # SHA-256 of the bytes
    sa.Column("media", sa.Text, nullable=False),
    sa.Column("modified", sa.Text, nullable=False, server_default=""),
    sa.Column("packed", sa.LargeBinary, nullable=False),  # zstd of the bytes
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes, unpacked
    sa.Column("adapter_version", sa.Text, nullable=False),
    sa.Column("run_id", sa.BigInteger),
    _at("fetched_at"),
    sa.Index("ix_raw_record_source", "endpoint", "kind", "key", "id"),
)

source_record = sa.Table(
    "source_record",  # the newest raw record of each source key, and what became of it
    metadata,
    sa.Column("endpoint", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("rules", sa.Text, nullable=False),  # digest of mapping and tables
    sa.Column("raw_id", sa.BigInteger, sa.ForeignKey("raw_record.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.CheckConstraint("state in ('mapped', 'set_aside')", name="state"),
)

facet = sa.Table(
    "facet",
    metadata,
    _key(),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("system", sa.Text, nullable=False),
    sa.Column("source_key", sa.Text, nullable=False),
    sa.Column(
        "case_id", sa.BigInteger, sa.ForeignKey("case_record.id"), nullable=False
    ),
    sa.Column("raw_id", sa.BigInteger, sa.ForeignKey("raw_record.id"), nullable=False),
    sa.Column("body", JSONB, nullable=False),  # hub.records.shape, kind case
    sa.Column("rules", sa.Text, nullable=False),
    sa.Column("mapping_revision", sa.Integer, nullable=False),
    sa.Column("adapter_version", sa.Text, nullable=False),
    sa.Column("is_current", sa.Boolean, nullable=False, server_default=sa.true()),
    _at("fetched_at"),
    _at("mapped_at"),
    sa.Index(
        "uq_facet_current",
        "endpoint",
        "source_key",
        unique=True,
        postgresql_where=sa.text("is_current"),
    ),
    sa.Index("ix_facet_case", "case_id", postgresql_where=sa.text("is_current")),
)

watermark = sa.Table(
    "watermark",
    metadata,
    sa.Column("endpoint", sa.Text, primary_key=True),
    _object("value"),
    _at("moved_at"),
)

# --- the projection -------------------------------------------------------------
# sources: {"field field": {endpoint, facet, at}}, one entry for all that one facet
# told; disagreements: {field: [{value, endpoint, facet, at}]} for the values that
# lost; unreadable: {field: original text}


def _told() -> tuple[sa.Column[JSONB], sa.Column[JSONB], sa.Column[JSONB]]:
    return _object("sources"), _object("disagreements"), _object("unreadable")


def _of_case(*, index: bool = True) -> sa.Column[int]:
    """``index`` is false where a unique key begins with it."""
    return sa.Column(
        "case_id",
        sa.BigInteger,
        sa.ForeignKey("case_record.id"),
        nullable=False,
        index=index,
    )


def _of_person() -> tuple[sa.Column[int], sa.Column[int]]:
    """The case too, to be found by it; that it exists follows from the person."""
    return (
        sa.Column("case_id", sa.BigInteger, nullable=False, index=True),
        sa.Column(
            "person_id",
            sa.BigInteger,
            sa.ForeignKey("person.id", ondelete="CASCADE"),
            nullable=False,
        ),
    )


case_record = sa.Table(
    "case_record",
    metadata,
    _key(),
    sa.Column("hub_number", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text),
    sa.Column("summary", sa.Text),
    sa.Column("stage", sa.Text),
    sa.Column("investigator", sa.Text),
    sa.Column("filed_on", sa.Date),
    sa.Column("accepted_on", sa.Date),
    sa.Column("due_on", sa.Date),
    sa.Column("closed_on", sa.Date),
    sa.Column("modified_at", sa.DateTime(timezone=True)),
    sa.Column("is_withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("merged_into", sa.BigInteger, sa.ForeignKey("case_record.id")),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    *_told(),
    _at("opened_at"),
    _at("changed_at"),
    sa.Index("ix_case_record_stage", "stage", "id"),
    sa.Index("ix_case_record_filed", "filed_on", "id"),
    sa.Index("ix_case_record_changed", "changed_at", "id"),
)

case_number = sa.Table(
    "case_number",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    _of_case(),
    sa.Column("endpoint", sa.Text, nullable=False),
    _at("seen_at"),
)

case_agency = sa.Table(
    "case_agency",  # who takes part; the row policy reads it
    metadata,
    sa.Column(
        "case_id", sa.BigInteger, sa.ForeignKey("case_record.id"), primary_key=True
    ),
    sa.Column("agency", sa.Text, primary_key=True),
    _at("since"),
    sa.Index("ix_case_agency_agency", "agency", "case_id"),
)

person = sa.Table(
    "person",
    metadata,
    _key(),
    _of_case(index=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("match_key", sa.Text, nullable=False),  # id number, else name + birth
    *(
        sa.Column(name, sa.Text)
        for name in (
            "name",
            "former_name",
            "sex",
            "id_type",
            "id_number",
            "ethnic_group",
            "education",
            "household",
            "address",
            "occupation",
            "role",
            "stage",
        )
    ),
    sa.Column("birth_date", sa.Date),
    *_told(),
    sa.UniqueConstraint("case_id", "match_key"),
    sa.Index("ix_person_id_number", "id_number"),
)

charge = sa.Table(
    "charge",
    metadata,
    _key(),
    *_of_person(),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("crime", sa.Text),
    sa.Column("wording", sa.Text),
    *_told(),
    sa.UniqueConstraint("person_id", "position"),
    sa.Index("ix_charge_crime", "crime", "case_id"),
)

measure = sa.Table(
    "measure",
    metadata,
    _key(),
    *_of_person(),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text),
    sa.Column("decided_by", sa.Text),
    sa.Column("started_on", sa.Date),
    sa.Column("ends_on", sa.Date),
    *_told(),
    sa.UniqueConstraint("person_id", "position"),
)

sentence = sa.Table(
    "sentence",
    metadata,
    _key(),
    *_of_person(),
    sa.Column("result", sa.Text),
    sa.Column("penalty", sa.Text),
    sa.Column("years", sa.Integer),
    sa.Column("months", sa.Integer),
    sa.Column("days", sa.Integer),
    sa.Column("probation_months", sa.Integer),
    sa.Column("fine", sa.Numeric(14, 2)),
    sa.Column("judged_on", sa.Date),
    sa.Column("effective_on", sa.Date),
    *_told(),
    sa.UniqueConstraint("person_id"),
)

document = sa.Table(
    "document",
    metadata,
    _key(),
    _of_case(index=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("match_key", sa.Text, nullable=False),  # type + number, else type + name
    sa.Column("type", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("number", sa.Text),
    sa.Column("issued_on", sa.Date),
    sa.Column("file_name", sa.Text),
    sa.Column("sha256", sa.Text),
    *_told(),
    sa.UniqueConstraint("case_id", "match_key"),
)

event = sa.Table(
    "event",  # readers go by snapshot horizon (xid), never by id alone
    metadata,
    _key(),
    sa.Column(
        "xid",
        sa.BigInteger,
        nullable=False,
        server_default=sa.text("pg_current_xact_id()::text::bigint"),
    ),
    sa.Column("kind", sa.Text, nullable=False),  # case.opened, transfer.accepted ...
    sa.Column("case_id", sa.BigInteger, sa.ForeignKey("case_record.id")),
    sa.Column("transfer_id", UUID(as_uuid=True)),
    _object("body"),
    _at("at"),
    sa.Index("ix_event_case", "case_id", "id"),
    sa.Index("ix_event_xid", "xid", "id"),
)

# --- delivery -------------------------------------------------------------------

transfer = sa.Table(
    "transfer",
    metadata,
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    _of_case(),
    sa.Column("node", sa.Text, nullable=False),
    sa.Column("sender", sa.Text, nullable=False),  # agency code
    sa.Column("receiver", sa.Text, nullable=False),  # agency code
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("lane", sa.Text, nullable=False),  # endpoint#slot
    sa.Column("round", sa.Integer, nullable=False, server_default="1"),
    sa.Column("business_key", sa.Text, nullable=False),
    sa.Column("idempotency_key", sa.Text, nullable=False, unique=True),
    sa.Column("client_key", sa.Text, nullable=False),  # the caller's own key
    sa.Column("content_digest", sa.LargeBinary, nullable=False),
    sa.Column("submitted_by", sa.Text, nullable=False),  # caller: agency code
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    # enquiries after the receipt since the parcel was last handed over
    sa.Column("enquiries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
    _at("next_attempt_at"),
    sa.Column("error_code", sa.Text),
    sa.Column("receiver_number", sa.Text),
    _at("submitted_at"),
    _at("delivered_at", needed=False),
    _at("answered_at", needed=False),
    sa.CheckConstraint(
        "state in ('QUEUED','SENDING','DELIVERED','ACCEPTED','RETURNED',"
        "'DEAD','CANCELLED')",
        name="state",
    ),
    sa.UniqueConstraint("submitted_by", "client_key"),
    sa.Index(
        "ix_transfer_due",
        "lane",
        "next_attempt_at",
        postgresql_where=sa.text("state in ('QUEUED','SENDING','DELIVERED')"),
    ),
    sa.Index("ix_transfer_business", "business_key"),
    sa.Index("ix_transfer_submitted", "submitted_at", "id"),
)

parcel = sa.Table(
    "parcel",
    metadata,
    sa.Column(
        "transfer_id",
        UUID(as_uuid=True),
        sa.ForeignKey("transfer.id"),
        primary_key=True,
    ),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    _object("numbers"),
    # in the receiver's words; not JSONB, which forgets the order of the elements
    sa.Column("body", sa.JSON, nullable=False, server_default=sa.text("'{}'::json")),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("mapping_revision", sa.Integer, nullable=False),
    sa.Column("rules", sa.Text, nullable=False),
)

receipt = sa.Table(
    "receipt",
    metadata,
    _key(),
    sa.Column(
        "transfer_id",
        UUID(as_uuid=True),
        sa.ForeignKey("transfer.id"),
        nullable=False,
        index=True,
    ),
    sa.Column("outcome", sa.Text, nullable=False),
    _object("numbers"),
    _list("reasons"),  # [{code, text}]
    sa.Column("raw_id", sa.BigInteger, sa.ForeignKey("raw_record.id"), nullable=False),
    _at("received_at"),
)

transfer_step = sa.Table(
    "transfer_step",  # the timeline of a transfer
    metadata,
    _key(),
    sa.Column(
        "transfer_id",
        UUID(as_uuid=True),
        sa.ForeignKey("transfer.id"),
        nullable=False,
        index=True,
    ),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("error_code", sa.Text),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    _at("at"),
)

lane = sa.Table(
    "lane",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
    _at("taken_at"),
)

# --- the run book ---------------------------------------------------------------

endpoint_state = sa.Table(
    "endpoint_state",
    metadata,
    sa.Column("endpoint", sa.Text, primary_key=True),
    # up, down, held (an operator must act)
    sa.Column("state", sa.Text, nullable=False, server_default="unknown"),
    sa.Column("error_code", sa.Text),
    sa.Column("note_zh", sa.Text, nullable=False, server_default=""),
    sa.Column("note_en", sa.Text, nullable=False, server_default=""),
    _at("since"),
    _at("last_ok_at", needed=False),  # the last good contact of any kind
    _at("synced_at", needed=False),  # everything up to this moment has been pulled
    sa.CheckConstraint("state in ('unknown','up','down','held')", name="state"),
)

sync_run = sa.Table(
    "sync_run",
    metadata,
    _key(),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("trigger", sa.Text, nullable=False),  # schedule, ingest, replay...
    sa.Column("state", sa.Text, nullable=False, server_default="running"),
    sa.Column("pages", sa.Integer, nullable=False, server_default="0"),
    *(
        sa.Column(name, sa.Integer, nullable=False, server_default="0")
        for name in ("fetched", "stored", "mapped", "set_aside", "unchanged")
    ),
    # leaves of the records read: mapped + ledgered + ignored by declaration
    *(
        sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        for name in ("leaves", "leaves_mapped", "leaves_ledgered", "leaves_ignored")
    ),
    _object("remainder"),  # {raw path: count} neither mapped nor ignored
    sa.Column("error_code", sa.Text),
    sa.Column("error_zh", sa.Text),
    sa.Column("error_en", sa.Text),
    _object("watermark_before"),
    _object("watermark_after"),
    _at("started_at"),
    _at("finished_at", needed=False),
    sa.CheckConstraint(
        "fetched = stored and stored = mapped + set_aside + unchanged", name="balanced"
    ),
    sa.CheckConstraint(
        "leaves = leaves_mapped + leaves_ledgered + leaves_ignored", name="no_leaf_lost"
    ),
    sa.CheckConstraint(
        "state in ('running','finished','failed','abandoned')", name="state"
    ),
    sa.Index("ix_sync_run_endpoint", "endpoint", "id"),
)

sync_failure = sa.Table(
    "sync_failure",
    metadata,
    _key(),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # record, answer or post
    sa.Column("source_key", sa.Text, nullable=False),
    sa.Column("run_id", sa.BigInteger, sa.ForeignKey("sync_run.id"), nullable=False),
    sa.Column("raw_id", sa.BigInteger, sa.ForeignKey("raw_record.id"), nullable=False),
    sa.Column("code", sa.Text, nullable=False),  # of the first fault
    sa.Column("cause", sa.Text, nullable=False),  # groups failures of one cause
    _list("faults"),  # [{code, where, source, rule, zh, en}]
    sa.Column("rules", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="1"),
    _at("opened_at"),
    _at("tried_at"),
    _at("closed_at", needed=False),
    sa.Column("closed_by", sa.Text),  # replay, newer record
    sa.Column("proof_facet_id", sa.BigInteger, sa.ForeignKey("facet.id")),
    sa.CheckConstraint("state in ('open','closed')", name="state"),
    sa.Index(
        "uq_sync_failure_open",
        "endpoint",
        "kind",
        "source_key",
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    ),
    sa.Index("ix_sync_failure_cause", "cause", "id"),
)
