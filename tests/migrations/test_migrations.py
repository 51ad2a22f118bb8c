"""All steps on an empty database equal the tables in the code."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from hub.store.migrate import check, newest, upgrade
from hub.store.tables import metadata


def _differences(url: str) -> list[object]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda _o, name, kind, _r, _c: (
                    not (kind == "table" and str(name).startswith("procrastinate_"))
                ),
                "compare_server_default": False,
            },
        )
        found = compare_metadata(context, metadata)
    engine.dispose()
    return found


def test_every_step_together_makes_the_tables_of_the_code(database_url: str) -> None:
    assert _differences(database_url) == []


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    assert upgrade(database_url) == newest()
    assert check(database_url) == (newest(), newest())


def test_the_first_step_can_be_undone(database_url: str) -> None:
    from alembic import command

    from hub.store.migrate import _config

    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "base")
    with engine.connect() as connection:
        left = sa.inspect(connection).get_table_names()
    engine.dispose()
    assert left == ["alembic_version"]
