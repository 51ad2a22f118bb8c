"""What a person sees while the demonstration runs: progress, timeline, summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

_COLOURS = {
    "QUEUED": "cyan",
    "SENDING": "blue",
    "DELIVERED": "magenta",
    "ACCEPTED": "bold green",
    "RETURNED": "bold yellow",
    "DEAD": "bold red",
    "CANCELLED": "dim",
}
_WORDS = {
    "QUEUED": "已受理，排队 queued",
    "SENDING": "正在投递 sending",
    "DELIVERED": "已送达，待回执 delivered, awaiting receipt",
    "ACCEPTED": "对方受理 accepted",
    "RETURNED": "对方退回 returned",
    "DEAD": "投递失败 dead letter",
    "CANCELLED": "已撤销 cancelled",
}


class Screen:
    """Prints to a terminal, in colour where it can."""

    def __init__(self, console: Console) -> None:
        """Write to this console."""
        self._out = console

    def say(self, zh: str, en: str) -> None:
        """One line of progress."""
        self._out.print(f"[dim]·[/] {escape(zh)} [dim]{escape(en)}[/]")

    def title(self, zh: str, en: str) -> None:
        """A heading."""
        self._out.print()
        self._out.rule(f"[bold]{escape(zh)}[/] [dim]{escape(en)}[/]", align="left")

    def act(self, day: int, zh: str, en: str, number: int, of: int) -> None:
        """The story goes on."""
        self._out.print(
            f"\n[bold yellow]第{day:>2}天[/] [dim]day {day} ({number}/{of})[/] "
            f"[bold]{escape(zh)}[/]\n        [dim]{escape(en)}[/]"
        )

    def step(self, step: Mapping[str, Any], seconds: float) -> None:
        """A transfer took a step; ``seconds`` since it was submitted."""
        state = step["state"]
        colour = _COLOURS.get(state, "white")
        fault = f" [red]{escape(step['errorCode'])}[/]" if step.get("errorCode") else ""
        self._out.print(
            f"        [{colour}]●[/] {seconds:6.2f} s  [{colour}]"
            f"{_WORDS.get(state, state)}[/]{fault}"
        )

    def synced(self, endpoint: str, run: Mapping[str, Any]) -> None:
        """A sync run ended."""
        if run["state"] == "FINISHED":
            self._out.print(
                f"        [green]↻[/] {endpoint}: 获取 fetched {run['fetched']}, "
                f"映射 mapped {run['mapped']}, 搁置 set aside {run['setAside']}, "
                f"未变 unchanged {run['unchanged']}"
            )
        else:
            error = (run.get("error") or {}).get("code", "")
            self._out.print(f"        [red]↻ {endpoint}: {run['state']} {error}[/]")

    def runs(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """What was synced since the start, endpoint by endpoint."""
        made = _table(
            "同步 sync",
            "接入点 endpoint",
            "批次 runs",
            "失败 failed",
            "获取 fetched",
            "映射 mapped",
            "搁置 set aside",
            "未变 unchanged",
            "平衡 balanced",
        )
        names = ("runs", "failed", "fetched", "mapped", "setAside", "unchanged")
        for row in rows:
            parts = row["mapped"] + row["setAside"] + row["unchanged"]
            is_even = row["fetched"] == row["stored"] == parts
            mark = "[green]✓[/]" if is_even else "[red]✗[/]"
            made.add_row(row["endpoint"], *(str(row[name]) for name in names), mark)
        self._out.print(made)

    def failures(self, causes: Iterable[Mapping[str, Any]]) -> None:
        """What failed and why, by cause; worst first."""
        made = _table(
            "失败 failures",
            "接入点 endpoint",
            "数 n",
            "代码 code",
            "规则与位置 rule, place",
            "办法 remedy",
        )
        for one in causes:
            made.add_row(
                one["endpointCode"],
                str(one["count"]),
                one["code"],
                escape(" ".join(one["cause"].split("|")[2:])),
                escape(f"{one['remedy']['zh']} {one['remedy']['en']}"),
            )
        self._out.print(made)

    def handed(self, rows: Iterable[Any]) -> None:
        """How long each hand-over took."""
        made = _table(
            "移送 hand-overs",
            "节点 node",
            "结果 outcome",
            "对方编号 receiver's number",
            "秒 s",
        )
        for one in rows:
            colour = _COLOURS.get(one.state, "white")
            made.add_row(
                one.node, f"[{colour}]{one.state}[/]", one.number, f"{one.seconds:.2f}"
            )
        self._out.print(made)

    def code(self, text: str) -> None:
        """Something to paste: as it is, without a frame, never wrapped."""
        self._out.print(escape(text), soft_wrap=True)


def _table(title: str, *columns: str) -> Table:
    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
