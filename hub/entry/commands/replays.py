"""``hub replays``: stored records read again by the rules of now."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from hub.engine import command
from hub.engine.answers import replays as answer_replays
from hub.engine.replays import Wanted, not_found
from hub.entry import terminal
from hub.entry.assembly import open_hub
from hub.entry.settings import Settings
from hub.entry.tokens import operator
from hub.errors import leaf
from hub.records.page import ask
from hub.records.replay import AffectedCaller, ReplayItem, ReplayJob

app = typer.Typer(
    help="按现行规则重读已存记录 / read stored records again by the rules of now"
    "  e.g. hub replays start, hub replays show 3",
    no_args_is_help=True,
    add_completion=False,
)

_Job = Annotated[int, typer.Argument(help="id of a replay", min=1)]
_LOOK = 0.5  # seconds between two looks at a job that is under way
_ACTIVE = "running"


@app.command("start")
def start(
    context: typer.Context,
    *,
    reason: Annotated[str, typer.Option(help="why; receivers of corrections read it")],
    endpoint: Annotated[
        list[str] | None, typer.Option(help="of this endpoint; may be repeated")
    ] = None,
    kind: Annotated[str, typer.Option(help="of this kind of record")] = "",
    cause: Annotated[str, typer.Option(help="whose open failure has this cause")] = "",
    case: Annotated[
        list[str] | None, typer.Option(help="of this case, by any number; repeatable")
    ] = None,
    everything: Annotated[
        bool, typer.Option(help="also what was read by the rules of now")
    ] = False,
    wait: Annotated[
        bool, typer.Option(help="stay and show how far the worker has come")
    ] = False,
) -> None:
    """启动重放 / read again what was read by other rules; a worker does it.

    Example: `hub replays start --endpoint police-suizhou --reason "measures mended"`
    """
    wanted = Wanted(
        tuple(endpoint or ()),
        kind or None,
        cause or None,
        tuple(case or ()),
        everything,
    )
    settings = terminal.options(context).settings()
    _show_jobs((terminal.work(_start(settings, wanted, reason, wait=wait)),))


async def _start(
    settings: Settings, wanted: Wanted, reason: str, *, wait: bool
) -> ReplayJob:
    async with open_hub(settings) as hub:
        key = await command.start_replay(hub, operator(), wanted, reason)
        found = await answer_replays.job(hub, operator(), key)
        while wait and found is not None and found.state == _ACTIVE:
            _tell(found)
            await asyncio.sleep(_LOOK)
            found = await answer_replays.job(hub, operator(), key)
    return _there(found)


def _tell(job: ReplayJob) -> None:
    terminal.console(errors=True).print(
        f"{job.done}/{job.total}  改变 changed {job.changed}  "
        f"新失败 failed {job.failed}  已修复 mended {job.closed}",
        markup=False,
    )


def _there(found: ReplayJob | None) -> ReplayJob:
    if found is None:
        raise not_found()
    return found


@app.command("list")
def list_jobs(
    context: typer.Context,
    first: Annotated[int, typer.Option(min=1, max=100, help="how many")] = 20,
) -> None:
    """重放任务列表 / replays, newest first, and how far they have come.

    Example: `hub replays list`
    """
    _show_jobs(terminal.work(_list(terminal.options(context).settings(), first)))


async def _list(settings: Settings, first: int) -> tuple[ReplayJob, ...]:
    newest = ask(first, None, "replay_job", descending=True)
    async with open_hub(settings) as hub:
        return (await answer_replays.jobs(hub, operator(), newest)).rows


@app.command("show")
def show(
    context: typer.Context,
    job: _Job,
    first: Annotated[int, typer.Option(min=1, max=100, help="how many records")] = 20,
) -> None:
    """查看一个重放任务 / what a replay changed and who is touched; no values.

    Example: `hub replays show 3`
    """
    settings = terminal.options(context).settings()
    found, items, callers, transfers = terminal.work(_show(settings, job, first))
    _show_jobs((found,))
    out = terminal.console()
    out.print(f"理由 reason  {found.reason}", markup=False)
    if found.error_code:
        error = leaf(found.error_code)
        out.print(f"{error.code}  {error.title.zh} / {error.title.en}", markup=False)
        out.print(f"办法 remedy  {error.remedy.zh} / {error.remedy.en}", markup=False)
    _show_items(items)
    _show_callers(callers)
    for key in transfers:
        out.print(f"涉及移送 hand-over  {key}", markup=False)


_Whole = tuple[
    ReplayJob, tuple[ReplayItem, ...], tuple[AffectedCaller, ...], tuple[str, ...]
]


async def _show(settings: Settings, key: int, first: int) -> _Whole:
    me = operator()
    async with open_hub(settings) as hub:
        found = _there(await answer_replays.job(hub, me, key))
        wanted = ask(first, None, "replay_item")
        items = await answer_replays.items(hub, me, key, wanted)
        callers = await answer_replays.callers(hub, me, key)
        transfers = await answer_replays.hand_overs(hub, me, key)
    return found, items.rows, tuple(callers), tuple(map(str, transfers))


@app.command("pause")
def pause(context: typer.Context, job: _Job) -> None:
    """暂停重放 / hold a replay after the page under way.

    Example: `hub replays pause 3`
    """
    _turn(context, "pause_replay", job)


@app.command("resume")
def resume(context: typer.Context, job: _Job) -> None:
    """继续重放 / go on with a replay that was paused.

    Example: `hub replays resume 3`
    """
    _turn(context, "resume_replay", job)


@app.command("cancel")
def cancel(context: typer.Context, job: _Job) -> None:
    """取消重放 / give a replay up; what is done stands.

    Example: `hub replays cancel 3`
    """
    _turn(context, "cancel_replay", job)


def _turn(context: typer.Context, thing: str, job: int) -> None:
    settings = terminal.options(context).settings()
    _show_jobs((terminal.work(_turned(settings, thing, job)),))


async def _turned(settings: Settings, thing: str, key: int) -> ReplayJob:
    async with open_hub(settings) as hub:
        await command.turn_replay(hub, operator(), thing, key)
        return _there(await answer_replays.job(hub, operator(), key))


def _show_jobs(found: tuple[ReplayJob, ...]) -> None:
    made = terminal.table(
        "id", "state", "done", "changed", "failed", "mended", "notices", "started", "by"
    )
    for one in found:
        at = terminal.moment(one.started_at)
        done = f"{one.done}/{one.total}"
        counts = (one.changed, one.failed, one.closed, one.notices)
        terminal.row(made, one.id, one.state, done, *counts, at, one.started_by)
    terminal.console().print(made if found else "没有重放任务 / no replays")


def _show_items(found: tuple[ReplayItem, ...]) -> None:
    if not found:
        return
    made = terminal.table("endpoint", "record", "outcome", "facets", "fields")
    for one in found:
        facets = f"{one.facet_before or '-'} → {one.facet_after or '-'}"
        cells = (one.endpoint, one.source_key, one.outcome, facets)
        terminal.row(made, *cells, ", ".join(one.paths))
    terminal.console().print(made)


def _show_callers(found: tuple[AffectedCaller, ...]) -> None:
    if not found:
        return
    made = terminal.table("caller", "cases", "read", "received", "acknowledged")
    for one in found:
        counts = (one.cases, one.read, one.received, one.acknowledged)
        terminal.row(made, one.caller, *counts)
    terminal.console().print(made)
