"""Rule: every case has a number that can be counted on, or a person knows it has not.

The hub keeps no record without any case number, so where none is required some may
be held back. That is a warning, since a system may be so.
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.check.finding import Finding, found
from hub.check.lines import Lines
from hub.check.subject import Subject
from hub.records.shape import NUMBER_SCHEMES


def look(subject: Subject) -> Iterator[Finding]:
    """A mapping of cases none of whose numbers is required."""
    if subject.mapping is None:
        return
    for name, record in subject.mapping.parsed.records.items():
        if record.kind != "case":
            continue
        rules = [one for one in record.rules if one.name in NUMBER_SCHEMES]
        if not any(one.required for one in rules):
            path = subject.house.mappings / f"{subject.system}.yaml"
            line = Lines.of(path).at(["records", name, "fields"])
            where = subject.house.told(path, line)
            zh, en = "没有一个案号是必填的", "no case number is required"
            yield found("NUMBER_OPTIONAL", where, zh, en)
