"""``hub run`` and ``hub simulators``: the hub on one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub.entry.demo import bench
from hub.entry.demo.wish import DemoWish
from hub.errors import RequestInvalid

HOMES = Path(__file__).parents[3] / "tests" / "adapters"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("simulators")(simulators)


def run(
    story: Annotated[
        str, typer.Option(help="which case to carry: dangerous-driving, theft ...")
    ] = "dangerous-driving",
    no_story: Annotated[
        bool, typer.Option("--no-story", help="only start and sync")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="throw the demonstration's data away first")
    ] = False,
    cases: Annotated[
        int, typer.Option(min=1, max=20000, help="how many cases to invent")
    ] = 500,
    leave: Annotated[
        bool, typer.Option("--leave", help="end after the summary, do not stay up")
    ] = False,
) -> None:
    """演示：五个模拟系统、一条案件主线 / demonstration: five agencies, one case.

    Example: `hub run --story theft`
    """
    from hub.entry.demo.run import run_demo  # noqa: PLC0415 - no simulator otherwise

    wish = DemoWish("" if no_story else story, fresh, cases, stay=not leave)
    raise typer.Exit(run_demo(wish) or 0)


def simulators(
    name: Annotated[
        str, typer.Argument(help="which to start; without one they are listed")
    ] = "",
    stop: Annotated[
        bool, typer.Option("--stop", help="stop the one of the running demonstration")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="port on loopback; 0: the usual one")
    ] = 0,
    data: Annotated[Path, typer.Option(help="where it keeps its state")] = Path(
        "var/simulators"
    ),
) -> None:
    """列出、启动或停止模拟系统 / list, start or stop the simulated agencies.

    Example: `hub simulators court_case --stop`
    """
    known = sorted(path.parent.name for path in HOMES.glob("*/simulator.py"))
    if name and name not in known:
        raise RequestInvalid(
            f"没有模拟系统 {name}；可用：{'、'.join(known)}",
            f"There is no simulator {name}; known: {', '.join(known)}",
            where="NAME",
        )
    if not name:
        bench.listing(known)
    elif stop:
        bench.stop(name)
    else:
        raise typer.Exit(bench.start(name, port, data))
