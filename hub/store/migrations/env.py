"""Alembic's entry: runs the steps on the connection that ``upgrade`` hands over."""

from __future__ import annotations

from alembic import context

from hub.store import tables_replay as _tables_replay  # noqa: F401 - its tables too
from hub.store.tables import metadata


def _ours(
    _object: object, name: str | None, kind: str, _reflected: bool, _other: object
) -> bool:
    """The job engine's tables are its own; autogenerate leaves them alone."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=_ours,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
