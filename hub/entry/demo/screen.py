"""What a person sees while the demonstration runs: progress, timeline, summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
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
                f"映射 mapped {run['mapped']}, 搁置 set aside {run['setAside']}"
            )
        else:
            error = (run.get("error") or {}).get("code", "")
            self._out.print(f"        [red]↻ {endpoint}: {run['state']} {error}[/]")

    def runs(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """What was synced, endpoint by endpoint."""
        made = Table(box=None, pad_edge=False, title="同步 sync", title_justify="left")
        for name in (
            "接入点 endpoint",
            "状态 state",
            "获取 fetched",
            "映射 mapped",
            "搁置 set aside",
            "未变 unchanged",
            "平衡 balanced",
        ):
            made.add_column(name, justify="left" if "endpoint" in name else "right")
        for row in rows:
            total = row["mapped"] + row["setAside"] + row["unchanged"]
            is_even = row["fetched"] == total
            made.add_row(
                row["endpoint"]["code"],
                row["state"],
                *(str(row[n]) for n in ("fetched", "mapped", "setAside", "unchanged")),
                "[green]✓[/]" if is_even else "[red]✗[/]",
            )
        self._out.print(made)

    def failures(self, causes: Iterable[Mapping[str, Any]]) -> None:
        """What failed and why, by cause."""
        made = Table(
            box=None, pad_edge=False, title="失败 failures", title_justify="left"
        )
        for name in (
            "接入点 endpoint",
            "数 n",
            "代码 code",
            "原因 cause",
            "办法 remedy",
        ):
            made.add_column(name, overflow="fold")
        for one in causes:
            made.add_row(
                one["endpoint"]["code"],
                str(one["count"]),
                one["code"],
                escape(one["message"]["zh"]),
                escape(one["remedy"]["zh"]),
            )
        self._out.print(made)

    def handed(self, rows: Iterable[Any]) -> None:
        """How long each hand-over took."""
        made = Table(
            box=None, pad_edge=False, title="移送 hand-overs", title_justify="left"
        )
        for name in ("节点 node", "结果 outcome", "对方编号 receiver's number", "秒 s"):
            made.add_column(name, overflow="fold")
        for one in rows:
            colour = _COLOURS.get(one.state, "white")
            made.add_row(
                one.node, f"[{colour}]{one.state}[/]", one.number, f"{one.seconds:.2f}"
            )
        self._out.print(made)

    def panel(self, title: str, text: str) -> None:
        """Something to copy."""
        self._out.print(Panel(escape(text), title=title, title_align="left"))

    def code(self, text: str) -> None:
        """Something to paste: as it is, without a frame, never wrapped."""
        self._out.print(escape(text), soft_wrap=True)
