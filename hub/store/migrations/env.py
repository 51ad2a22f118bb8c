"""Alembic's entry: runs the steps on the connection that ``upgrade`` hands over."""

from __future__ import annotations

import importlib
import pkgutil

from alembic import context

import hub.store
from hub.store.tables import metadata

for _found in pkgutil.iter_modules(hub.store.__path__):
    if _found.name.startswith("tables_"):
        importlib.import_module(f"hub.store.{_found.name}")


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
