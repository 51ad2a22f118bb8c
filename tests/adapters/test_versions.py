"""The same case told by version 1.5 and by version 2.0 is the same canonical record.

Each simulator writes the world's facts in its own words and with its own traps; what
comes out of reading and mapping must be equal, but for the fields named here.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from adapters.procuratorate_15.adapter import Procuratorate15
from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import RawRecord
from hub.engine.differences import path_of
from hub.mapping.load import Mappings
from tests.adapters.procuratorate_15 import paper
from tests.adapters.procuratorate_15 import words as words15
from tests.adapters.procuratorate_20 import words as words20
from tests.simulators import world

CASES = 500
OLD, NEW = "1.5", "2.0"

#: field -> the only version that tells it, and why
ONLY = {
    "filed_on": (NEW, "1.5 has no filing date of the police (LARQ) in its card"),
    "court_number": (NEW, "1.5 has no field for the court's number in a query"),
    "persons.stage": (NEW, "1.5 tells one stage for the whole acceptance (AJZT)"),
    "persons.sentence": (NEW, "1.5 receives judgments as documents only (WSJS)"),
    "persons.measures.decided_by": (NEW, "1.5 tells no deciding organ in QZCSXX"),
    "documents.file_name": (OLD, "2.0 gives the path (WJLJ) in its index only"),
}
#: field -> why the two may tell it differently
OWN = {
    "persons.source_id": "each version numbers persons by itself",
    "persons.charges.wording": "verbatim; 1.5's AYMC may disagree with its AYDM",
}
#: a stage that both versions have a word for
STAGES = tuple(
    sorted(
        set(words15.local("stage"))
        & {
            "S100_PROSECUTION_INTAKE",
            "S110_PROSECUTION_REVIEW",
            "S120_SUPPLEMENT_1",
            "S130_SUPPLEMENT_2",
            "S140_NON_PROSECUTED",
            "S200_COURT_INTAKE",
            "S230_JUDGED_PENDING",
            "S260_EFFECTIVE",
        }
    )
)
#: the words of 2.0 for them
STAGES_20 = {
    "S100_PROSECUTION_INTAKE": "1108",
    "S110_PROSECUTION_REVIEW": "1101",
    "S120_SUPPLEMENT_1": "1106",
    "S130_SUPPLEMENT_2": "1109",
    "S140_NON_PROSECUTED": "1107",
    "S200_COURT_INTAKE": "1102",
    "S230_JUDGED_PENDING": "1104",
    "S260_EFFECTIVE": "1105",
}


def _cases() -> list[world.Case]:
    return [
        case
        for case in world.build(11, CASES)
        if case.reached("PROSECUTION") and not words15.planted(case.index, 11)
    ]


def _stage(case: world.Case) -> str:
    return STAGES[case.index % len(STAGES)]


def _old(case: world.Case, mappings: Mappings) -> dict[str, Any]:
    """The case as 1.5 tells it, read and mapped."""
    told = next(words15.acceptances(case, 11))
    told["AJXX"]["AJZT"] = words15.local("stage")[_stage(case)]
    told["WSXX"] = [words15.document(one) for one in case.documents_of("PROC")]
    body = bytes(paper.case_reply("AjxxXq", told).body)
    raw = RawRecord("case", case.department_number, body, "text/xml; charset=utf-8")
    adapter = Procuratorate15.__new__(Procuratorate15)
    return _mapped(mappings, "procuratorate_15", adapter.read(raw))


def _new(case: world.Case, mappings: Mappings) -> dict[str, Any]:
    """The same case as 2.0 tells it, read and mapped."""
    form = words20.detail(case, 11)
    form["aqzy" if "aqzy" in form else "ajzy"] = words15.facts(case, 11)
    form["dqjd"] = STAGES_20[_stage(case)]
    body = json.dumps({"retCode": 0, "data": form}).encode()
    raw = RawRecord("case", case.department_number, body, "application/json")
    adapter = Procuratorate20.__new__(Procuratorate20)
    return _mapped(mappings, "procuratorate_20", adapter.read(raw))


def _mapped(mappings: Mappings, system: str, tree: Any) -> dict[str, Any]:
    mapped = mappings.system(system).read("case", tree)
    assert (mapped.faults, mapped.remainder) == ((), ())
    return dict(mapped.body)


def _flat(told: Any, place: str = "") -> dict[str, Any]:
    """Place -> value; a field of ``ONLY`` that holds a record stays whole."""
    if isinstance(told, dict) and path_of(place) not in ONLY:
        found: dict[str, Any] = {}
        for name, below in told.items():
            found |= _flat(below, f"{place}.{name}".lstrip("."))
        return found
    if isinstance(told, list):
        found = {}
        for index, below in enumerate(told):
            found |= _flat(below, f"{place}[{index}]")
        return found
    return {place: told}


@pytest.fixture(scope="module")
def pairs(mappings: Mappings) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        (_flat(_old(case, mappings)), _flat(_new(case, mappings))) for case in _cases()
    ]


def test_the_same_case_is_the_same_record(
    pairs: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    assert len(pairs) > 300
    unlike: Counter[str] = Counter()
    for old, new in pairs:
        for place in {*old, *new}:
            path = path_of(place)
            if old.get(place) == new.get(place) or path in OWN:
                continue
            teller = OLD if place not in new else NEW if place not in old else "both"
            if ONLY.get(path, ("",))[0] != teller:
                unlike[f"{path}: {teller}"] += 1
    assert not unlike


def test_every_exception_is_still_one(
    pairs: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    """A field that both tell by now, or that never differs, is taken off the list."""
    only: dict[str, set[str]] = {}
    differs: set[str] = set()
    for old, new in pairs:
        for version, told in ((OLD, old), (NEW, new)):
            for place in told:
                only.setdefault(path_of(place), set()).add(version)
        differs |= {
            path_of(place)
            for place in old.keys() & new.keys()
            if old[place] != new[place]
        }
    assert {path: teller for path, (teller, _) in ONLY.items()} == {
        path: next(iter(only[path])) for path in ONLY if len(only[path]) == 1
    }
    assert set(OWN) == differs


def test_wordings_differ_only_where_a_name_disagrees_with_its_code(
    mappings: Mappings,
) -> None:
    for case in _cases()[:200]:
        told = zip(
            _old(case, mappings)["persons"],
            _new(case, mappings)["persons"],
            strict=True,
        )
        for old, new in told:
            for one, other in zip(old["charges"], new["charges"], strict=True):
                assert one["crime"] == other["crime"]
                assert other["wording"] == world.CRIME_NAMES[other["crime"]]
                assert one["wording"] in world.CRIME_NAMES.values()
