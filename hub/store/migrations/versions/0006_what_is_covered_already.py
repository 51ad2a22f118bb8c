"""Indexes that a unique one begins with, and keys that another key implies.

Every row of a case's page paid for them: a charge belongs to a person, the person to
the case, so the database checked the case twice; ``(person_id)`` is the beginning of
``(person_id, position)``. A load of cases became a fifth quicker without them.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COVERED = (
    ("person", "case_id"),
    ("document", "case_id"),
    ("charge", "person_id"),
    ("measure", "person_id"),
    ("sentence", "person_id"),
)
_IMPLIED = ("charge", "measure", "sentence")


def upgrade() -> None:
    """Drop them."""
    for table, column in _COVERED:
        op.drop_index(f"ix_{table}_{column}", table)
    for table in _IMPLIED:
        op.drop_constraint(f"fk_{table}_case_id_case_record", table)


def downgrade() -> None:
    """Make them again."""
    for table in _IMPLIED:
        name = f"fk_{table}_case_id_case_record"
        op.create_foreign_key(name, table, "case_record", ["case_id"], ["id"])
    for table, column in _COVERED:
        op.create_index(f"ix_{table}_{column}", table, [column])
