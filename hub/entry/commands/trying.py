"""``hub try`` and ``hub record``: an adapter against a real or simulated endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from hub.check.house import House
from hub.check.trial import Attempt, Trial, try_page
from hub.contract.endpoint import Endpoint
from hub.engine.registry import load_manifests
from hub.entry import terminal
from hub.entry.place import ADAPTERS, MAPPINGS, ROOT
from hub.entry.settings import Settings
from hub.entry.simulated import simulated
from hub.entry.trial_pages import Screen
from hub.errors import NotFound, RequestInvalid
from hub.mapping.load import Mappings, SystemMapping
from hub.mapping.tables import Tables

_KEYS = 8


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("try")(try_)


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
    if trial.error is None and trial.page is None:
        raise NotFound(
            f"只有 {trial.pages} 页", f"There are {trial.pages} pages", where="--page"
        )
    if trial.error is not None or not all(one.is_well for one in trial.attempts):
        raise typer.Exit(terminal.FAILED)


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
