"""``hub db``: the database's schema."""

from __future__ import annotations

import typer

from hub.entry import terminal
from hub.entry.assembly import database_address
from hub.errors import DatabaseNotReady
from hub.store import migrate

app = typer.Typer(
    help="数据库结构 / the database's schema  e.g. hub db upgrade, hub db check",
    no_args_is_help=True,
    add_completion=False,
)


@app.command("upgrade")
def upgrade(context: typer.Context) -> None:
    """升级到最新结构 / bring the database to the newest schema.

    Example: `hub db upgrade`
    """
    with database_address(terminal.options(context).settings()) as address:
        reached = migrate.upgrade(address)
    terminal.console().print(f"结构版本 / schema revision: {reached}")


@app.command("check")
def check(context: typer.Context) -> None:
    """核对结构是否最新 / tell whether the schema is the newest.

    Example: `hub db check`
    """
    with database_address(terminal.options(context).settings()) as address:
        there, newest = migrate.check(address)
    if there != newest:
        raise DatabaseNotReady(
            f"数据库结构版本为 {there or '空'}，需要 {newest}",
            f"The database schema is at {there or 'nothing'}, {newest} is needed",
        )
    terminal.console().print(f"结构版本 / schema revision: {there}")
