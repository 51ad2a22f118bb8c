"""What is asked of an import, and what it would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.mapping.code_tables.diff import Diff
from hub.mapping.code_tables.sheet import ROOT, Files, Finding, day_text, fault
from hub.mapping.code_tables.table import Table
from hub.mapping.code_tables.tables import Tables


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be brought in. ``columns``: our column -> the list's own.

    ``since``: the day from which the revision counts; ``withdraw``: the last day of
    the codes that the list leaves out; ``replace``: over a revision that is there;
    ``renamed``: codes that mean the same as before though no name looks like it.
    """

    table: str
    revision: str
    source: str
    columns: Mapping[str, str] = field(default_factory=dict)
    standard: str = ""
    licence: str = ""
    since: str = ""
    withdraw: str = ""
    replace: bool = False
    renamed: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """The file it becomes."""
        return f"{ROOT}/{self.table}/{self.revision}.tsv"

    @property
    def begins(self) -> str:
        """The day from which it counts, told or read from its name."""
        return self.since or day_text(self.revision)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written, what changes by it, and why not if it may not be.

    ``heirs`` are codes that may have taken the place of one left out: they bear its
    name. ``left`` are columns of the list that went nowhere.
    """

    diff: Diff | None
    files: Files
    findings: tuple[Finding, ...]
    heirs: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Would the hub not start with it?"""
        return any(one.stops for one in self.findings)


def order_findings(tables: Tables, base: Table | None, order: Order) -> list[Finding]:
    """Why an order cannot be carried out, whatever the list says."""
    place, found = order.place, []
    if order.revision in tables.revisions(order.table) and not order.replace:
        found.append(
            fault(
                place,
                "此版本已存在；请换一个版本号，或用 --replace 覆盖",
                "this revision is there; name another, or overwrite it with --replace",
            )
        )
    for option, day in (("--from", order.since), ("--withdraw", order.withdraw)):
        if day and day_text(day) != day:
            found.append(
                fault(
                    place,
                    f"{option} 不是日期；请写成 2024-03-01",
                    f"{option} is no date; write 2024-03-01",
                )
            )
    if base is not None and not order.begins:
        found.append(
            fault(
                place,
                "版本号看不出从何日起算；请用 --from 指出",
                "the revision does not tell from which day it counts; name it with "
                "--from",
            )
        )
    return found
