"""``hub check``: is an adapter complete, and what do the tests that ran prove?"""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from hub.check.finding import Finding
from hub.check.house import House
from hub.check.run import check as check_system
from hub.check.tier import NONE, UNPROVEN, Standing, standing
from hub.entry import terminal
from hub.entry.place import ROOT

_SHOWN = 6
_WHY = {
    "no results": "没有测试结果 / no test has run",
    "changed since": "测试之后文件已改 / files have changed since the tests ran",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    name: Annotated[str, typer.Argument(help="a system; else all of them")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="for programs: one JSON document")
    ] = False,
) -> None:
    """核对适配器，一秒内答复 / is an adapter complete? Answers within a second.

    Example: `hub check police_case` or `hub check --json`
    """
    house = House(ROOT)
    systems = (house.asked(name),) if name else house.systems()
    found = {system: check_system(house, system) for system in systems}
    tiers = {system: standing(house, system) for system in systems}
    if as_json:
        _write(found, tiers)
    else:
        for system in systems:
            _show(system, found[system], tiers[system])
    if any(not one.is_warning for told in found.values() for one in told):
        raise typer.Exit(terminal.FAILED)


def _write(found: dict[str, tuple[Finding, ...]], tiers: dict[str, Standing]) -> None:
    told = {
        system: {
            "findings": [one.plain() for one in findings],
            "standing": tiers[system].plain(),
        }
        for system, findings in found.items()
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")


def _show(system: str, findings: tuple[Finding, ...], stands: Standing) -> None:
    out = terminal.console()
    for one in findings:
        colour = "yellow" if one.is_warning else "red"
        out.print(f"[bold {colour}]{one.code}[/]  ", end="")
        out.print(one.where, markup=False)
        message = f"  {one.message.zh} / {one.message.en}"
        out.print(terminal.plain(message), markup=False)
        remedy = f"  办法 remedy  {one.remedy.zh} / {one.remedy.en}"
        out.print(remedy, markup=False)
    count = sum(not one.is_warning for one in findings)
    told = f"{count} 处待改 / {count} to mend" if count else "完整 / complete"
    out.print(f"[bold]{system}[/]  {told}")
    _show_tier(stands)


def _show_tier(stands: Standing) -> None:
    out = terminal.console()
    if stands.tier == UNPROVEN:
        out.print(f"  等级 tier  未证实 unproven: {_WHY[stands.why]}")
        out.print(f"  运行 run   {stands.command}", markup=False)
        return
    tier = "无 none" if stands.tier == NONE else stands.tier
    counts = ", ".join(
        f"{many} {state}" for state, many in (stands.counts or {}).items()
    )
    out.print(f"  等级 tier  [bold]{tier}[/]  {stands.ran_at}: {counts}")
    if stands.next_tier and stands.missing:
        shown = [f"{name} {state}" for name, state in stands.missing[:_SHOWN]]
        more = len(stands.missing) - len(shown)
        shown += [f"+{more}"] if more > 0 else []
        out.print(f"  {stands.next_tier} 尚缺 asks for  {', '.join(shown)}")
