"""``hub schema`` and ``hub golden``: files that the code prints and people review."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Annotated

import typer

from hub.entry import terminal
from hub.errors import RequestInvalid

HOME = Path(__file__).parents[3] / "schema" / "schema.graphql"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("schema")(schema)
    app.command("golden")(golden)


def schema(
    write: Annotated[
        bool, typer.Option("--write", help="write schema/schema.graphql")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="compare with schema/schema.graphql")
    ] = False,
) -> None:
    """打印 GraphQL 模式 / print the GraphQL schema.

    Example: `hub schema --check`
    """
    from schema.build import printed  # noqa: PLC0415 - strawberry takes a second

    text = printed()
    if write:
        HOME.write_text(text, "utf-8")
    elif check:
        _compare(HOME.read_text("utf-8") if HOME.exists() else "", text)
    else:
        sys.stdout.write(text)


def _compare(committed: str, printed: str) -> None:
    if committed == printed:
        terminal.console().print("schema.graphql 与代码一致 / is what the code prints")
        return
    lines = difflib.unified_diff(
        committed.splitlines(), printed.splitlines(), "committed", "printed", n=1
    )
    terminal.console(errors=True).print("\n".join(lines), markup=False)
    raise RequestInvalid(
        "schema.graphql 与代码不一致；运行 hub schema --write",
        "schema.graphql is not what the code prints; run: hub schema --write",
        where=str(HOME.name),
    )


def golden(
    write: Annotated[
        bool, typer.Option("--write", help="write missing and changed expectations")
    ] = False,
) -> None:
    """核对或生成适配器样例 / compare every adapter's fixtures, or write them.

    Example: `hub golden --write`
    """
    from hub.entry.golden import golden as compare  # noqa: PLC0415 - loads adapters

    raise typer.Exit(compare(write=write) or 0)
