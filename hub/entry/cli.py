"""The command line: ``hub --help`` lists every command, each with an example."""

from __future__ import annotations

import inspect
import sys

import typer

from hub.entry.commands import (
    books,
    checking,
    code_tables,
    code_tables_import,
    database,
    demo,
    dictionary,
    drift,
    evidence,
    keys,
    look,
    proposals,
    raw,
    reference,
    replays,
    scaffold,
    schema,
    servers,
    trying,
)
from hub.entry.front import front, leave

app = front()

for room in (
    demo,
    servers,
    books,
    raw,
    evidence,
    drift,
    keys,
    look,
    schema,
    checking,
    trying,
    scaffold,
):
    room.register(app)
for name, group in (
    ("db", database),
    ("map", proposals),
    ("mappings", dictionary),
    ("adapters", reference),
    ("replays", replays),
):
    app.add_typer(group.app, name=name)
code_tables_import.register(code_tables.app)
app.add_typer(code_tables.app, name="tables")


def _show_examples(shown: typer.Typer) -> None:
    """Put each command's example into the list of commands, beside its purpose."""
    for command in shown.registered_commands:
        told = inspect.getdoc(command.callback) or ""
        example = told.partition("Example: ")[2].strip()
        command.short_help = f"{told.splitlines()[0]}  e.g. {example}"
    for group in shown.registered_groups:
        if group.typer_instance is not None:
            _show_examples(group.typer_instance)


_show_examples(app)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(leave(app, sys.argv[1:] if arguments is None else arguments))


if __name__ == "__main__":
    main()
