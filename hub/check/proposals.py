"""Rule: nothing that was only proposed is left for a person to accept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hub.check.finding import Finding, found
from hub.check.subject import Subject
from hub.check.texts import files, read_text

#: what stands in a line that a person has not yet looked at
MARK = re.compile(r"\bPROPOSED (p\d+):")


def look(subject: Subject) -> Iterator[Finding]:
    """Every line of the three places that still bears the mark."""
    for path in files(subject.house, subject.system):
        for number, line in enumerate(read_text(path).splitlines(), 1):
            mark = MARK.search(line)
            if mark is not None:
                where = subject.house.told(path, number)
                zh, en = f"提议 {mark[1]} 未经确认", f"{mark[1]} is not accepted"
                yield found("PROPOSAL_OPEN", where, zh, en)
