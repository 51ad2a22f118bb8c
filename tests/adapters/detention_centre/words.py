"""The world's facts in the words of a detention centre's register, traps included.

Held are the persons whom the police detained first. The centre is behind: of a case
that came no further than the procuratorate it does not know yet that its persons were
released on bail, and a stage it learns only by a custody change.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.simulators import dirt, world

SYSTEM = "detention_centre"
TABLES = Path(__file__).parents[3] / "mappings" / "tables"
STAMP = "%Y-%m-%d %H:%M:%S"
#: what the centre's clock shows when a simulator is first started
BEGINNING = "2023-09-01 10:00:00"
CENTRES = {"421381": "421381121", "421303": "421300111", "421321": "421300111"}
_TODAY = date(2023, 9, 1)
#: one case in so many has a term that has passed
_OVERDUE = 10
#: share of dirty records: the register is small, and each kind shall be in it
_DIRTY = 0.12

#: kind of dirt -> the code of the failure it must cause
KINDS = {
    "truncated": "RECORD_UNREADABLE",
    "gone": "RECORD_UNREADABLE",
    "crime": "CODE_UNKNOWN",
    "stage": "CODE_UNKNOWN",
    "number": "RECORD_INVALID",
    "term": "RECORD_INVALID",
    "identity": "RECORD_INVALID",
}
Words = dict[str, Any]


@lru_cache(maxsize=16)
def local(table: str) -> dict[str, str]:
    """Code of the standard -> the system's first own word for it."""
    path = TABLES / table / "crosswalk" / f"{SYSTEM}.tsv"
    found: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            found.setdefault(row["code"], row["raw"])
    return found


def held(case: world.Case) -> Iterator[tuple[int, world.Person]]:
    """The persons of a case who came to the centre, with their place in it."""
    for place, person in enumerate(case.persons):
        if person.measures[0].kind == "CRIMINAL_DETENTION":
            yield place, person


def is_released(case: world.Case) -> bool:
    """Does the centre know that its persons went?"""
    return case.reached("TRIAL")


def is_overdue(case: world.Case) -> bool:
    """Are its persons held beyond their term, as far as the centre knows?"""
    return not is_released(case) and case.index % _OVERDUE == 4


def number(case: world.Case, place: int) -> str:
    """The 21 digits: centre, day of intake, running number."""
    return f"{CENTRES[case.division]}{case.filed:%Y%m%d}{case.index * 3 + place:04d}"


def ends_on(case: world.Case, person: world.Person) -> date:
    """The last day of the term in the register."""
    if is_released(case):
        return person.measures[0].end
    ahead = -1 if is_overdue(case) else 10 + case.index % 30
    return _TODAY + timedelta(days=ahead)


def ground(case: world.Case) -> str:
    """Who is still held is held by arrest."""
    return "CRIMINAL_DETENTION" if is_released(case) else "ARREST"


def planted(seed: int, case: world.Case, place: int) -> str:
    """The dirt that a person's record carries; empty for a clean one."""
    index = case.index * 10 + place
    if not dirt.is_dirty(seed, SYSTEM, index, _DIRTY):
        return ""
    return tuple(KINDS)[(case.index + place) % len(KINDS)]


def form(case: world.Case, place: int, seed: int) -> Words:
    """The record of one person, no dirt."""
    person = case.persons[place]
    rng = random.Random(f"trap/{seed}/{SYSTEM}/{case.index}/{place}")
    police = local("agency")[f"POLICE-{case.division}"]
    gone = is_released(case)
    return {
        "RYBH": number(case, place),
        "RYXX": _identity(person, rng),
        "SYXX": {
            "PTTYAH": "",
            "AJBH": case.police_number,
            "AJMC": case.title,
            "SXZM": "、".join(world.CRIME_NAMES[code] for code in person.crimes),
            "KSS": CENTRES[case.division],
            "SYDW": police,
            "BADW": police,
            "SSHJ": "11",
            "HJJS": "Y" if case.reach == "PROSECUTION" else "N",
            "JYYY": local("compulsory_measure")[ground(case)],
            "RSRQ": f"{case.filed:%Y.%m.%d}",
            "JYQXJZRQ": _day(ends_on(case, person), rng),
            "CSRQ": f"{person.measures[0].end} 00:00:00" if gone else "",
        },
        "HYJL": {"HY": []},
        "TXJL": {"TX": []},
        "JSH": f"{case.index % 12 + 1:03d}",
        "GJMJ": "管教民警",
        "XGSJ": stamp(case.modified + timedelta(seconds=place)),
    }


def _identity(person: world.Person, rng: random.Random) -> Words:
    return {
        "XM": _name(person.name, rng),
        "BM": "",
        "XB": local("sex")[person.sex],
        "CSRQ": f"{person.birth:%Y%m%d}",
        "ZJLX": "居民身份证",
        "SFZH": _number(person.id_number, rng),
        "MZ": local("ethnic_group")[person.ethnic_group],
        "WHCD": local("education")[person.education],
        "HJD": person.household + rng.choice(("", "000000")),
        "JZD": person.address,
        "ZY": person.occupation,
    }


def soil(told: Words, kind: str) -> Words:
    """The record with this dirt; ``truncated`` and ``gone`` are done when sent."""
    who, term = dict(told["RYXX"]), dict(told["SYXX"])
    changed: Words = {"RYXX": who, "SYXX": term}
    if kind == "crime":
        term["SXZM"] = "其他"
    elif kind == "stage":
        term["SSHJ"] = "99"
    elif kind == "number":
        changed["RYBH"] = told["RYBH"][:-1]
    elif kind == "term":
        term["JYQXJZRQ"] = "20230230"
    elif kind == "identity":
        who["SFZH"] = "421381190001010011"
    return told | changed


def answer(code: str, text: str, content: Words | None = None) -> bytes:
    """An answer in GB18030 that says it is GBK."""
    told = {"FHM": code, "FHXX": text, **(content or {})}
    body = f'<?xml version="1.0" encoding="GBK"?>{xml("YD", told)}'
    return body.encode("gb18030")


def xml(name: str, told: Any) -> str:
    """An element; a list in a value becomes that many elements."""
    if isinstance(told, dict):
        inner = "".join(
            xml(key, item)
            for key, value in told.items()
            for item in (value if isinstance(value, list) else [value])
        )
        return f"<{name}>{inner}</{name}>"
    return f"<{name}>{escape(str(told))}</{name}>"


def stamp(moment: datetime) -> str:
    """A time of the centre's clock."""
    return moment.strftime(STAMP)


def _day(day: date, rng: random.Random) -> str:
    shape = rng.choice(("compact", "chinese", "dashed"))
    if shape == "compact":
        return f"{day:%Y%m%d}"
    return f"{day.year}年{day.month}月{day.day}日" if shape == "chinese" else f"{day}"


def _name(text: str, rng: random.Random) -> str:
    if "·" in text:
        return text.replace("·", rng.choice("·•．"))
    return f"{text[0]}　{text[1:]}" if rng.random() < 0.15 else text


def _number(text: str, rng: random.Random) -> str:
    shape = rng.choice(("plain", "plain", "old", "small", "spaced"))
    if shape == "old":
        return text[:6] + text[8:17]
    return {"small": text.lower(), "spaced": f" {text} "}.get(shape, text)
