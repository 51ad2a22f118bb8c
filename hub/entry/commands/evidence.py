"""``hub explain``, ``verify`` and ``losses``: what values rest on, and what is lost."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from hub.engine.answers import runs as answer_runs
from hub.engine.lineage import explain as explain_value
from hub.engine.spelling import SCHEMES, spellings
from hub.engine.verify import Verified
from hub.engine.verify import verify as verify_endpoint
from hub.entry import terminal
from hub.entry.assembly import open_hub
from hub.entry.commands.books import OPERATOR
from hub.entry.settings import Settings
from hub.entry.tokens import operator
from hub.errors import NotFound
from hub.records.caller import Reach, Sight
from hub.records.lineage import Lineage
from hub.records.sync import Loss, LossFilter
from hub.store import reads_cases

#: the operator at the keyboard finds any case by its number; words follow on the books
_ANY = Sight(OPERATOR.agency, Reach.ALL)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("explain")(explain)
    app.command("verify")(verify)
    app.command("losses")(losses)


def explain(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="any number of the case")],
    path: Annotated[str, typer.Argument(help="the field: persons[0].birthDate")],
    endpoint: Annotated[
        str, typer.Option(help="what this endpoint tells, also where it lost")
    ] = "",
) -> None:
    """一个值的来路，逐步显示（留有记录） / where a value comes from, step by step.

    Example: `hub explain A4213810000002023089001 persons[0].birthDate`
    """
    settings = terminal.options(context).settings()
    _show(terminal.work(_explain(settings, case, path, endpoint)))


async def _explain(
    settings: Settings, number: str, path: str, endpoint: str
) -> Lineage:
    async with open_hub(settings) as hub:
        async with hub.database.read() as connection:
            case = await reads_cases.by_number(
                connection, _ANY, spellings(number), SCHEMES
            )
        if case is None:
            raise NotFound(
                "没有这个案号的案件", "There is no case with this number", where="CASE"
            )
        found = await explain_value(hub, case.id, path, terminal.account(), endpoint)
    if found is None:
        raise NotFound(
            "没有任何机关讲述这个字段",
            "No agency tells anything at this path",
            where="PATH",
        )
    return found


def _show(found: Lineage) -> None:
    out = terminal.console()
    made = terminal.table("", "")
    told = {
        "value": f"{_text(found.value)}  ({found.outcome})",
        "told by": f"{found.endpoint}, facet {found.facet}: {found.told_at}",
        "raw record": f"{found.raw_id}  sha256 {found.raw_digest.hex()}",
        "fetched": terminal.moment(found.fetched_at),
        "mapped": terminal.moment(found.mapped_at),
        "rule": f"{found.mapping} revision {found.mapping_revision}: {found.rule}",
        "table": f"{found.table} {found.table_revision}".strip() or "-",
        "adapter": found.adapter_version,
        "rules in force": "是 yes" if found.is_current else "否，请重放 no, replay",
        "reproduced": "是 yes" if found.is_reproduced else "否 NO",
    }
    for name, text in told.items():
        terminal.row(made, name, text)
    out.print(made)
    _show_places(found)


def _show_places(found: Lineage) -> None:
    places = terminal.table("place", "in", "path", "line", "what stands there")
    for one in found.places:
        told = (
            "（无 / nothing）" if one.fragment is None else terminal.plain(one.fragment)
        )
        terminal.row(places, one.place, one.part, one.path, one.line or "", told)
    steps = terminal.table("step", "value", "note")
    for step in found.steps:
        terminal.row(steps, step.name, _text(step.value), step.note)
    terminal.console().print(places)
    terminal.console().print(steps)


def _text(value: object) -> str:
    if isinstance(value, str):
        return terminal.plain(value)
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def verify(
    context: typer.Context,
    endpoint: Annotated[str, typer.Argument(help="code of an endpoint")],
    most: Annotated[
        int, typer.Option(help="how many records at most; 0: all", min=0)
    ] = 0,
) -> None:
    """核对每个值能否由原始字节重新得出 / prove every value by its raw bytes.

    Example: `hub verify police-suizhou`
    """
    settings = terminal.options(context).settings()
    found = terminal.work(_verify(settings, endpoint, most))
    out = terminal.console()
    made = terminal.table("records", "values", "by older rules", "broken")
    counts = (found.records, found.values, found.older, len(found.broken))
    terminal.row(made, *counts)
    out.print(made)
    if not found.broken:
        return
    bad = terminal.table("record", "raw", "bytes", "values")
    for one in found.broken:
        told = "已改变 changed" if one.is_changed else "完好 intact"
        terminal.row(bad, one.source_key, one.raw_id, told, " ".join(one.paths))
    out.print(bad)
    raise typer.Exit(terminal.FAILED)


async def _verify(settings: Settings, endpoint: str, most: int) -> Verified:
    async with open_hub(settings) as hub:
        return await verify_endpoint(hub, endpoint, most)


def losses(
    context: typer.Context,
    endpoint: Annotated[str, typer.Argument(help="only of this endpoint")] = "",
) -> None:
    """转换损失，按位置归并 / raw values that no field tells, by place.

    Example: `hub losses police-suizhou`
    """
    settings = terminal.options(context).settings()
    made = terminal.table("endpoint", "place", "wanted", "reason", "records", "values")
    for one in terminal.work(_losses(settings, endpoint)):
        counts = (one.records, one.leaves)
        terminal.row(made, one.endpoint, one.place, one.wanted, one.reason, *counts)
    terminal.console().print(made if made.row_count else "没有损失 / nothing is lost")


async def _losses(settings: Settings, endpoint: str) -> list[Loss]:
    async with open_hub(settings) as hub:
        if endpoint:
            hub.registry.endpoint(endpoint)
        return await answer_runs.losses(hub, operator(), LossFilter(endpoint or None))
