"""Tables of replays: the jobs, what they changed, who had read it, who was told.

``read_log`` has neither key nor foreign keys: one row for each case an answer
shows, and nothing there is ever changed. What fields were asked for is the same
for the same document, so it stands once in ``read_shape``.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from hub.store.tables import _at, _key, _list, _object, facet, metadata

ACTIVE = ("running", "paused")

replay_job = sa.Table(
    "replay_job",
    metadata,
    _key(),
    # digest of scope and rules: never two of one key under way
    sa.Column("key", sa.Text, nullable=False),
    _object("scope"),  # hub.records.replay.ReplayScope
    _object("rules"),  # {endpoint: digest of the rules it is read by}
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("started_by", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="running"),
    *(
        sa.Column(name, sa.Integer, nullable=False, server_default="0")
        for name in ("total", "done", "changed", "failed", "closed", "notices")
    ),
    # the last source record that is done; pages go on behind it
    sa.Column("at_endpoint", sa.Text, nullable=False, server_default=""),
    sa.Column("at_kind", sa.Text, nullable=False, server_default=""),
    sa.Column("at_key", sa.Text, nullable=False, server_default=""),
    _object("runs"),  # {endpoint: id of its sync run}
    sa.Column("error_code", sa.Text),
    _at("started_at"),
    _at("page_at", needed=False),  # when the last page was committed
    _at("finished_at", needed=False),
    sa.CheckConstraint(
        "state in ('running','paused','finished','cancelled','failed')", name="state"
    ),
    sa.Index(
        "uq_replay_job_active",
        "key",
        unique=True,
        postgresql_where=sa.text("state in ('running','paused')"),
    ),
)


def _of_job() -> sa.Column[int]:
    return sa.Column(
        "job_id", sa.BigInteger, sa.ForeignKey("replay_job.id"), nullable=False
    )


replay_item = sa.Table(
    "replay_item",  # a source record that came out otherwise than before
    metadata,
    _key(),
    _of_job(),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("source_key", sa.Text, nullable=False),
    sa.Column("raw_id", sa.BigInteger, nullable=False),
    # changed: another facet; failed: set aside now; mended: came through now
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("facet_before", sa.BigInteger),
    sa.Column("facet_after", sa.BigInteger),
    _list("paths"),  # canonical places that differ between the two facets
    _at("at"),
    sa.CheckConstraint("outcome in ('changed','failed','mended')", name="outcome"),
    sa.Index("ix_replay_item_job", "job_id", "id"),
)

replay_change = sa.Table(
    "replay_change",  # a value that a case shows otherwise since a replay
    metadata,
    _key(),
    _of_job(),
    sa.Column(
        "case_id", sa.BigInteger, sa.ForeignKey("case_record.id"), nullable=False
    ),
    # ids under which it was read before: its own, and cases merged into it by then
    sa.Column("read_as", ARRAY(sa.BigInteger), nullable=False),
    sa.Column("place", sa.Text, nullable=False),  # persons[0].measures[0].kind
    sa.Column("path", sa.Text, nullable=False),  # persons.measures.kind
    sa.Column("before", JSONB),
    sa.Column("after", JSONB),
    sa.Column("rules_before", sa.Text, nullable=False),
    sa.Column("rules_after", sa.Text, nullable=False),
    _at("wrong_since"),
    _at("at"),
    # when the change had surely been committed; a read begun later saw the new value
    _at("settled_at", needed=False),
    sa.Index("ix_replay_change_job", "job_id", "case_id"),
    sa.Index("ix_replay_change_settled", "settled_at"),
)

replay_transfer = sa.Table(
    "replay_transfer",  # a hand-over whose parcel carried the value of before
    metadata,
    sa.Column(
        "change_id", sa.BigInteger, sa.ForeignKey("replay_change.id"), primary_key=True
    ),
    sa.Column(
        "transfer_id",
        UUID(as_uuid=True),
        sa.ForeignKey("transfer.id"),
        primary_key=True,
    ),
)

correction = sa.Table(
    "correction",  # what one caller is told about one case
    metadata,
    _key(),
    _of_job(),
    sa.Column(
        "case_id", sa.BigInteger, sa.ForeignKey("case_record.id"), nullable=False
    ),
    sa.Column("caller", sa.Text, nullable=False),  # agency code
    sa.Column("was_read", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("was_received", sa.Boolean, nullable=False, server_default=sa.false()),
    _at("read_at", needed=False),  # the last time it read what was wrong
    _at("issued_at"),
    _at("acknowledged_at", needed=False),
    sa.UniqueConstraint("job_id", "case_id", "caller"),
    sa.Index("ix_correction_caller", "caller", "id"),
)

correction_change = sa.Table(
    "correction_change",
    metadata,
    sa.Column(
        "correction_id", sa.BigInteger, sa.ForeignKey("correction.id"), primary_key=True
    ),
    sa.Column(
        "change_id", sa.BigInteger, sa.ForeignKey("replay_change.id"), primary_key=True
    ),
)

read_shape = sa.Table(
    "read_shape",  # a set of canonical paths that documents ask for together
    metadata,
    sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    _list("paths"),
)

read_log = sa.Table(
    "read_log",  # who was shown which fields of which case; no values, no persons
    metadata,
    sa.Column("caller", sa.Text, nullable=False),  # agency code
    sa.Column("case_id", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # of the case, when written
    sa.Column("shape_id", sa.Integer, nullable=False),
    _at("began_at"),  # when the operation began
    _at("at"),  # when this was written; the answer left afterwards
    sa.Index("ix_read_log_case", "case_id", "at"),
    sa.Index("ix_read_log_at", "at", postgresql_using="brin"),
)

#: how far back a value stood: only facets that were superseded are in it
facet_past = sa.Index(
    "ix_facet_past",
    facet.c.endpoint,
    facet.c.source_key,
    facet.c.id,
    postgresql_where=sa.text("not is_current"),
)
