"""How the command line speaks: results on stdout, errors on stderr, both languages.

A ``HubError`` is told with its code, place, reasons and remedy, never as a traceback.
Exit codes: 0 done; 1 refused or failed; 2 asked wrongly; 130 interrupted.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.exceptions import TyperException

from hub.entry.logs import configure, place_of
from hub.entry.settings import Logs, Settings, load_settings
from hub.errors import HubError, RequestInvalid

Result = TypeVar("Result")
FAILED, MISUSED, INTERRUPTED = 1, 2, 130
_LOCAL = ZoneInfo("Asia/Shanghai")
_WIDE = 200  # a pipe has no width; nobody wants lines broken in a log


def console(*, errors: bool = False) -> Console:
    """Where to write; made anew each time, since tests replace the streams."""
    stream = sys.stderr if errors else sys.stdout
    width = None if stream.isatty() else _WIDE
    return Console(file=stream, width=width, highlight=False)


@dataclass(frozen=True, slots=True)
class Options:
    """What stands before the command: ``hub --config FILE COMMAND``."""

    config: Path | None = None

    def settings(self) -> Settings:
        """The settings; a one-shot command logs only what is wrong."""
        settings = load_settings(self.config)
        configure(Logs("warning", json=settings.logs.json))
        return settings


def options(context: typer.Context) -> Options:
    """The options of this call."""
    return cast("Options", context.obj or Options())


def work(task: Coroutine[object, object, Result]) -> Result:
    """Run one piece of work to its end."""
    return asyncio.run(task)


def table(*columns: str, title: str = "") -> Table:
    """A plain table that reads well in a terminal and in a file."""
    made = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def row(made: Table, *cells: object) -> None:
    """Add a row; cells are texts, not markup."""
    made.add_row(*(escape("" if cell is None else str(cell)) for cell in cells))


def account() -> str:
    """The account at the machine; by number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def plain(text: str) -> str:
    """No byte of a stranger's record may steer the terminal."""
    return "".join(
        one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text
    )


def moment(at: datetime, *, seconds: bool = True) -> str:
    """A moment in the agencies' own time, with its offset, as the console shows it."""
    form = "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    return f"{at.astimezone(_LOCAL):{form}} +08:00"


def tell(error: HubError) -> None:
    """Say what is wrong, where, and what to do."""
    out = console(errors=True)
    out.print(
        f"[bold red]错误 error[/] [bold]{error.code}[/]  "
        f"{escape(error.message.zh)} / {escape(error.message.en)}"
    )
    if error.where:
        out.print(f"  位置 where   {escape(error.where)}")
    for fault in error.faults:
        out.print(
            f"  - {escape(fault.where)}: "
            f"{escape(fault.message.zh)} / {escape(fault.message.en)}"
        )
    out.print(f"  办法 remedy  {escape(error.remedy.zh)} / {escape(error.remedy.en)}")
    out.print(f"  说明 page    docs/errors/{error.code.lower()}.md")


def misuse(error: TyperException) -> RequestInvalid:
    """A wrong command line as an error of the house."""
    named = getattr(error, "option_name", "") or getattr(error, "param_hint", "") or ""
    parameter = getattr(error, "param", None)
    if not named and parameter is not None:
        named = str(parameter.name or "").upper()
    words = {
        "NoSuchOption": "没有这个选项",
        "MissingParameter": "缺少参数",
        "BadParameter": "参数的值无效",
    }
    zh = words.get(type(error).__name__, "命令用法有误，运行 hub --help 查看全部命令")
    zh += f" {named}" if named and type(error).__name__ in words else ""
    near = getattr(error, "possibilities", None)
    zh += f"，是否应为 {'、'.join(near)}？" if near else ""
    context = getattr(error, "ctx", None)
    where = f"{context.command_path if context else 'hub'} {named}".strip()
    return RequestInvalid(zh, error.format_message(), where=where)


def tell_unexpected(error: BaseException) -> None:
    """An error nobody foresaw: its type and place, without words of the data."""
    out = console(errors=True)
    place = place_of(error.__traceback__)
    out.print(
        f"[bold red]错误 error[/] [bold]HUB[/]  内部错误 / Internal error: "
        f"{type(error).__name__} at {place}"
    )
    out.print(
        "  办法 remedy  用 hub --debug 重新运行并报告 / run again with hub --debug, "
        "report it"
    )
