"""Turning a page's data into HTML: escaped by default, undefined names refused."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from hub.console.asking import HOME
from hub.console.words import TRIGGERS, say
from hub.errors import Disposition, leaf

LOCAL = ZoneInfo("Asia/Shanghai")
_BAR = 120  # width of a freshness bar in pixels


@cache
def environment() -> Environment:
    """The templates with the console's own words and filters."""
    made = Environment(
        loader=FileSystemLoader(HOME),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["t"] = _say
    made.globals["bar"] = bar
    made.filters.update(local=local, both=_both, whose=whose, span=span, age=age)
    made.filters["trigger"] = _trigger
    return made


def draw(page: str, data: Mapping[str, object]) -> str:
    """The page as HTML."""
    return environment().get_template(f"{page}.html").render(data)


@pass_context
def _say(context: Context, name: str) -> str:
    return say(name, str(context["language"]))


@pass_context
def _trigger(context: Context, name: str) -> str:
    """What began a run, in words; as the run says it where there are none."""
    word = TRIGGERS.get(name)
    if word is None:
        return name
    return word.zh if context["language"] == "zh" else word.en


@pass_context
def _both(context: Context, text: Mapping[str, str] | None) -> str:
    """A bilingual text in the language of the page."""
    return text[str(context["language"])] if text else ""


def whose(code: str) -> str:
    """Who has to act on an error: the name of a word."""
    found = leaf(code)
    by_agency = found.code in {"RECORD_INVALID", "RECORD_UNREADABLE"}
    by_agency = by_agency or found.disposition is Disposition.RETRY
    return "whose_agency" if by_agency else "whose_hub"


def local(moment: str | None) -> Markup | str:
    """A moment in the agencies' own time, with the exact one behind it."""
    if not moment:
        return ""
    shown = _moment(moment).astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")
    return Markup('<time datetime="{}">{}</time>').format(moment, shown)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def age(moment: str) -> float:
    """Seconds since a moment."""
    return (datetime.now(UTC) - _moment(moment)).total_seconds()


@pass_context
def span(context: Context, seconds: float | None) -> str:
    """A length of time in words."""
    if seconds is None:
        return ""
    zh = context["language"] == "zh"
    for size, words in (
        (86400, ("天", "d")),
        (3600, ("小时", "h")),
        (60, ("分", "min")),
    ):
        if seconds >= size:
            return f"{seconds / size:.0f} {words[0 if zh else 1]}"
    return f"{seconds:.{int(seconds < 10)}f} {'秒' if zh else 's'}"


def bar(age_seconds: float, goal_seconds: float) -> Markup:
    """How old against how old it may be, drawn on the server: no script, it prints."""
    share = min(age_seconds / goal_seconds, 1.0) if goal_seconds else 1.0
    kind = "over" if age_seconds > goal_seconds else "within"
    return Markup(
        '<svg class="bar" width="{w}" height="10" role="img" aria-label="{p}%">'
        '<rect class="back" width="{w}" height="10" rx="3"/>'
        '<rect class="{k}" width="{x}" height="10" rx="3"/></svg>'
    ).format(w=_BAR, p=math.floor(share * 100), k=kind, x=round(share * _BAR))


def steps_with_spans(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A timeline's steps, each with how long it took until the next."""
    told = []
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        took = None
        if after is not None:
            took = (_moment(after["at"]) - _moment(step["at"])).total_seconds()
        told.append({**step, "took": took})
    return told
