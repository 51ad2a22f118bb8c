"""``hub tables``: the code tables listed, checked and held against each other."""

from __future__ import annotations

import calendar
import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from hub.entry import terminal
from hub.entry.assembly import MAPPINGS
from hub.errors import RequestInvalid
from hub.mapping.code_tables.check import check as check_tables
from hub.mapping.code_tables.diff import TITLES, Diff, diff, standing
from hub.mapping.code_tables.import_crosswalk import WalkOrder, plan_crosswalk
from hub.mapping.code_tables.import_table import beside
from hub.mapping.code_tables.order import Order
from hub.mapping.code_tables.sheet import Finding, day_text, gather
from hub.mapping.code_tables.table import Table
from hub.mapping.code_tables.tables import Tables

app = typer.Typer(
    help="代码表 / code tables  e.g. hub tables check",
    no_args_is_help=True,
    add_completion=False,
)

Folder = Annotated[
    Path, typer.Option(help="the folder of the code tables", show_default=False)
]
Columns = Annotated[
    list[str] | None,
    typer.Option(help="our column = the list's own, as in code=代码; may be repeated"),
]
AsJson = Annotated[bool, typer.Option("--json", help="for machines")]
HOME = MAPPINGS / "tables"
_SHOWN = 20


@app.command("list")
def listed(
    name: Annotated[str, typer.Argument(help="show the rows of this table")] = "",
    folder: Folder = HOME,
) -> None:
    """列出代码表或其内容 / list the code tables, or one table's rows.

    Example: `hub tables list division`
    """
    found = Tables.load(folder)
    if name:
        _rows(found, name)
        return
    made = terminal.table("table", "revisions", "rows", "crosswalks")
    for known in found.names:
        table = found.table(known)
        walks = [walk.system for walk in found.crosswalks if walk.table == known]
        revisions = " ".join(found.revisions(known))
        terminal.row(made, known, revisions, len(table.rows), " ".join(walks))
    terminal.console().print(made)


def _rows(found: Tables, name: str) -> None:
    made = terminal.table("code", "中文", "English")
    for one in found.table(name).rows:
        terminal.row(made, one.code, one.name_zh, one.name_en)
    terminal.console().print(made)


@app.command("check")
def check(
    name: Annotated[str, typer.Argument(help="only this table")] = "",
    folder: Folder = HOME,
    *,
    as_json: AsJson = False,
) -> None:
    """核对代码表、版本、对照表和历史 / tell all that is wrong with the code tables.

    Faults stop the hub's start and make the exit code 1; warnings do not.

    Example: `hub tables check crime`
    """
    files = gather(folder)
    tables = Tables.of(files)
    if name:
        tables.table(name)
    systems = [path.stem for path in folder.parent.glob("*.yaml")]
    found = check_tables(files, name, systems)
    faults = sum(1 for one in found if one.stops)
    if as_json:
        _print_json([_finding(one) for one in found])
    else:
        show_findings(found)
        terminal.console().print(
            f"代码表 {1 if name else len(tables.names)} 个，错误 {faults} 处，"
            f"警告 {len(found) - faults} 处 / {faults} faults, "
            f"{len(found) - faults} warnings"
        )
    raise typer.Exit(terminal.FAILED if faults else 0)


def _finding(one: Finding) -> dict[str, object]:
    told = {"zh": one.message.zh, "en": one.message.en}
    return {"where": one.where, "stops": one.stops, "message": told}


def show_findings(found: tuple[Finding, ...]) -> None:
    """Each fault and warning with its place and what to do."""
    out = terminal.console()
    for one in found:
        kind = "错误 fault  " if one.stops else "警告 warning"
        told = f"{kind}  {one.where}: {one.message.zh} / {one.message.en}"
        out.print(told, markup=False, soft_wrap=True)


@app.command("diff")
def differ(  # noqa: PLR0917 - options of a command
    name: Annotated[str, typer.Argument(help="the table, as in division")],
    old: Annotated[str, typer.Argument(help="a revision, or a day: 2005-06-01")] = "",
    new: Annotated[str, typer.Argument(help="the same; else the newest one")] = "",
    against: Annotated[
        Path | None,
        typer.Option("--with", help="a list, CSV or TSV, held against the table"),
    ] = None,
    system: Annotated[
        str, typer.Option(help="with --with: the list is this system's crosswalk")
    ] = "",
    column: Columns = None,
    folder: Folder = HOME,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="all rows, not the first 20 of a kind")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """比较一个代码表的两个版本或两个日期 / what changed between two states of a table.

    Example: `hub tables diff division 2008-12-31 2009-12-31`
    """
    tables = Tables.load(folder)
    if against is not None:
        found = _with(folder, name, old, against, system, columns_of(column))
    else:
        found = _states(tables, name, old, new)
    if as_json:
        _print_json({"table": name, **as_plain(found)})
    else:
        show_diff(found, None if everything else _SHOWN)


def columns_of(told: list[str] | None) -> dict[str, str]:
    """``code=代码`` and so on as a mapping. Raises ``RequestInvalid``."""
    found = {}
    for one in told or ():
        ours, sign, theirs = one.partition("=")
        if not (ours and sign and theirs):
            raise RequestInvalid(
                "应写成 --column code=代码",
                "Write it like --column code=NAME",
                where="--column",
            )
        found[ours.strip()] = theirs.strip()
    return found


def read_list(path: Path) -> bytes:
    """The bytes of a list. Raises ``RequestInvalid`` where there is none."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise RequestInvalid(
            f"无法读取文件：{error.strerror}",
            f"The file cannot be read: {error.strerror}",
            where=str(path),
        ) from error


def _with(  # noqa: PLR0917 - what the command was asked
    folder: Path,
    name: str,
    old: str,
    path: Path,
    system: str,
    columns: dict[str, str],
) -> Diff:
    told, files = read_list(path), gather(folder)
    if system:
        Tables.of(files).table(name)
        walk = WalkOrder(name, system, columns=columns, replace=True)
        found = plan_crosswalk(files, walk, told, path.name)
    else:
        order = Order(name, old, "", columns, since=date.today().isoformat())  # noqa: DTZ011 - a day
        found = beside(Tables.of(files), order, told, path.name)
    if found.diff is None:
        show_findings(found.findings)
        raise typer.Exit(terminal.FAILED)
    return found.diff


def _states(tables: Tables, name: str, old: str, new: str) -> Diff:
    """Between two revisions or days; the last two revisions where none is named."""
    newest = tables.table(name)
    if not old and len(tables.revisions(name)) == 1:
        raise RequestInvalid(
            "此代码表只有一个版本；请给出两个日期，或用 --with 给出文件",
            "The table has one revision; name two days, or a list with --with",
            where=name,
        )
    before = _state(tables, name, old) if old else newest.older[0]
    return diff(before, _state(tables, name, new) if new else newest)


def _state(tables: Tables, name: str, told: str) -> Table:
    """A revision by its name, else the table as it stood at the end of a period."""
    if told in tables.revisions(name):
        return tables.table(name, told)
    parts = [int(one) for one in day_text(told).split("-") if one]
    if not parts:
        known = ", ".join(tables.revisions(name))
        raise RequestInvalid(
            f"既不是版本（{known}）也不是日期",
            f"Neither a revision ({known}) nor a day",
            where=told,
        )
    year, month, day = [*parts, 12, 0][:3] if len(parts) < 3 else parts
    last = calendar.monthrange(year, month)[1]
    return standing(tables.table(name), date(year, month, min(day or last, last)))


def as_plain(found: Diff) -> dict[str, object]:
    """A diff for machines."""
    return {
        "old": found.old,
        "new": found.new,
        "counts": dict(found.counts),
        "changes": [
            {
                "kind": one.kind,
                "code": one.code,
                "old": one.old,
                "new": one.new,
                "codes": list(one.codes),
                "why": one.why,
            }
            for one in found.changes
        ],
    }


def show_diff(found: Diff, limit: int | None) -> None:
    """The counts, then the rows of each kind."""
    out = terminal.console()
    out.print(f"{found.old or '-'} → {found.new or '-'}", markup=False)
    if not found.changes:
        out.print("没有差异 / nothing changed")
    for kind, count in found.counts.items():
        title = TITLES[kind]
        made = terminal.table("code", "old", "new", "codes", "why")
        for one in found.of(kind)[:limit]:
            codes = " ".join(one.codes)
            terminal.row(made, one.code, one.old, one.new, codes, one.why)
        out.print(f"\n{title.zh} {title.en}: {count}", markup=False)
        out.print(made)
        if limit is not None and count > limit:
            out.print(f"  另有 {count - limit} 行 / more rows: --all")


def _print_json(told: object) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
