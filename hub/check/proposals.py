"""Rule: nothing that was only proposed is left for a person to accept."""

from __future__ import annotations

from collections.abc import Iterator

from hub.check.finding import Finding, found
from hub.check.subject import Subject
from hub.check.texts import files, read_text

#: what stands in a line that a person has not yet looked at
MARK = "PROPOSED"


def look(subject: Subject) -> Iterator[Finding]:
    """Every line of the three places that still bears the mark."""
    for path in files(subject.house, subject.system):
        if path.suffix == ".py":
            continue
        for number, line in enumerate(read_text(path).splitlines(), 1):
            if MARK in line:
                where = subject.house.told(path, number)
                zh, en = "提议未经确认", "nobody has accepted this proposal"
                yield found("PROPOSAL_OPEN", where, zh, en)
