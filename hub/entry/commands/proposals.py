"""``hub map``: a change of the mappings, compared before it counts, and approved."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hub.engine.dryrun import approval
from hub.engine.dryrun.bench import Difference, Wanted
from hub.entry import differences, terminal
from hub.entry.assembly import open_hub
from hub.entry.commands import dictionary
from hub.entry.settings import Settings
from hub.records.actor import Actor

app = typer.Typer(
    help="映射与试运行 / mappings, and trying a change  e.g. hub map diff --with FILE",
    no_args_is_help=True,
    add_completion=False,
)

_Offered = Annotated[
    list[str],
    typer.Option(
        "--with",
        help="a changed file of mappings/, or PLACE=FILE; may be given several times",
    ),
]


@app.command("diff")
def diff(
    context: typer.Context,
    *,
    offered: _Offered,
    last: Annotated[
        int, typer.Option(min=1, help="so many captured records, newest first")
    ] = 5000,
    endpoint: Annotated[str, typer.Option(help="of this endpoint only")] = "",
    system: Annotated[str, typer.Option(help="of this system only")] = "",
    by: Annotated[
        str, typer.Option(help="who proposes the change; else the account")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
    unmask: Annotated[
        bool, typer.Option("--unmask", help="show samples as they are; it is noted")
    ] = False,
) -> None:
    """试运行映射改动，查看差异 / what a changed file would do to captured records.

    Example: `hub map diff --with police_case.yaml --last 5000`
    """
    settings = terminal.options(context).settings()
    wanted = Wanted(tuple(offered), last, endpoint, system)
    account = terminal.account()
    who = Actor(by or account, account)
    found = terminal.work(_diff(settings, wanted, who, unmasked=unmask))
    if json:
        sys.stdout.write(differences.as_json(found, masked=not unmask) + "\n")
    else:
        differences.show(found, masked=not unmask)


async def _diff(
    settings: Settings, wanted: Wanted, who: Actor, *, unmasked: bool
) -> Difference:
    async with open_hub(settings, guarded=False) as hub:
        told = differences.tell_progress
        return await approval.propose(hub, wanted, who, told, unmasked=unmasked)


@app.command("approve")
def approve(
    context: typer.Context,
    *,
    offered: _Offered,
    digest: Annotated[
        str, typer.Option("--diff", help="the digest that hub map diff told")
    ],
    by: Annotated[str, typer.Option(help="who approves; not who ran the diff")],
    reason: Annotated[str, typer.Option(help="why it may come into force")],
) -> None:
    """批准所见的差异 / approve a change, bound to the difference that was seen.

    Example: `hub map approve --with new.yaml --diff 3f9a --by LI --reason "..."`
    """
    settings = terminal.options(context).settings()
    who = Actor(by, terminal.account())
    rules = terminal.work(_approve(settings, offered, digest, who, reason))
    told = f"已批准，规则 / approved, rules {rules}"
    terminal.console().print(told, markup=False)


async def _approve(
    settings: Settings, offered: list[str], digest: str, who: Actor, reason: str
) -> str:
    async with open_hub(settings, guarded=False) as hub:
        seen = await approval.approve(
            hub,
            offered,
            digest,
            who=who,
            reason=reason,
            told=differences.tell_progress,
        )
    return seen.rules_after


app.command("check")(dictionary.check)
app.command("show")(dictionary.show)
