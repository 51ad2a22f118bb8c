"""``hub tables import``: the next revision of a table, or a system's crosswalk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from hub.entry import terminal
from hub.entry.commands.code_tables import (
    HOME,
    Columns,
    Folder,
    columns_of,
    read_list,
    show_diff,
    show_findings,
)
from hub.errors import RequestInvalid
from hub.mapping.code_tables.import_crosswalk import WalkOrder, plan_crosswalk
from hub.mapping.code_tables.import_table import plan
from hub.mapping.code_tables.order import Order, Plan
from hub.mapping.code_tables.sheet import gather
from hub.mapping.code_tables.write import put

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_REVISION = re.compile(r"[0-9]{1,3}|[0-9]{4}(-?[0-9]{2}(-?[0-9]{2})?)?")
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(bring_in)


def bring_in(  # noqa: PLR0917 - options of a command
    table: Annotated[str, typer.Argument(help="the table, as in division")],
    file: Annotated[Path, typer.Argument(help="the list: CSV or TSV")],
    revision: Annotated[
        str, typer.Option(help="its revision: 2024, 202406 or a running number")
    ] = "",
    source: Annotated[str, typer.Option(help="where the list is from")] = "",
    system: Annotated[
        str, typer.Option(help="bring in this system's crosswalk instead")
    ] = "",
    column: Columns = None,
    standard: Annotated[str, typer.Option(help="the standard; else as before")] = "",
    licence: Annotated[str, typer.Option(help="its licence; else as before")] = "",
    since: Annotated[
        str, typer.Option("--from", help="the day from which it counts")
    ] = "",
    withdraw: Annotated[
        str, typer.Option(help="the last day of codes that the list leaves out")
    ] = "",
    renamed: Annotated[
        list[str] | None,
        typer.Option(help="a code shown as reused that is only renamed; repeatable"),
    ] = None,
    folder: Folder = HOME,
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="over the revision or rows there are")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="all rows, not the first 20 of a kind")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="write the files")] = False,
) -> None:
    """导入代码表新版本或对照表 / bring in a table's next revision or a crosswalk.

    Shows what changes; writes only with --write, and nothing that check would refuse.

    Example: `hub tables import division 2024.csv --revision 2024 --source "MCA list"`
    """
    _asked_well(table, revision, source, system)
    files, told = gather(folder), read_list(file)
    ours = columns_of(column)
    if system:
        walk = WalkOrder(table, system, source, ours, standard, licence, replace)
        found = plan_crosswalk(files, walk, told, file.name)
    else:
        told_of = (table, revision, source, ours, standard, licence, since, withdraw)
        order = Order(*told_of, replace=replace, renamed=frozenset(renamed or ()))
        found = plan(files, order, told, file.name)
    _show(found, None if everything else _SHOWN)
    _finish(found, folder, write=write)


def _asked_well(table: str, revision: str, source: str, system: str) -> None:
    """Raises ``RequestInvalid`` for a name that can be no file, or one left out."""
    for where, told, shape in (
        ("TABLE", table, _NAME),
        ("--revision", revision, _REVISION),
        ("--system", system, _NAME),
    ):
        is_asked = where != ("--revision" if system else "--system")
        if is_asked and not shape.fullmatch(told):
            raise RequestInvalid(
                f"{where} 缺失或写法不对",
                f"{where} is missing or malformed",
                where=where,
            )
    if not source and not system:
        raise RequestInvalid(
            "请用 --source 说明来源",
            "Say with --source where the list is from",
            where="--source",
        )


def _show(found: Plan, limit: int | None) -> None:
    out = terminal.console()
    if found.diff is not None:
        show_diff(found.diff, limit)
    for code, heir in found.heirs.items():
        out.print(
            f"可能的后继 perhaps its successor: {code} → {heir}（同名 same name）",
            markup=False,
        )
    if found.left:
        told = "、".join(found.left)
        out.print(f"未取用的列 / columns not taken: {told}", markup=False)
    show_findings(found.findings)


def _finish(found: Plan, folder: Path, *, write: bool) -> None:
    out = terminal.console()
    if found.is_refused:
        out.print("未写入：请先更正上列错误 / nothing written: mend the faults above")
        raise typer.Exit(terminal.FAILED)
    if not write:
        names = "、".join(found.files)
        out.print(
            f"未写入；加 --write 写入 / not written, add --write: {names}", markup=False
        )
        return
    for path in put(folder, found.files):
        out.print(f"已写入 written: {path}", markup=False, soft_wrap=True)
