"""How a difference of rules is shown: by rule and field, values masked."""

from __future__ import annotations

from typing import Any

import orjson

from hub.engine.dryrun.bench import Difference, Progress
from hub.entry import terminal
from hub.mapping.dryrun.report import Group, Sample, shown

_PARTS = {
    "records": "原始记录 / raw records as they would be read",
    "cases": "案件 / cases as they would be answered",
    "parcels": "移送包裹 / parcels as they would be written",
}
_STEPS = {"sample": "抽样 sample", "records": "全部 records", "cases": "案件 cases"}
_SHIFTS = 8


def tell_progress(one: Progress) -> None:
    """One line on stderr, so that what stands on stdout can be kept."""
    out = terminal.console(errors=True)
    words = f"{_STEPS[one.part]}  {one.done}/{one.total}  差异组 groups {one.groups}"
    out.print(words, markup=False, end="\r" if out.is_terminal else "\n")


def show(found: Difference, *, masked: bool) -> None:
    """The whole difference for people; ``masked``: samples by their form alone."""
    out = terminal.console()
    out.print(f"改动的文件 / changed: {' '.join(found.changed) or '-'}", markup=False)
    _books(found)
    for part, title in _PARTS.items():
        groups = found.report.ordered(part)
        out.print(f"\n{title}: {len(groups) or '无差异 / no difference'}", markup=False)
        if groups:
            _groups(groups)
            _samples(groups, masked=masked)
    for place, why in found.unseen.items():
        told = f"未比较 / not compared: {place}: {why.zh} / {why.en}"
        out.print(told, markup=False)
    out.print(f"\n摘要 / digest: {found.digest}", markup=False)


def _books(found: Difference) -> None:
    made = terminal.table("", "")
    books = found.books
    for name, zh in _WORDS.items():
        terminal.row(made, f"{zh} / {name.replace('_', ' ')}", getattr(books, name))
    terminal.console().print(made)


_WORDS = {
    "records": "比较的记录",
    "changed": "有差异的记录",
    "refused_before": "现被搁置",
    "refused_after": "将被搁置",
    "newly_refused": "新被搁置",
    "newly_accepted": "不再搁置",
    "unreadable": "无法解读",
    "cases": "比较的案件",
    "changed_cases": "有差异的案件",
    "parcels": "试写的包裹",
    "changed_parcels": "有差异的包裹",
    "newly_unwritable": "不再能写",
    "newly_writable": "变为能写",
}


def _groups(groups: list[Group]) -> None:
    made = terminal.table("rule", "field", "how", "changes", "in", "shifts")
    for one in groups:
        shifts = [f"{shift} ×{count}" for shift, count in one.shifts.most_common()]
        more = len(shifts) - _SHIFTS
        told = "\n".join([*shifts[:_SHIFTS], *([f"… +{more}"] if more > 0 else [])])
        spot = one.spot
        terminal.row(made, spot.rule, spot.field, one.how, one.count, one.records, told)
    terminal.console().print(made)


def _samples(groups: list[Group], *, masked: bool) -> None:
    made = terminal.table("sample", "where", "before", "after")
    for group in groups:
        for one in group.samples:
            sides = [
                terminal.plain(shown(state, masked=masked))
                for state in (one.before, one.after)
            ]
            terminal.row(made, one.of, one.where, *sides)
    terminal.console().print(made)


def as_json(found: Difference, *, masked: bool) -> str:
    """The same for machines: the stored body with digests and samples."""
    groups = [
        {
            **group.plain(),
            "samples": [_sample(one, masked=masked) for one in group.samples],
        }
        for part in _PARTS
        for group in found.report.ordered(part)
    ]
    told: dict[str, Any] = {
        "digest": found.digest,
        "rules_before": found.before,
        "rules_after": found.after,
        **found.body,
        "groups": groups,
        "not_compared": {place: why.en for place, why in found.unseen.items()},
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()


def _sample(one: Sample, *, masked: bool) -> dict[str, str]:
    return {
        "of": one.of,
        "where": one.where,
        "before": shown(one.before, masked=masked),
        "after": shown(one.after, masked=masked),
    }
