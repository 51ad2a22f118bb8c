"""The world's facts in the words of system 1.5, with its traps and its dirt.

A trap is spelled awkwardly and means the same; dirt is wrong (``KINDS``). One case
of the world gives one acceptance for prosecution, and for a share of the cases an
earlier acceptance for the arrest review and a row entered by mistake and deleted.
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.simulators import dirt
from tests.simulators.world import (
    CRIME_NAMES,
    DIVISIONS,
    Case,
    Document,
    Measure,
    Person,
    police_unit,
)

SYSTEM = "procuratorate_15"
TABLES = Path(__file__).parents[3] / "mappings" / "tables"

#: kind of dirt -> the failure it must cause
KINDS = {
    "cut": "RECORD_UNREADABLE",  # the XML text ends in the middle
    "open_cdata": "RECORD_UNREADABLE",  # ]]> of the facts ends the outer CDATA
    "lost": "RECORD_UNREADABLE",  # characters were replaced before they came here
    "cause": "CODE_UNKNOWN",
    "stage": "CODE_UNKNOWN",
    "identity": "RECORD_INVALID",  # check digit
    "date": "RECORD_INVALID",  # 30 February
}
Words = dict[str, Any]

_LITERAL = "（照片[编号[3]]>见卷）"
_ZERO_DIGIT = 0xFF10


def acceptances(case: Case, seed: int) -> Iterator[Words]:
    """Every row that system 1.5 has of one case of the world."""
    rng = random.Random(f"trap/{seed}/{SYSTEM}/{case.index}")
    clean = _acceptance(case, seed, rng)
    yield soiled(clean, planted(case.index, seed))
    held = case.persons[0].measures[0].kind == "CRIMINAL_DETENTION"
    if held and rng.random() < 0.5:
        yield _arrest_review(case, clean)
    if rng.random() < 0.06:
        yield _deleted(case, clean)


def belongs(case: Case) -> bool:
    """Is this case of the world in system 1.5?"""
    return case.in_15 and case.reached("PROSECUTION")


def facts(case: Case, seed: int) -> str:
    """What the facts of this case say here: some quote a picture's label."""
    rng = random.Random(f"facts/{seed}/{SYSTEM}/{case.index}")
    return case.summary + (_LITERAL if rng.random() < 0.05 else "")


def stage(case: Case) -> str:
    """The standard stage that this system knows of the case."""
    if case.reached("EXECUTION"):
        return "S260_EFFECTIVE"
    return "S200_COURT_INTAKE" if case.reached("TRIAL") else "S110_PROSECUTION_REVIEW"


def slashed(day: date) -> str:
    """A date as this system writes it: 2023/8/1."""
    return f"{day.year}/{day.month}/{day.day}"


@lru_cache(maxsize=16)
def local(table: str) -> Mapping[str, str]:
    """Code of the standard -> the system's first own word for it."""
    path = TABLES / table / "crosswalk" / f"{SYSTEM}.tsv"
    found: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["relation"] == "equal":
                found.setdefault(row["code"], row["raw"])
    return found


@lru_cache(maxsize=16)
def known(table: str) -> frozenset[str]:
    """Every word of its own that the system knows in a dictionary."""
    path = TABLES / table / "crosswalk" / f"{SYSTEM}.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        return frozenset(row["raw"] for row in csv.DictReader(lines, delimiter="\t"))


def planted(index: int, seed: int) -> str:
    """The kind of dirt that this case's acceptance carries, or nothing."""
    if not dirt.is_dirty(seed, SYSTEM, index):
        return ""
    return dirt.pick(seed, SYSTEM, index, tuple(KINDS))


def _acceptance(case: Case, seed: int, rng: random.Random) -> Words:
    causes = [_cause(crime, rng) for crime in case.crimes]
    papers = case.documents_of("PROC") if case.reached("TRIAL") else ()
    return {
        "AJXX": _card(case, seed)
        | {
            "YSAY_AYDM": causes[0]["AYDM"],
            "YSAY_AYMC": causes[0]["AYMC"],
            "YSQTAY_AYDMS": ",".join(cause["AYDM"] for cause in causes[1:]),
            "YSQTAY_AYMCS": ",".join(cause["AYMC"] for cause in causes[1:]),
        },
        "XYRXX": [
            _person(person, f"{case.index}/{place}", rng)
            for place, person in enumerate(case.persons)
        ],
        "WSXX": [document(paper) for paper in papers],
        "charset": "GBK" if rng.random() < 0.15 else "UTF-8",
        "dirt": "",
    }


def _card(case: Case, seed: int) -> Words:
    place = DIVISIONS[case.division]
    return {
        "BMSAH": case.department_number,
        "TYSAH": case.unified_number,
        "AJBH": case.police_number,
        "AJMC": case.title,
        "AJLB_BM": "0301",
        "AJLB_MC": "一审公诉案件",
        "SFSC": "N",
        "CBDW_BM": case.division,
        "CBDW_MC": f"{place}检察院",
        "CJSJ": f"{case.accepted:%Y-%m-%d} 09:00:00",
        "ZHXGSJ": f"{case.modified:%Y-%m-%d %H:%M:%S}",
        "SLRQ": slashed(case.accepted),
        "ZCJG_DWDM": police_unit(case.division),
        "ZCJG_DWMC": f"{place}公安局",
        "AJZT": local("stage")[stage(case)],
        "AQZY": facts(case, seed),
        "DQRQ": slashed(case.accepted + timedelta(days=30)),
        "BJRQ": slashed(case.indicted) if case.reached("TRIAL") else "",
        "CBR": "承办人",
        "CBRGH": "0001",
    }


def _person(person: Person, tail: str, rng: random.Random) -> Words:
    return {
        "XYRBH": hashlib.sha256(f"{person.id_number}/{tail}".encode()).hexdigest()[:32],
        "XM": _name(person.name, rng),
        "CYM": "",
        "XB": local("sex")[person.sex],
        "CSRQ": f"{person.birth:%Y%m%d}",
        "ZJLX": "身份证",
        "SFZH": _number(person.id_number, rng),
        "MZ": _folk(person.ethnic_group, rng),
        "SJYZK": local("education")[person.education],
        "HJD": person.household,
        "ZSD": person.address,
        "ZY": person.occupation,
        "AYXX": [
            _cause(crime, rng) | {"SFZAY": "N" if place else "Y"}
            for place, crime in enumerate(person.crimes)
        ],
        "QZCSXX": [measure(one) for one in person.measures],
    }


def measure(one: Measure) -> Words:
    """A compulsory measure by its name."""
    return {
        "CSLX": local("compulsory_measure")[one.kind],
        "KSRQ": slashed(one.start),
        "JSRQ": slashed(one.end),
    }


def document(paper: Document) -> Words:
    """A document; its template's number is not its number."""
    return paper_words(paper.name, paper.number, paper.issued)


def paper_words(name: str, number: str, issued: date) -> Words:
    """A document by its name, as this system files it."""
    return {
        "WSMC": name,
        "WSBH": f"SIM-MB-{len(name):03d}",
        "WSWH": number,
        "QFRQ": slashed(issued),
        "WJM": f"D:\\tyyw\\ws\\{name}.pdf",
    }


def _arrest_review(case: Case, clean: Words) -> Words:
    place, number = DIVISIONS[case.division], case.index + 1
    at = case.modified - timedelta(days=20)
    day = case.filed + timedelta(days=3)
    return _other(
        clean,
        at,
        BMSAH=f"{place}检批捕受[{day:%Y}]{case.division}{number + 30000:05d}号",
        AJLB_BM="0201",
        AJLB_MC="审查逮捕案件",
        SLRQ=slashed(day),
        DQRQ=slashed(day + timedelta(days=7)),
        BJRQ=slashed(day + timedelta(days=6)),
        AJZT=local("stage")["S040_ARREST_DECIDED"],
    )


def _deleted(case: Case, clean: Words) -> Words:
    place, number = DIVISIONS[case.division], case.index + 60001
    at = case.modified - timedelta(days=1)
    return _other(
        clean,
        at,
        BMSAH=f"{place}检起诉受[{case.accepted:%Y}]{case.division}{number:05d}号",
        AJMC=f"{case.title}（重复登记）",
        SFSC="Y",
    )


def _other(clean: Words, at: datetime, **card: str) -> Words:
    stamped = {"ZHXGSJ": f"{at:%Y-%m-%d %H:%M:%S}"}
    return clean | {"AJXX": clean["AJXX"] | stamped | card, "WSXX": []}


def soiled(found: Words, kind: str) -> Words:
    """The acceptance with this kind of dirt on it."""
    card = dict(found["AJXX"])
    first = dict(found["XYRXX"][0])
    if kind == "cause":
        first["AYXX"] = [{"AYDM": "1403199999999", "AYMC": "其他", "SFZAY": "Y"}]
    elif kind == "stage":
        card["AJZT"] = "1390000000077"
    elif kind == "identity":
        first["SFZH"] = "421381190001010011"
    elif kind == "date":
        card["SLRQ"] = "2023/2/30"
    elif kind == "lost":
        card["AQZY"] = f"锟斤拷{card['AQZY']}"
    elif kind == "open_cdata":
        card["AQZY"] = f"{card['AQZY']}{_LITERAL}"
    people = [first, *found["XYRXX"][1:]]
    return found | {"AJXX": card, "XYRXX": people, "dirt": kind}


def _cause(crime: str, rng: random.Random) -> Words:
    """Code and name of a cause; now and then they disagree, or the code is blank."""
    shape = rng.random()
    names = list(CRIME_NAMES)
    code, name = local("crime")[crime], CRIME_NAMES.get(crime, "")
    if shape < 0.06:
        return {"AYDM": "", "AYMC": name}
    if shape < 0.14:
        other = names[(names.index(crime) + 1) % len(names)]
        return {"AYDM": code, "AYMC": CRIME_NAMES[other]}
    return {"AYDM": code, "AYMC": name}


def _name(name: str, rng: random.Random) -> str:
    if "·" in name:
        return name.replace("·", rng.choice("·•．"))
    shape = rng.random()
    if shape < 0.15:
        return name[0] + rng.choice((" ", "\u3000")) + name[1:]
    return f" {name} " if shape < 0.2 else name


def _number(number: str, rng: random.Random) -> str:
    shape = rng.random()
    if shape < 0.1:
        return number[:6] + number[8:17]
    if shape < 0.2:
        return number.lower()
    if shape < 0.25:
        wide = {48 + digit: _ZERO_DIGIT + digit for digit in range(10)}
        return number.translate(wide)
    return number


def _folk(code: str, rng: random.Random) -> str:
    name = local("ethnic_group")[code]
    return name.removesuffix("族") if rng.random() < 0.2 else name
