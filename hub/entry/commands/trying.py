"""``hub try`` and ``hub record``: an adapter against a real or simulated endpoint."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from hub.check.house import House
from hub.check.keep import CASES, chosen, keep
from hub.check.recording import Recorder
from hub.check.trial import Attempt, Trial, first_pages, try_page
from hub.contract.endpoint import Endpoint
from hub.engine.registry import adapter_class, load_manifests
from hub.entry import terminal
from hub.entry.place import ADAPTERS, MAPPINGS, ROOT
from hub.entry.settings import Settings
from hub.entry.simulated import simulated
from hub.entry.trial_pages import Screen
from hub.errors import NotFound, RequestInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings, SystemMapping

_KEYS = 8

_PLANTED = (
    "模拟系统故意放入几条坏数据，上面的错误可能正是它们 / "
    "the simulator plants a few bad records on purpose: these errors may be theirs"
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("try")(try_)
    app.command("record")(record_)


def try_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="a system")],
    page: Annotated[int, typer.Option(help="which page of the pull", min=1)] = 1,
    endpoint: Annotated[
        str, typer.Option(help="code of an endpoint; else the system's simulator")
    ] = "",
    record: Annotated[
        str, typer.Option(help="key of the record to show; else the first")
    ] = "",
) -> None:
    """试拉一页，逐步显示，不存任何内容 / pull one page and show it all, keep nothing.

    Example: `hub try police_case --page 1`
    """
    settings = terminal.options(context).settings()
    House(ROOT).asked(name)
    with the_endpoint(settings, name, endpoint) as found:
        trial = terminal.work(_try(found, name, page))
        chosen = choose(trial.attempts, record)
        Screen(tuple(filter(None, found.secrets.values()))).show(trial, chosen)
        is_ours = found not in settings.endpoints
    if is_ours and any(not one.is_well for one in trial.attempts):
        terminal.console().print(_PLANTED, markup=False)
    if trial.error is None and trial.page is None:
        raise NotFound(
            f"只有 {trial.pages} 页", f"There are {trial.pages} pages", where="--page"
        )
    if trial.error is not None or not all(one.is_well for one in trial.attempts):
        raise typer.Exit(terminal.FAILED)


def record_(  # noqa: PLR0917 - as the command line names them
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="a system")],
    case: Annotated[
        str, typer.Option(help="minimal, full or ugly; else all three")
    ] = "",
    key: Annotated[str, typer.Option(help="the record with this key")] = "",
    endpoint: Annotated[
        str, typer.Option(help="code of an endpoint; else the system's simulator")
    ] = "",
    pages: Annotated[int, typer.Option(help="pages to choose from", min=1)] = 3,
    replace: Annotated[
        bool, typer.Option("--replace", help="write over a fixture that is there")
    ] = False,
) -> None:
    """录制样例，个人信息全部遮蔽 / keep records as fixtures, masked for good.

    Example: `hub record police_case --case full`
    """
    if case and case not in CASES:
        raise RequestInvalid(
            f"应为 {'、'.join(CASES)} 之一",
            f"one of {', '.join(CASES)}",
            where="--case",
        )
    settings = terminal.options(context).settings()
    # A core dump would hold what is masked nowhere else but in memory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    house = House(ROOT)
    house.asked(name)
    with the_endpoint(settings, name, endpoint) as found:
        attempts = terminal.work(_pulled(found, name, pages))
    recorder = _recorder(name, found)
    recorder.learn([one.record for one in attempts])
    wanted = (case,) if case else (("full",) if key else CASES)
    for one in wanted:
        pick = choose(attempts, key) if key else chosen(attempts, one)
        assert pick is not None  # noqa: S101 - a key gives a record or raises
        masked = recorder.masked(pick.record)
        folder = house.evidence / name / "fixtures"
        path = keep(folder, masked, one, replace=replace)
        terminal.console().print(f"已写入 / written: {house.told(path)}", markup=False)
    terminal.console().print(
        "核对后运行 hub golden --write / look at it, then run hub golden --write"
    )


def _recorder(system: str, endpoint: Endpoint) -> Recorder:
    manifest = load_manifests(ADAPTERS)[system]
    kind = adapter_class(manifest)
    tables = Tables.load(MAPPINGS / "tables")
    return Recorder.of(kind(endpoint, manifest), the_mapping(endpoint), tables)


async def _pulled(endpoint: Endpoint, system: str, pages: int) -> list[Attempt]:
    """The records of the first pages; raises what the far side's failure raises."""
    manifest = load_manifests(ADAPTERS)[system]
    mapping = the_mapping(endpoint)
    adapter = adapter_class(manifest)(endpoint, manifest)
    async with adapter:
        return await first_pages(adapter, mapping, pages)


async def _try(endpoint: Endpoint, system: str, page: int) -> Trial:
    manifest = load_manifests(ADAPTERS)[system]
    mapping = the_mapping(endpoint)
    return await try_page(endpoint, manifest, mapping, page)


def the_mapping(endpoint: Endpoint) -> SystemMapping:
    """The mapping of an endpoint's system, as it speaks; another's is not read."""
    tables = Tables.load(MAPPINGS / "tables")
    mappings = Mappings.load(MAPPINGS, tables, only=(endpoint.system,))
    return mappings.system(endpoint.system, endpoint.code)


@contextmanager
def the_endpoint(settings: Settings, system: str, code: str) -> Iterator[Endpoint]:
    """The endpoint that is meant; the simulator's where none is configured."""
    configured = [one for one in settings.endpoints if one.system == system]
    if code:
        yield _named(configured, code, system)
    elif len(configured) > 1:
        raise RequestInvalid(
            f"系统 {system} 有多个接入点，请用 --endpoint 指定："
            + "、".join(one.code for one in configured),
            f"{system} has several endpoints, name one with --endpoint: "
            + ", ".join(one.code for one in configured),
            where="--endpoint",
        )
    elif configured:
        yield configured[0]
    else:
        with simulated(system) as found:
            yield found


def _named(configured: Sequence[Endpoint], code: str, system: str) -> Endpoint:
    for one in configured:
        if one.code == code:
            return one
    known = ", ".join(one.code for one in configured) or "-"
    raise NotFound(
        f"系统 {system} 没有接入点 {code}；已配置：{known}",
        f"{system} has no endpoint {code}; configured: {known}",
        where="--endpoint",
    )


def choose(attempts: Sequence[Attempt], key: str) -> Attempt | None:
    """The record with this key, else the first; raises ``NotFound``."""
    if not key:
        return attempts[0] if attempts else None
    for one in attempts:
        if one.record.key == key:
            return one
    keys = [one.record.key for one in attempts[:_KEYS]]
    raise NotFound(
        f"此页没有这条记录；页中的标识如：{'、'.join(keys)}",
        f"This page has no such record; some of its keys: {', '.join(keys)}",
        where="--record",
    )
