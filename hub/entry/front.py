"""What stands before and behind every command: options, refusals, exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from hub.entry import terminal
from hub.errors import HubError, RequestInvalid

_debug: list[str] = []


def front() -> typer.Typer:
    """A command line without commands."""
    app = typer.Typer(
        name="hub",
        help="政法协同数据枢纽 / The agency hub: one graph over many legacy systems.",
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(before)
    return app


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


def leave(app: typer.Typer, arguments: list[str]) -> int:
    """Run one command; its exit code."""
    try:
        return int(app(arguments, prog_name="hub", standalone_mode=False) or 0)
    except (TyperException, HubError) as error:
        return _refuse(error)
    except (typer.Abort, KeyboardInterrupt):
        return terminal.INTERRUPTED
    except typer.Exit as left:
        return left.exit_code
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
