"""The world's facts in the police system's own words, with its traps and its dirt.

A trap is spelled awkwardly and means the same; dirt is wrong (``KINDS``).
"""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.simulators import dirt
from tests.simulators.world import Case, Document, Measure, Person, police_unit

SYSTEM = "police_case"
TABLES = Path(__file__).parents[3] / "mappings" / "tables"

#: kind of dirt -> the failure it must cause
KINDS = {
    "cut": "RECORD_UNREADABLE",  # the inner XML ends in the middle
    "lost": "RECORD_UNREADABLE",  # characters were replaced before they came here
    "control": "RECORD_UNREADABLE",  # a control character that XML forbids
    "crime": "CODE_UNKNOWN",
    "stage": "CODE_UNKNOWN",
    "identity": "RECORD_INVALID",  # check digit
    "date": "RECORD_INVALID",  # 31 February
}

FILED, TRANSFERRED, SUPPLEMENT = "20", "40", "41"
MEASURES = {
    "COMPELLED_APPEARANCE": "1",
    "CRIMINAL_DETENTION": "2",
    "BAIL": "3",
    "RESIDENTIAL_SURVEILLANCE": "4",
    "ARREST": "5",
}
_SEPARATORS = "、，,；;|"
_DOTS = "·•‧・･．"


def words(case: Case, seed: int) -> dict[str, Any]:
    """One case of the world as the police system holds it."""
    rng = random.Random(f"trap/{seed}/{SYSTEM}/{case.index}")
    people = [
        person_words(person, f"{case.filed:%Y%m}{case.index % 1000:03d}{place}", rng)
        for place, person in enumerate(case.persons)
    ]
    papers = [paper_words(paper) for paper in case.documents_of("POLICE")]
    stage = TRANSFERRED if case.reached("PROSECUTION") else FILED
    found = {
        "AJBH": case.police_number,
        "AJMC": case.title,
        "BADW": police_unit(case.division),
        "JYAQ": case.summary,
        "LASJ": f"{case.filed:%Y%m%d}",
        "AJJD": stage,
        "RYLB": people,
        "WSLB": papers,
        "XGSJ": f"{case.modified:%Y-%m-%d %H:%M:%S}",
        "really": "gb18030" if rng.random() < 0.1 else "",
    }
    for person in people:
        for measure in person["QZCS"]:
            measure["JDJG"] = found["BADW"]
    return soiled(found, planted(case.index, seed))


def person_words(person: Person, tail: str, rng: random.Random) -> dict[str, Any]:
    """A suspect in police words; some numbers still have 15 digits."""
    return {
        "RYBH": f"R{person.household}000000{tail}",
        "XM": _name(person.name, rng),
        "CYM": "",
        "XB": person.sex,
        "CSRQ": f"{person.birth:%Y%m%d}",
        "CYZJDM": "111",
        "ZJHM": _number(person.id_number, rng),
        "MZ": person.ethnic_group,
        "WHCD": person.education,
        "HJDXZQH": person.household + ("000000" if rng.random() < 0.3 else ""),
        "XZZ": person.address,
        "ZY": person.occupation,
        "QZCS": [measure_words(measure) for measure in person.measures],
        "ZM": _crimes(person.crimes, rng),
    }


def measure_words(measure: Measure) -> dict[str, Any]:
    """A compulsory measure by the system's own digit."""
    return {
        "CSLX": MEASURES[measure.kind],
        "KSRQ": f"{measure.start:%Y%m%d}",
        "JSRQ": f"{measure.end:%Y%m%d}",
    }


def paper_words(paper: Document) -> dict[str, Any]:
    """A document by the system's own document number."""
    return document(paper.type, paper.name, paper.number, paper.issued)


def document(kind: str, name: str, number: str, issued: date) -> dict[str, Any]:
    """A document of this type of the standard."""
    return {
        "WSDM": local("document_type")[kind],
        "WSMC": name,
        "WSWH": number,
        "QFRQ": f"{issued:%Y%m%d}",
    }


@lru_cache(maxsize=8)
def local(table: str) -> Mapping[str, str]:
    """Code of the standard -> the system's first own word for it."""
    path = TABLES / table / "crosswalk" / f"{SYSTEM}.tsv"
    found: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["relation"] == "equal":
                found.setdefault(row["code"], row["raw"])
    return found


def planted(index: int, seed: int) -> str:
    """The kind of dirt that this case carries, or nothing."""
    if not dirt.is_dirty(seed, SYSTEM, index):
        return ""
    return dirt.pick(seed, SYSTEM, index, tuple(KINDS))


def soiled(found: dict[str, Any], kind: str) -> dict[str, Any]:
    """The record with this kind of dirt on it."""
    first = found["RYLB"][0]
    if kind == "crime":
        first["ZM"] = "打架斗殴滋事"
    elif kind == "stage":
        found["AJJD"] = "77"
    elif kind == "identity":
        number = found["RYLB"][0]["ZJHM"] = "421381190001010011"
        first["CSRQ"] = number[6:14]
    elif kind == "date":
        found["LASJ"] = "20230231"
    elif kind == "lost":
        found["JYAQ"] = f"锟斤拷{found['JYAQ']}"
    elif kind == "control":
        found["JYAQ"] = f"\x02{found['JYAQ']}"
    return found | {"dirt": kind}


def _name(name: str, rng: random.Random) -> str:
    if "·" in name:
        return name.replace("·", rng.choice(_DOTS))
    if rng.random() < 0.15:
        gap = rng.choice((" ", "\u3000", "  "))
        return name[0] + gap + name[1:]
    return name


def _number(number: str, rng: random.Random) -> str:
    shape = rng.random()
    if shape < 0.2 and number[6:8] == "19":
        return number[:6] + number[8:17]
    if shape < 0.3:
        return number.lower()
    if shape < 0.35:
        return number.translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    return number


def _crimes(crimes: Sequence[str], rng: random.Random) -> str:
    names = [local("crime")[crime] for crime in crimes]
    spelled = [
        name.removesuffix("罪") if rng.random() < 0.3 else name for name in names
    ]
    return rng.choice(_SEPARATORS).join(spelled)
