"""The command line: ``hub --help`` lists every command, each with an example."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from hub.entry import terminal
from hub.entry.commands import (
    books,
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
    replays,
    scaffold,
    schema,
    servers,
)
from hub.errors import HubError, RequestInvalid

app = typer.Typer(
    name="hub",
    help="政法协同数据枢纽 / The agency hub: one graph over many legacy systems.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def before(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            help="settings file; else HUB_CONFIG, var/demo/hub.toml, hub.toml"
        ),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="show the traceback of an internal error")
    ] = False,
) -> None:
    """Take the options that stand before the command."""
    context.obj = terminal.Options(config)
    _debug.clear()
    _debug.extend(["debug"] if debug else [])


_debug: list[str] = []

for room in (demo, servers, books, raw, evidence, drift, keys, look, schema, scaffold):
    room.register(app)
for name, group in (
    ("db", database),
    ("map", proposals),
    ("mappings", dictionary),
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
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: list[str]) -> int:
    try:
        return int(app(arguments, prog_name="hub", standalone_mode=False) or 0)
    except (TyperException, HubError) as error:
        return _refuse(error)
    except (typer.Abort, KeyboardInterrupt):
        return terminal.INTERRUPTED
    except typer.Exit as leave:
        return leave.exit_code
    except Exception as error:
        if _debug:
            raise
        terminal.tell_unexpected(error)
        return terminal.FAILED


def _refuse(error: TyperException | HubError) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stdout.write(f"{error}\n")
        return 0
    told = terminal.misuse(error) if isinstance(error, TyperException) else error
    terminal.tell(told)
    return terminal.MISUSED if isinstance(told, RequestInvalid) else terminal.FAILED


if __name__ == "__main__":
    main()
