"""``hub mappings`` and ``hub tables``: the dictionary, checked and shown."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.engine.registry import load_manifests
from hub.entry import terminal
from hub.entry.assembly import ADAPTERS, MAPPINGS, load_dictionary
from hub.mapping.tables import Tables

app = typer.Typer(
    help="映射 / mappings  e.g. hub mappings check",
    no_args_is_help=True,
    add_completion=False,
)
tables = typer.Typer(
    help="代码表 / code tables  e.g. hub tables list division",
    no_args_is_help=True,
    add_completion=False,
)


@app.command("check")
def check() -> None:
    """核对全部映射文件 / read every mapping file and tell all that is wrong.

    Example: `hub mappings check`
    """
    _, mappings = load_dictionary()
    made = terminal.table("system", "revision", "rules", "nodes received")
    for system in sorted(load_manifests(ADAPTERS)):
        one = mappings.system(system)
        nodes = " ".join(sorted(one.nodes))
        terminal.row(made, one.system, one.revision, one.rules[:12], nodes)
    terminal.console().print(made)


@tables.command("list")
def listed(
    name: Annotated[str, typer.Argument(help="show the rows of this table")] = "",
) -> None:
    """列出代码表或其内容 / list the code tables, or one table's rows.

    Example: `hub tables list division`
    """
    found = Tables.load(MAPPINGS / "tables")
    if name:
        _rows(found, name)
        return
    made = terminal.table("table", "revision", "rows", "crosswalks")
    for known in found.names:
        table = found.table(known)
        walks = [walk.system for walk in found.crosswalks if walk.table == known]
        terminal.row(made, known, table.revision, len(table.rows), " ".join(walks))
    terminal.console().print(made)


def _rows(found: Tables, name: str) -> None:
    made = terminal.table("code", "中文", "English")
    for one in found.table(name).rows:
        terminal.row(made, one.code, one.name_zh, one.name_en)
    terminal.console().print(made)
