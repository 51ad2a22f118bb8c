"""The tables of traffic counted and of what moved in it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from hub.store.tables import metadata

STATES = ("open", "confirmed", "dismissed", "closed")

#: what was seen of each raw path (no table, no code) and of each raw code there, by
#: day of Asia/Shanghai. Counts only grow; of values only codes stand here.
census = sa.Table(
    "census",
    metadata,
    sa.Column("endpoint", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),  # of the raw record
    sa.Column("path", sa.Text, primary_key=True),  # from the top, lists not marked
    sa.Column("code_table", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    # a pull from the beginning tells years in a day: no measure of daily traffic
    sa.Column("is_load", sa.Boolean, primary_key=True),
    sa.Column("seen", sa.BigInteger, nullable=False),
    sa.Column("filled", sa.BigInteger, nullable=False),
    sa.Column("look", sa.Text, nullable=False),  # class of a value: digits, Han, length
)

#: a drift is a cause somebody has to look at; one row from its first day to its end
drift = sa.Table(
    "drift",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("system", sa.Text, nullable=False),
    sa.Column("drift", sa.Text, nullable=False),  # code_new, field_vanished, ...
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("code_table", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("other", sa.Text, nullable=False),  # its new path or code
    sa.Column("first_on", sa.Date, nullable=False),
    *(
        sa.Column(name, sa.BigInteger, nullable=False)
        for name in ("before_count", "before_of", "after_count", "after_of")
    ),
    sa.Column(
        "suggestions", JSONB, nullable=False, server_default=sa.text("'[]'::jsonb")
    ),
    sa.Column("cause", sa.Text, nullable=False),  # of the sync failures it makes
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    sa.Column(
        "found_at",
        sa.DateTime(timezone=True),
        nullable=False,
        server_default=sa.text("now()"),
    ),
    sa.Column("ended_at", sa.DateTime(timezone=True)),  # what was found is no more
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint(f"state in {STATES}", name="state"),
    sa.CheckConstraint("state <> 'closed' or ended_at is not null", name="ended"),
    sa.Index(
        "uq_drift_live",
        "endpoint",
        "drift",
        "kind",
        "path",
        "code_table",
        "code",
        "other",
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    ),
    sa.Index("ix_drift_state", "state", "id"),
)
