"""``hub sync``, ``failures``, ``replay`` and ``transfers``: the run book by hand."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from hub.engine import command, policy
from hub.engine.failures import Replayed
from hub.engine.lookup import look_up
from hub.engine.sync import sync_endpoint
from hub.entry import terminal
from hub.entry.assembly import open_hub
from hub.entry.settings import Settings
from hub.entry.tokens import operator
from hub.errors import NotFound, RequestInvalid, leaf
from hub.records.caller import Reach, Sight
from hub.records.page import ask
from hub.records.sync import FailureCause, FailureFilter, SyncFailure, SyncRun
from hub.records.timeline import TransferFilter, TransferRecord, TransferStep
from hub.store import reads_runs, reads_transfers

#: the operator at the keyboard: states and codes of everything, words of no case
OPERATOR = Sight(policy.OPERATOR, Reach.STATES)
STATES = (
    "QUEUED",
    "SENDING",
    "DELIVERED",
    "ACCEPTED",
    "RETURNED",
    "DEAD",
    "CANCELLED",
)

WAITING = ("QUEUED", "SENDING", "DELIVERED")
_NOT_BEFORE = "运维处理之前不再尝试 / none until an operator acts"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("sync")(sync)
    app.command("failures")(failures)
    app.command("replay")(replay)
    app.command("transfers")(transfers)


def sync(
    context: typer.Context,
    endpoint: Annotated[str, typer.Argument(help="code of an endpoint")],
    key: Annotated[
        str, typer.Option(help="ask for this one record only, by the system's own key")
    ] = "",
) -> None:
    """立即同步一个接入点 / pull what is new from one endpoint now.

    Example: `hub sync police-suizhou`
    """
    run = terminal.work(_sync(terminal.options(context).settings(), endpoint, key))
    made = terminal.table("run", "state", "fetched", "mapped", "set aside", "unchanged")
    counts = (run.fetched, run.mapped, run.set_aside, run.unchanged)
    terminal.row(made, run.id, run.state, *counts)
    terminal.console().print(made)
    if run.error_code:
        error = leaf(run.error_code)
        raise error(run.error_zh or "", run.error_en or "", where=endpoint)


async def _sync(settings: Settings, endpoint: str, key: str) -> SyncRun:
    async with open_hub(settings) as hub:
        if key:
            run_id = await look_up(hub, endpoint, key)
        else:
            run_id = await sync_endpoint(hub, endpoint, "caller")
        async with hub.database.read() as connection:
            found = await reads_runs.runs_by_ids(connection, [run_id])
        return found[run_id]


def failures(
    context: typer.Context,
    cause: Annotated[str, typer.Argument(help="show the records of this cause")] = "",
    endpoint: Annotated[str, typer.Option(help="only of this endpoint")] = "",
) -> None:
    """同步失败，按原因归并 / records set aside, grouped by cause.

    Example: `hub failures --endpoint police-suizhou`
    """
    settings = terminal.options(context).settings()
    if cause:
        _show_records(terminal.work(_records(settings, cause, endpoint)))
    else:
        _show_causes(terminal.work(_causes(settings, endpoint)))


async def _causes(settings: Settings, endpoint: str) -> list[FailureCause]:
    async with open_hub(settings) as hub:
        if endpoint:
            hub.registry.endpoint(endpoint)
        async with hub.database.read() as connection:
            found = await reads_runs.causes(connection, endpoint or None)
    return [one for one in found if one.open]


async def _records(
    settings: Settings, cause: str, endpoint: str
) -> tuple[SyncFailure, ...]:
    wanted = FailureFilter(endpoint or None, "open", cause=cause)
    async with open_hub(settings) as hub, hub.database.read() as connection:
        page = await reads_runs.failure_page(connection, wanted, ask(100, None, "id"))
    if not page.rows:
        raise NotFound(
            "没有这个原因的未结失败", "No open failure has this cause", where="CAUSE"
        )
    return page.rows


def _show_causes(found: list[FailureCause]) -> None:
    made = terminal.table("open", "endpoint", "code", "cause", "since", "what to do")
    for one in found:
        remedy = leaf(one.code).remedy
        since = terminal.moment(one.first_at, seconds=False)
        todo = f"{remedy.zh} / {remedy.en}"
        terminal.row(made, one.open, one.endpoint, one.code, one.cause, since, todo)
    out = terminal.console()
    out.print(made if found else "没有未结失败 / no open failures")


def _show_records(found: tuple[SyncFailure, ...]) -> None:
    made = terminal.table("id", "endpoint", "record", "where", "source", "what")
    for one in found:
        for fault in one.faults:
            what = f"{fault.message.zh} / {fault.message.en}"
            cells = (one.id, one.endpoint, one.source_key, fault.where, fault.source)
            terminal.row(made, *cells, what)
    terminal.console().print(made)


def replay(
    context: typer.Context,
    failed: Annotated[
        str, typer.Argument(help="id of a failure, or of a dead transfer")
    ],
    reason: Annotated[
        str, typer.Option(help="why it should come through now")
    ] = "hub replay",
) -> None:
    """重放一条失败记录或死信 / try a record set aside, or a dead letter, again.

    Example: `hub replay 17 --reason "crosswalk mended"`
    """
    number = int(failed) if failed.isascii() and failed.isdigit() else None
    key = None if number is not None else _transfer_key(failed, "FAILED")
    settings = terminal.options(context).settings()
    out = terminal.console()
    if key is not None:
        terminal.work(_resend(settings, key, reason))
        out.print("已重新排队 / queued again under the same key")
        return
    done, failure = terminal.work(_replay(settings, number or 0, reason))
    if done.is_closed:
        out.print(f"已解决 / closed by run {done.run_id}")
        return
    out.print(f"仍未解决 / still open after run {done.run_id}")
    if failure is not None:
        _show_records((failure,))
    raise typer.Exit(terminal.FAILED)


async def _replay(
    settings: Settings, failure: int, reason: str
) -> tuple[Replayed, SyncFailure | None]:
    async with open_hub(settings) as hub:
        done = await command.replay_failure(hub, operator(), failure, reason)
        async with hub.database.read() as connection:
            return done, await reads_runs.failure_by_id(connection, failure)


async def _resend(settings: Settings, key: UUID, reason: str) -> None:
    async with open_hub(settings) as hub:
        await command.replay_transfer(hub, operator(), key, reason)


def transfers(
    context: typer.Context,
    transfer: Annotated[str, typer.Argument(help="id: show its timeline")] = "",
    state: Annotated[str, typer.Option(help=f"one of {', '.join(STATES)}")] = "",
    first: Annotated[int, typer.Option(min=1, max=100, help="how many")] = 20,
) -> None:
    """移送列表或时间线 / transfers, newest first, or the timeline of one.

    Example: `hub transfers --state DEAD`
    """
    if state and state not in STATES:
        raise RequestInvalid(
            f"没有状态 {state}；可用：{'、'.join(STATES)}",
            f"There is no state {state}; known: {', '.join(STATES)}",
            where="--state",
        )
    key = _transfer_key(transfer) if transfer else None
    settings = terminal.options(context).settings()
    if key:
        one, told = terminal.work(_steps(settings, key))
        _show_transfers((one,))
        _show_trouble(one)
        _show_steps(told)
    else:
        _show_transfers(terminal.work(_transfers(settings, state, first)))


def _transfer_key(text: str, where: str = "TRANSFER") -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise RequestInvalid(
            "移送编号形如 UUID，失败编号是数字",
            "A transfer's id looks like a UUID, a failure's is a number",
            where=where,
        ) from error


async def _transfers(
    settings: Settings, state: str, first: int
) -> tuple[TransferRecord, ...]:
    wanted = TransferFilter(state=(state,) if state else None)
    newest = ask(first, None, "submitted_at", descending=True)
    async with open_hub(settings) as hub, hub.database.read() as connection:
        page = await reads_transfers.page(connection, OPERATOR, wanted, newest)
    return page.rows


async def _steps(
    settings: Settings, key: UUID
) -> tuple[TransferRecord, tuple[TransferStep, ...]]:
    async with open_hub(settings) as hub, hub.database.read() as connection:
        found = await reads_transfers.by_ids(connection, OPERATOR, [key])
        steps = await reads_transfers.steps(connection, OPERATOR, [key])
    if key not in found:
        raise NotFound("没有这个移送", "There is no such transfer", where="TRANSFER")
    return found[key], steps[key]


def _show_transfers(found: tuple[TransferRecord, ...]) -> None:
    made = terminal.table(
        "id", "node", "from", "to", "state", "tries", "submitted", "error"
    )
    for one in found:
        at = terminal.moment(one.submitted_at)
        told = (one.id, one.node, one.sender, one.receiver, one.state, one.attempts)
        terminal.row(made, *told, at, one.error_code)
    terminal.console().print(made if found else "没有移送 / no transfers")


def _show_trouble(one: TransferRecord) -> None:
    """Why it waits or died, what to do, and when it is tried again."""
    if not one.error_code:
        return
    error, out = leaf(one.error_code), terminal.console()
    out.print(f"{error.code}  {error.title.zh} / {error.title.en}", markup=False)
    out.print(f"办法 remedy  {error.remedy.zh} / {error.remedy.en}", markup=False)
    if one.state in WAITING:
        at = one.next_attempt_at
        next_try = terminal.moment(at) if at else _NOT_BEFORE
        out.print(f"下次尝试 next attempt  {next_try}", markup=False)


def _show_steps(found: tuple[TransferStep, ...]) -> None:
    made = terminal.table("at", "state", "error", "note")
    for one in found:
        at = terminal.moment(one.at)
        terminal.row(made, at, one.state, one.error_code, one.note)
    terminal.console().print(made)
