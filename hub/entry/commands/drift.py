"""``hub drift`` and ``hub coverage``: what moved in the traffic, and what it covers."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from hub.engine.answers import drift as answer_drift
from hub.engine.drift import decide as drift_decide
from hub.engine.drift.coverage import DAYS
from hub.engine.drift.coverage import coverage as told_coverage
from hub.engine.drift.decide import Confirmed, Row
from hub.entry import terminal
from hub.entry.assembly import open_hub
from hub.entry.settings import Settings
from hub.entry.tokens import operator
from hub.errors import RequestInvalid
from hub.mapping.code_tables.tables import RELATIONS
from hub.records.drift import CodeCount, Coverage, Drift, DriftFilter, PathCount

app = typer.Typer(
    help="漂移 / what moved in the traffic  e.g. hub drift --endpoint police-suizhou",
    add_completion=False,
)

Endpoint = Annotated[str, typer.Option(help="only of this endpoint")]
All = Annotated[bool, typer.Option("--all", help="decided and ended ones too")]
Number = Annotated[int, typer.Argument(help="number of a drift")]
By = Annotated[str, typer.Option(help="name of the person who decides")]

NAMES = {
    "code_new": "未知代码 / unknown code",
    "code_vanished": "代码消失 / code vanished",
    "code_frequent": "代码骤增 / code suddenly frequent",
    "code_rare": "代码骤减 / code suddenly rare",
    "code_renamed": "代码改写 / code renamed",
    "field_new": "新字段 / new field",
    "field_vanished": "字段消失 / field vanished",
    "field_renamed": "字段改名 / field renamed",
}
_COLUMNS = (
    "id",
    "since",
    "endpoint",
    "what",
    "where",
    "before",
    "after",
    "waiting",
    "may be",
)
#: lines of one list that a terminal is given
_SHOWN = 20


def register(root: typer.Typer) -> None:
    """Add the commands."""
    root.add_typer(app, name="drift")
    root.command("coverage")(coverage)


@app.callback(invoke_without_command=True)
def before(
    context: typer.Context, endpoint: Endpoint = "", everything: All = False
) -> None:
    """List the open drifts where no other command is named."""
    if context.invoked_subcommand is None:
        _list(context, endpoint, everything=everything)


@app.command("list")
def listed(
    context: typer.Context, endpoint: Endpoint = "", everything: All = False
) -> None:
    """列出漂移 / list what moved, with what may mend it; the same as hub drift alone.

    Example: `hub drift list --endpoint police-suizhou`
    """
    _list(context, endpoint, everything=everything)


def _list(context: typer.Context, endpoint: str, *, everything: bool) -> None:
    wanted = DriftFilter(endpoint or None, None if everything else "open")
    settings = terminal.options(context).settings()
    found = terminal.work(_found(settings, wanted))
    made = terminal.table(
        "id",
        "since",
        "endpoint",
        "what",
        "where",
        "before",
        "after",
        "waiting",
        "may be",
    )
    for one in found:
        terminal.row(made, *_cells(one, everything=everything))
    out = terminal.console()
    out.print(made if found else "没有未处理的漂移 / no open drifts")


async def _found(settings: Settings, wanted: DriftFilter) -> list[Drift]:
    async with open_hub(settings) as hub:
        if wanted.endpoint:
            hub.registry.endpoint(wanted.endpoint)
        return await answer_drift.listed(hub, operator(), wanted)


def _cells(one: Drift, *, everything: bool) -> tuple[object, ...]:
    what = NAMES.get(one.drift, one.drift)
    if everything:
        what = f"{what} ({one.state})"
    where = f"{one.path} [{one.table}] {one.code}" if one.table else one.path
    where = f"{where} → {one.other}" if one.other else where
    before = f"{one.before_count}/{one.before_of}"
    after = f"{one.after_count}/{one.after_of}"
    told = (one.id, one.first_on, one.endpoint, what, where, before, after)
    return (*told, one.waiting or "", _suggested(one))


def _suggested(one: Drift) -> str:
    told = []
    for row in one.suggestions:
        score = row.get("score")
        name = f"{row.get('code')} {row.get('name')}" if row.get("code") else ""
        told.append(f"{name or row.get('path')}" + (f" ({score})" if score else ""))
    return "；".join(told)


@app.command("confirm")
def confirm(
    context: typer.Context,
    number: Number,
    *,
    code: Annotated[str, typer.Option(help="code of the table")] = "",
    relation: Annotated[
        str, typer.Option(help=f"one of {', '.join(RELATIONS)}")
    ] = "equal",
    by: By = "",
    anyone: Annotated[
        bool, typer.Option("--any", help="the row is for every system (any.tsv)")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="show the row and write nothing")
    ] = False,
) -> None:
    """确认一个未知代码的含义 / write what an unknown code means into the crosswalk.

    Example: `hub drift confirm 12 --code CL1330101 --relation equal --by 王检察官`
    """
    settings = terminal.options(context).settings()
    row = Row(code, relation, by, anyone)
    done = terminal.work(_confirm(settings, number, row, dry_run=dry_run))
    if done is None:
        return
    out = terminal.console()
    out.print("已写入 / written", markup=False)
    replays = "  ".join(f"hub replay {one}" for one in done.failures[:_SHOWN])
    if replays:
        out.print(f"重放 replay  {replays}", markup=False)


async def _confirm(
    settings: Settings, number: int, row: Row, *, dry_run: bool
) -> Confirmed | None:
    """Show what the row would do, then write it; ``None`` where that was all."""
    async with open_hub(settings) as hub:
        tried = await drift_decide.confirm(hub, number, row, write=False)
        _show_tried(tried)
        return None if dry_run else await drift_decide.confirm(hub, number, row)


def _show_tried(tried: Confirmed) -> None:
    out = terminal.console()
    out.print(f"{tried.file.name}: {tried.line}", markup=False)
    out.print(
        f"等待该代码表的 {tried.tried} 条记录中，重放后 {tried.passing} 条可通过 / of "
        f"{tried.tried} records that wait for this table {tried.passing} would pass",
        markup=False,
    )


@app.command("dismiss")
def dismiss(
    context: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option(help="why it is nothing")] = "",
    by: By = "",
) -> None:
    """驳回一个漂移 / write down that a drift is nothing, and why.

    Example: `hub drift dismiss 12 --reason "a test of theirs" --by 王检察官`
    """
    if not by.strip():
        raise RequestInvalid("请写明处理人", "Say who decides", where="--by")
    settings = terminal.options(context).settings()
    terminal.work(_dismiss(settings, number, by, reason))
    terminal.console().print(f"已驳回 / dismissed {number}", markup=False)


async def _dismiss(settings: Settings, number: int, by: str, reason: str) -> None:
    async with open_hub(settings) as hub:
        await drift_decide.dismiss(hub, number, by, reason)


def coverage(
    context: typer.Context,
    system: Annotated[str, typer.Argument(help="whose mapping")],
    days: Annotated[int, typer.Option(help="days back, today included")] = DAYS,
    as_json: Annotated[
        bool, typer.Option("--json", help="everything, as one JSON object")
    ] = False,
) -> None:
    """一个系统的映射覆盖率 / what of a system's mapping its traffic bears out.

    Example: `hub coverage police_case --json`
    """
    settings = terminal.options(context).settings()
    found = terminal.work(_coverage(settings, system, days))
    if as_json:
        told = {**asdict(found), "has_traffic": found.has_traffic}
        sys.stdout.write(f"{json.dumps(told, ensure_ascii=False, default=str)}\n")
    else:
        _show(found)


async def _coverage(settings: Settings, system: str, days: int) -> Coverage:
    async with open_hub(settings) as hub:
        return await told_coverage(hub, operator(), system, days)


def _show(found: Coverage) -> None:
    out = terminal.console()
    if not found.has_traffic:
        out.print(
            f"{found.system}：最近 {found.asked_days} 天没有报文，无从说起 / "
            f"no traffic in the last {found.asked_days} days: nothing can be said",
            markup=False,
        )
        return
    out.print(
        f"{found.system}：{found.first_day} 至 {found.last_day}，"
        f"{found.days} 天有报文，共 {found.records} 条记录 / "
        f"{found.records} records on {found.days} days",
        markup=False,
    )
    share = found.fields_known / found.fields_seen if found.fields_seen else 0
    out.print(
        f"已映射或忽略 {found.fields_known}/{found.fields_seen} 个出现的原始字段 "
        f"({share:.1%}) / raw fields seen that are mapped or ignored",
        markup=False,
    )
    _lines("未读的原始字段 / raw fields never read", _paths(found.unread))
    _lines("未出现的已映射字段 / mapped fields never seen", _paths(found.unseen))
    _lines("未填的规范字段 / canonical fields never filled", _paths(found.unfilled))
    _lines("无规则的规范字段 / canonical fields without a rule", found.never_told)
    _lines("未对照的代码 / codes seen but unmapped", _codes(found.codes_unmapped))
    _lines("未出现的对照行 / crosswalk rows never seen", _codes(found.codes_unseen))


def _paths(found: Sequence[PathCount]) -> list[str]:
    return [
        " ".join(
            part
            for part in (
                one.path,
                f"→ {one.where}" if one.where else "",
                f"{one.count}/{one.of}" if one.count else "",
            )
            if part
        )
        for one in found
    ]


def _codes(found: Sequence[CodeCount]) -> list[str]:
    return [
        f"{one.table} {one.raw}" + (f" ×{one.count}  {one.path}" if one.count else "")
        for one in found
    ]


def _lines(title: str, told: Sequence[str]) -> None:
    out = terminal.console()
    out.print(f"\n{title}: {len(told)}", markup=False)
    for one in told[:_SHOWN]:
        out.print(f"  {one}", markup=False)
    if len(told) > _SHOWN:
        out.print(
            f"  … {len(told) - _SHOWN}（--json 显示全部 / shows all）", markup=False
        )
