"""A case of the world as a canonical record, and as a parcel in a receiver's words.

The parcel comes out of the receiver's own mapping, so the contract tests prove the
written half of it as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from hub.contract.messages import Parcel, Record, Tree
from hub.engine.registry import load_manifests
from hub.entry.assembly import ADAPTERS
from hub.records.shape import NUMBER_SCHEMES
from tests.adapters.subject import Subject, tables
from tests.simulators import world

#: node -> sender, how far the case has come at most and at least, numbers it has
NODES: dict[str, tuple[str, tuple[world.Reach, ...], tuple[str, ...]]] = {
    "PROSECUTION_TRANSFER": ("POLICE", ("INVESTIGATION",), ("police_number",)),
    "RETURN_FOR_SUPPLEMENT": (
        "PROC",
        ("PROSECUTION",),
        ("police_number", "department_number", "unified_number"),
    ),
    "INDICTMENT": (
        "PROC",
        ("PROSECUTION",),
        ("police_number", "department_number", "unified_number"),
    ),
    "JUDGMENT_SERVICE": (
        "COURT",
        ("TRIAL", "EXECUTION"),
        ("police_number", "department_number", "unified_number", "court_number"),
    ),
    "COMMUNITY_CORRECTION_HANDOVER": (
        "COURT",
        ("TRIAL",),
        ("police_number", "department_number", "unified_number", "court_number"),
    ),
}
STAGES = {
    "INVESTIGATION": "S020_FILED",
    "PROSECUTION": "S110_PROSECUTION_REVIEW",
    "TRIAL": "S230_JUDGED_PENDING",
    "EXECUTION": "S260_EFFECTIVE",
}


def receiving() -> list[tuple[str, str]]:
    """Every system on disk with every node it can be handed."""
    return [
        (system, node)
        for system, manifest in load_manifests(ADAPTERS).items()
        for node in manifest.receives
    ]


def cases(subject: Subject, node: str, seed: int = 7) -> Iterator[world.Case]:
    """The cases of the world that may be handed over at this node."""
    _, reaches, _ = NODES[node]
    served = {agency.partition("-")[2] for agency in subject.endpoint.serves}
    eligible = getattr(subject.bench, "eligible", lambda _node, _case: True)
    for case in _cases(seed):
        if case.reach in reaches and case.division in served and eligible(node, case):
            yield case


@lru_cache(maxsize=2)
def _cases(seed: int) -> tuple[world.Case, ...]:
    return tuple(world.build(seed, 500))


def parcel(subject: Subject, node: str, number: int) -> Parcel:
    """The n-th parcel of a node; the same number gives the same parcel."""
    case = next(islice(cases(subject, node), number, None))
    return _parcel(subject, node, case, f"contract/{node}/{number}")


def changed(subject: Subject, told: Parcel, number: int) -> Parcel:
    """The same key with other content: the next case under the old name."""
    other = parcel(subject, told.node, number)
    assert other.body != told.body
    return replace(told, body=other.body, numbers=other.numbers)


def _parcel(subject: Subject, node: str, case: world.Case, key: str) -> Parcel:
    told = record(case, node)
    written = subject.mapping.write(node, told)
    assert not written.faults, written.faults
    serves = subject.endpoint.serves
    return Parcel(
        key=key,
        message_id=hashlib.sha256(key.encode()).hexdigest()[:32],
        node=node,
        sender=f"{NODES[node][0]}-{case.division}",
        receiver=next(one for one in serves if one.endswith(case.division)),
        numbers={
            scheme: str(told[name])
            for name, scheme in NUMBER_SCHEMES.items()
            if name in told
        },
        body=written.body,
        submitted_at=datetime(2023, 9, 1, 1, 30, 0, tzinfo=UTC),
    )


def record(case: world.Case, node: str) -> Record:
    """The canonical record of a case as the hub would hold it at this node."""
    sender, _, numbers = NODES[node]
    told: Record = {
        "hub_number": f"H{case.division}202309{case.index:06d}0",
        **{name: _number(case, name) for name in numbers},
        "title": case.title,
        "summary": case.summary,
        "stage": STAGES[case.reach],
        "investigator": f"POLICE-{case.division}",
        "handler": f"{sender}-{case.division}",
        "filed_on": case.filed.isoformat(),
        "accepted_on": case.accepted.isoformat(),
        "modified_at": f"{case.modified:%Y-%m-%dT%H:%M:%S}+08:00",
        "is_withdrawn": False,
        "persons": [_person(case, person) for person in case.persons],
    }
    return told | {"documents": list(_documents(case, node))}


def _number(case: world.Case, name: str) -> str:
    """A number in its canonical form: half-width round brackets."""
    found = str(getattr(case, name))
    return found.replace("（", "(").replace("）", ")")


def _person(case: world.Case, person: world.Person) -> Record:
    found: dict[str, Any] = {
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth.isoformat(),
        "id_type": "111",
        "id_number": person.id_number,
        "ethnic_group": person.ethnic_group,
        "education": person.education,
        "household": person.household,
        "address": person.address,
        "occupation": person.occupation,
        "role": "SUSPECT",
        "stage": STAGES[case.reach],
        "charges": [
            {"crime": crime, "wording": world.CRIME_NAMES[crime]}
            for crime in person.crimes
        ],
        "measures": [_measure(case, measure) for measure in person.measures],
    }
    if person.sentence is not None:
        found["sentence"] = _sentence(case, person.sentence)
    return found


def _measure(case: world.Case, measure: world.Measure) -> Tree:
    return {
        "kind": measure.kind,
        "decided_by": f"POLICE-{case.division}",
        "started_on": measure.start.isoformat(),
        "ends_on": measure.end.isoformat(),
    }


def _sentence(case: world.Case, sentence: world.Sentence) -> Tree:
    return {
        "result": sentence.result,
        "penalty": sentence.penalty,
        "years": sentence.months // 12,
        "months": sentence.months % 12,
        "days": 0,
        "probation_months": sentence.probation_months,
        "fine": f"{sentence.fine}.00",
        "judged_on": case.judged.isoformat(),
        "effective_on": case.effective.isoformat(),
    }


def _documents(case: world.Case, node: str) -> Iterator[Tree]:
    """The documents of the case, and those that the node asks for besides."""
    for paper in case.documents:
        yield _document(paper.type, paper.name, paper.number, paper.issued.isoformat())
    row = tables().table("node").row(node)
    needed = (row.value("required_docs") if row else "").split(";")
    held = {paper.type for paper in case.documents}
    for kind in needed:
        if kind and kind not in held:
            known = tables().table("document_type").row(kind)
            assert known is not None
            yield _document(kind, known.name_zh, "", case.effective.isoformat())


def _document(kind: str, name: str, number: str, issued: str) -> Tree:
    found: Record = {"type": kind, "name": name, "issued_on": issued}
    return found | ({"number": number} if number else {})
