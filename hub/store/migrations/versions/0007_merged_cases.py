"""An index of the cases that were merged into others.

Every page of a replay and every merge asks who went into a case; without it both
read all cases there are.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.create_index(
        "ix_case_record_merged",
        "case_record",
        ["merged_into"],
        postgresql_where=sa.text("merged_into is not null"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_case_record_merged", "case_record")
