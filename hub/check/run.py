"""Every rule asked of one adapter; a rule is a module with ``look``."""

from __future__ import annotations

from hub.check import faults, folder, names, numbers, persons, proposals, secrets, seen
from hub.check.finding import Finding
from hub.check.house import House
from hub.check.subject import load

RULES = (
    folder.look,
    seen.look,
    faults.look,
    secrets.look,
    persons.look,
    proposals.look,
    names.look,
    numbers.look,
)


def check(house: House, system: str) -> tuple[Finding, ...]:
    """All that is to be mended, in the order of the files it stands in."""
    subject = load(house, system)
    told = [*subject.faults]
    for rule in RULES:
        told.extend(rule(subject))
    return tuple(dict.fromkeys(told))
