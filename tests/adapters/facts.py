"""What the world says of a case, in the canonical shape: the yardstick of traps.

Only what several systems tell in the same way; each system's test adds its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.simulators import world

Facts = dict[str, Any]


def person(told: world.Person) -> Facts:
    """Who somebody is."""
    return {
        "name": told.name,
        "sex": told.sex,
        "birth_date": told.birth.isoformat(),
        "id_type": "111",
        "id_number": told.id_number,
        "ethnic_group": told.ethnic_group,
        "education": told.education,
        "household": told.household,
        "address": told.address,
        "occupation": told.occupation,
    }


def sentence(case: world.Case, given: world.Sentence) -> Facts:
    """What somebody got; the effective date only where the case came so far."""
    effective = {"effective_on": case.effective.isoformat()}
    return {
        "result": given.result,
        "penalty": given.penalty,
        "years": given.months // 12,
        "months": given.months % 12,
        "days": 0,
        "probation_months": given.probation_months,
        "fine": f"{given.fine}.00",
        "judged_on": case.judged.isoformat(),
        **(effective if case.reached("EXECUTION") else {}),
    }


def measures(told: Iterable[world.Measure], **more: str) -> list[Facts]:
    """Compulsory measures; ``more`` is what a system tells of each besides."""
    return [
        {
            "kind": measure.kind,
            "started_on": measure.start.isoformat(),
            "ends_on": measure.end.isoformat(),
            **more,
        }
        for measure in told
    ]


def documents(case: world.Case, *issuers: str) -> list[Facts]:
    """The documents that these agency types issued."""
    return [
        {"type": doc.type, "name": doc.name, "issued_on": doc.issued.isoformat()}
        | ({"number": doc.number} if doc.number else {})
        for doc in case.documents_of(*issuers)
    ]


def court_number(case: world.Case) -> str:
    """The court number in its canonical form, brackets half width."""
    return case.court_number.replace("（", "(").replace("）", ")")


def without(body: Facts, *names: str) -> Facts:
    """The same without what the simulator makes up, in the persons too."""
    told = {name: value for name, value in body.items() if name not in names}
    persons = [
        {name: value for name, value in one.items() if name not in names}
        for one in body.get("persons", [])
    ]
    return told | ({"persons": persons} if persons else {})
