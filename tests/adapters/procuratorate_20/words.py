"""The words of the simulated system: its dictionaries, dates and detail form."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.simulators import world

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLACES = {**world.DIVISIONS, "421300": "随州"}

#: the supplier's own dictionaries: the standard's code -> the supplier's word
SEX = {"1": "male", "2": "female", "0": "unknown", "9": "unstated"}
MEASURES = {
    "BAIL": "取保候审",
    "CRIMINAL_DETENTION": "刑事拘留",
    "ARREST": "逮捕",
    "RESIDENTIAL_SURVEILLANCE": "监视居住",
    "COMPELLED_APPEARANCE": "拘传",
}
EDUCATION = {"21": "本科", "31": "大专", "61": "高中", "71": "初中", "81": "小学"}
ETHNIC = {"01": "汉", "03": "回", "05": "维吾尔", "15": "土家"}
RESULTS = {
    "GUILTY_IMPRISONMENT": "51",
    "GUILTY_PROBATION": "52",
    "GUILTY_PUBLIC_SURVEILLANCE": "53",
    "GUILTY_FINE_ONLY": "54",
    "GUILTY_EXEMPT": "55",
    "NOT_GUILTY": "56",
}
PENALTIES = {
    "CRIMINAL_DETENTION_PENALTY": "拘役",
    "FIXED_TERM": "有期徒刑",
    "PUBLIC_SURVEILLANCE": "管制",
    "LIFE": "无期徒刑",
}
STAGES = {"PROSECUTION": "1102", "TRIAL": "1104", "EXECUTION": "1105"}
DOCUMENTS = {
    "CASE_ACCEPT_FORM": ("230001", "受案登记表"),
    "FILING_DECISION": ("230003", "立案决定书"),
    "BAIL_DECISION": ("230019", "取保候审决定书"),
    "RIGHTS_NOTICE_SUSPECT": ("230031", "犯罪嫌疑人诉讼权利义务告知书"),
    "PROSECUTION_OPINION": ("230041", "起诉意见书"),
    "INDICTMENT_DOC": ("230058", "起诉书"),
    "SENTENCING_RECOMMENDATION_DOC": ("230059", "量刑建议书"),
    "JUDGMENT_DOC": ("230085", "刑事判决书"),
    "SERVICE_RECEIPT": ("230088", "送达回证"),
    "DOSSIER_INDEX": ("230148", "电子卷宗目录"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as this system lists it; ``issued`` is an ISO date."""

    type: str
    name: str
    number: str
    issued: str


def crime_code(code: str) -> str:
    """The 13-digit dictionary code of a crime."""
    return f"1403{code.removeprefix('CL').removeprefix('D'):0<9}"


def millis(day: date) -> int:
    """Midnight of a day in Shanghai as epoch milliseconds."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return int(midnight.timestamp() * 1000)


def stamp_millis(stamp: str) -> int:
    """``YYYY-mm-dd HH:MM:SS`` of Shanghai as epoch milliseconds."""
    moment = datetime.fromisoformat(stamp).replace(tzinfo=SHANGHAI)
    return int(moment.timestamp() * 1000)


def pseudo(papers: Iterable[Paper]) -> str:
    """Documents as the system's log writes them: single-quoted pseudo-JSON."""
    rows = (
        f"{{'WSMBBM':'{DOCUMENTS.get(paper.type, (paper.type, ''))[0]}',"
        f"'WSMC':'{_quoted(paper.name)}','WSWH':'{_quoted(paper.number)}',"
        f"'CZSJ':'{paper.issued}','WJLJ':null}}"
        for paper in papers
    )
    return f"[{','.join(rows)}]"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def term(months: int) -> str:
    """A term as years, months and days in one number: 18 months is 010600."""
    return f"{months // 12:02d}{months % 12:02d}00"


def identity(person: world.Person, rng: random.Random) -> str:
    """The number as some clerk typed it; always the same person's."""
    number = person.id_number
    shape = rng.choice(("plain", "plain", "plain", "old", "wide", "small", "spaced"))
    if shape == "old":
        return number[:6] + number[8:17]
    if shape == "wide":
        return "".join(chr(ord(mark) + 0xFEE0) for mark in number)
    if shape == "small":
        return number.lower()
    return f"{number[:6]} {number[6:14]} {number[14:]}" if shape == "spaced" else number


def name(text: str, rng: random.Random) -> str:
    """The name as some clerk typed it: a space between, another dot."""
    if "·" in text:
        return text.replace("·", rng.choice("·•‧・"))
    if len(text) == 2 and rng.random() < 0.2:
        return f"{text[0]}{rng.choice((' ', '　'))}{text[1]}"
    return text


def detail(case: world.Case, seed: int) -> dict[str, Any]:
    """The detail form of a case of the world, traps included, no dirt."""
    rng = random.Random(f"trap/{seed}/procuratorate_20/{case.index}")
    reached_court = case.reached("TRIAL")
    papers = [
        Paper(doc.type, doc.name, doc.number, doc.issued.isoformat())
        for doc in case.documents_of("PROC")
    ]
    form = {
        "bmsah": case.department_number,
        "tysah": case.unified_number,
        "ajbh": case.police_number,
        "fyah": case.court_number if reached_court else None,
        "ajmc": case.title,
        "ajlbbm": "1403001",
        "ajlbmc": "一审公诉案件",
        "ysayAydm": crime_code(case.crimes[0]),
        "ysay": world.CRIME_NAMES[case.crimes[0]],
        "ysqtay": ",".join(crime_code(code) for code in case.crimes[1:]),
        "aqzy": case.summary,
        "larq": millis(case.filed),
        "slrq": _day(case.accepted, rng),
        "dqrq": millis(case.accepted + timedelta(days=30)),
        "wcrq": None,
        "bjrq": millis(case.indicted) if reached_court else None,
        "ajzt": "1",
        "dqjd": STAGES[case.reach],
        "sfsc": "N",
        "sfdbaj": "N",
        "zhxgsj": stamp_millis(f"{case.modified:%Y-%m-%d %H:%M:%S}"),
        "zcjgDwdm": world.police_unit(case.division),
        "zcjgDwmc": f"{PLACES[case.division]}公安局",
        "yswswh": case.documents_of("POLICE")[-2].number,
        "cbdwbm": case.division,
        "cbdwmc": f"{PLACES[case.division]}人民检察院",
        "cbrxm": "承办检察官",
        "cbrgh": f"{case.division}0{case.index % 9}",
        "xyrxx": [_person(case, person, rng) for person in case.persons],
        "lcxx": [_step(case)],
        "xxnr": pseudo(papers),
    }
    return trapped(form, rng)


def trapped(form: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Nulls in three spellings, and the names of the monthly upgrade for some."""
    told = dict(form)
    for field in [name for name, value in form.items() if value is None]:
        how = rng.choice(("null", "blank", "missing"))
        if how == "blank":
            told[field] = ""
        elif how == "missing":
            del told[field]
    if rng.random() < 0.3:
        told = {_UPGRADED.get(name, name): value for name, value in told.items()}
    return told


#: fields renamed by the upgrade of 2023-07
_UPGRADED = {"slrq": "slsj", "aqzy": "ajzy", "cbdwbm": "cbdwDwbm"}


def _day(day: date, rng: random.Random) -> int | str:
    return millis(day) if rng.random() < 0.8 else f"{day.isoformat()} 00:00:00"


def _person(case: world.Case, person: world.Person, rng: random.Random) -> Any:
    key = f"{case.department_number}/{person.id_number}"
    return trapped(
        {
            "xyrbh": hashlib.md5(key.encode(), usedforsecurity=False).hexdigest(),
            "xm": name(person.name, rng),
            "cym": None,
            "xb": SEX[person.sex],
            "csrq": f"{person.birth.isoformat()} 00:00:00",
            "zjlx": rng.choice(("身份证", "SFZ")),
            "zjhm": identity(person, rng),
            "mz": ETHNIC[person.ethnic_group] + rng.choice(("", "族")),
            "whcd": EDUCATION[person.education],
            "hjdxzqh": person.household + rng.choice(("", "000000")),
            "zsd": person.address,
            "zy": person.occupation,
            "ryjd": STAGES[case.reach],
            "zmxx": [charge(code) for code in person.crimes],
            "qzcsxx": [measure(item, case.division) for item in person.measures],
            "pjxx": _sentence(case, person.sentence),
        },
        rng,
    )


def charge(code: str) -> dict[str, str]:
    """One crime, code and name."""
    return {"zmdm": crime_code(code), "zmmc": world.CRIME_NAMES[code]}


def measure(item: world.Measure, division: str) -> dict[str, Any]:
    """One compulsory measure, decided by the police of the division."""
    return {
        "qzcs": MEASURES[item.kind],
        "jdjgDwdm": world.police_unit(division),
        "ksrq": millis(item.start),
        "jsrq": millis(item.end),
    }


def _sentence(case: world.Case, given: world.Sentence | None) -> Any:
    if given is None:
        return None
    effective = millis(case.effective) if case.reached("EXECUTION") else None
    return {
        "pjjg": RESULTS[given.result],
        "xz": PENALTIES[given.penalty],
        "xq": term(given.months),
        "hxyf": given.probation_months,
        "fj": f"{given.fine:,}.00",
        "pjrq": millis(case.judged),
        "sxrq": effective,
    }


def _step(case: world.Case) -> Mapping[str, Any]:
    return {
        "lcslbh": f"LC{case.index:08d}",
        "lcjdbh": "1101",
        "lcjdmc": "受理",
        "jdjrsj": millis(case.accepted),
        "jdlksj": None,
        "jdzxzt": "1",
        "sjbsbh": "",
    }
