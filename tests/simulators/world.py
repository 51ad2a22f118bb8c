"""The invented world: cases of a county city that all simulated agencies share.

``build(seed, size)`` makes the same cases for the same seed, whichever process
asks. Each simulator renders its own part in its own words and plants its own
declared dirt, so the agencies agree on the facts and disagree on the spelling.

Everything is invented. Identity numbers carry birth years 1900 to 1905, which no
living suspect has.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

#: how far a case has come; each includes the ones before it
Reach = Literal["INVESTIGATION", "PROSECUTION", "TRIAL", "EXECUTION"]
REACHES: tuple[Reach, ...] = ("INVESTIGATION", "PROSECUTION", "TRIAL", "EXECUTION")

DIVISIONS = {"421381": "广水", "421303": "曾都", "421321": "随县"}
DRIVING, THEFT, FRAUD, INJURY = "CL1330101", "CL2640001", "CL2660001", "CL2340001"
CRIME_NAMES = {
    DRIVING: "危险驾驶罪",
    THEFT: "盗窃罪",
    FRAUD: "诈骗罪",
    INJURY: "故意伤害罪",
}

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英建国志华玉兰春梅海燕"
_SPECIAL = ("阿卜杜拉·买买提", "古丽娜尔·艾合买提", "欧阳建国", "㛃㵘", "司马玉兰")
_ROADS = ("应山大道", "永阳路", "东大街", "北门路", "四贤路", "航空路")


@dataclass(frozen=True, slots=True)
class Measure:
    """A compulsory measure: a code of ``compulsory_measure``."""

    kind: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a court gave one person."""

    result: str
    penalty: str
    months: int
    probation_months: int
    fine: int


@dataclass(frozen=True, slots=True)
class Person:
    """A suspect. ``sex`` and the other codes are those of the standards."""

    name: str
    sex: str
    birth: date
    id_number: str
    ethnic_group: str
    education: str
    household: str
    address: str
    occupation: str
    crimes: tuple[str, ...]
    measures: tuple[Measure, ...]
    sentence: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the case; ``type`` is a code of ``document_type``."""

    type: str
    name: str
    number: str
    issued: date
    issuer: Literal["POLICE", "PROC", "COURT"]


@dataclass(frozen=True, slots=True)
class Case:
    """One case with every number and date that any agency may know of it."""

    index: int
    division: str
    reach: Reach
    in_15: bool
    title: str
    summary: str
    crimes: tuple[str, ...]
    persons: tuple[Person, ...]
    documents: tuple[Document, ...]
    police_number: str
    department_number: str
    unified_number: str
    court_number: str
    correction_number: str
    filed: date
    transferred: date
    accepted: date
    indicted: date
    court_filed: date
    judged: date
    effective: date
    correction_from: date
    modified: datetime

    def reached(self, reach: Reach) -> bool:
        """Has the case come at least this far?"""
        return REACHES.index(self.reach) >= REACHES.index(reach)

    def documents_of(self, *issuers: str) -> tuple[Document, ...]:
        """The documents that these agency types issued."""
        return tuple(doc for doc in self.documents if doc.issuer in issuers)


def build(seed: int, size: int) -> tuple[Case, ...]:
    """The cases of the world, oldest first; the same for the same arguments."""
    return tuple(_case(seed, index) for index in range(size))


def police_unit(division: str) -> str:
    """The 12-digit police unit of a division."""
    return f"{division}000000"


def check_digit(body: str) -> str:
    """The check character of GB 11643-1999 for 17 digits."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(
        int(digit) * weight for digit, weight in zip(body, weights, strict=True)
    )
    return "10X98765432"[total % 11]


def identity_number(division: str, birth: date, sequence: int) -> str:
    """An 18-digit identity number that nobody holds."""
    body = f"{division}{birth:%Y%m%d}{sequence:03d}"
    return body + check_digit(body)


def _case(seed: int, index: int) -> Case:
    rng = random.Random(f"{seed}/{index}")
    division = rng.choices(list(DIVISIONS), weights=(6, 3, 2))[0]
    reach = rng.choices(REACHES, weights=(10, 12, 18, 60))[0]
    filed = date(2023, 1, 3) + timedelta(days=index % 200)
    dates = _dates(rng, filed)
    crimes = _crimes(rng)
    persons = tuple(_persons(rng, division, crimes, filed, reach))
    number = index + 1
    in_15 = index % 2 == 0
    accepted = dates["accepted"]
    unified = f"{division}{accepted:%Y}{number:05d}" + ("00" if in_15 else "01")
    place = DIVISIONS[division]
    department = (
        f"{place}检起诉受[{accepted:%Y}]{division}{number:05d}号"
        if in_15
        else f"{place}检刑诉受[{accepted:%Y}]{division}{number:06d}号"
    )
    return Case(
        index=index,
        division=division,
        reach=reach,
        in_15=in_15,
        title=f"{persons[0].name}{CRIME_NAMES[crimes[0]].removesuffix('罪')}案",
        summary=_summary(rng, persons[0], crimes[0], filed),
        crimes=crimes,
        persons=persons,
        documents=tuple(_documents(place, number, dates, filed, reach)),
        police_number=f"A{police_unit(division)}{filed:%Y%m}{number % 10000:04d}",
        department_number=department,
        unified_number=unified,
        court_number=f"（{dates['court_filed']:%Y}）鄂{division[2:]}刑初{number}号",
        correction_number=f"SJ{division}{dates['correction_from']:%Y}{number:05d}",
        filed=filed,
        modified=datetime(2023, 8, 1, 8, 0, 0) + timedelta(seconds=(index // 3) * 7),  # noqa: DTZ001 - local clock
        **dates,
    )


def _dates(rng: random.Random, filed: date) -> dict[str, date]:
    steps = (
        ("transferred", 5, 20),
        ("accepted", 0, 1),
        ("indicted", 3, 10),
        ("court_filed", 0, 3),
        ("judged", 3, 10),
        ("effective", 10, 14),
        ("correction_from", 1, 5),
    )
    found: dict[str, date] = {}
    day = filed
    for name, low, high in steps:
        day += timedelta(days=rng.randint(low, high))
        found[name] = day
    return found


def _crimes(rng: random.Random) -> tuple[str, ...]:
    first = rng.choices((DRIVING, THEFT, FRAUD, INJURY), weights=(6, 4, 1, 1))[0]
    if rng.random() < 0.15:
        second = rng.choice([code for code in CRIME_NAMES if code != first])
        return (first, second)
    return (first,)


def _persons(
    rng: random.Random,
    division: str,
    crimes: tuple[str, ...],
    filed: date,
    reach: Reach,
) -> Iterator[Person]:
    count = rng.choices((1, 2, 3), weights=(8, 2, 1))[0]
    names: set[str] = set()
    for position in range(count):
        name = _name(rng)
        while name in names:
            name = _name(rng)
        names.add(name)
        sex = rng.choices("12", weights=(8, 2))[0]
        birth = date(1900, 1, 1) + timedelta(days=rng.randrange(5 * 365))
        sequence = rng.randrange(10, 490) * 2 + (1 if sex == "1" else 0)
        home = rng.choices((division, "422224", "420619"), weights=(8, 1, 1))[0]
        yield Person(
            name=name,
            sex=sex,
            birth=birth,
            id_number=identity_number(home, birth, sequence),
            ethnic_group=rng.choices(("01", "15", "03", "05"), weights=(9, 1, 1, 1))[0],
            education=rng.choice(("71", "61", "81", "21", "31")),
            household=home,
            address=f"湖北省{rng.choice(_ROADS)}{rng.randint(1, 300)}号",
            occupation=rng.choice(("务农", "个体", "司机", "无业", "职员")),
            crimes=crimes if position == 0 else crimes[:1],
            measures=_measures(rng, crimes, filed),
            sentence=_sentence(rng, crimes)
            if reach in ("TRIAL", "EXECUTION")
            else None,
        )


def _name(rng: random.Random) -> str:
    if rng.random() < 0.04:
        return rng.choice(_SPECIAL)
    given = "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))
    return rng.choice(_SURNAMES) + given


def _measures(
    rng: random.Random, crimes: tuple[str, ...], filed: date
) -> tuple[Measure, ...]:
    start = filed + timedelta(days=1)
    bail = Measure("BAIL", start, start + timedelta(days=364))
    if crimes[0] == DRIVING or rng.random() < 0.5:
        return (bail,)
    held = Measure("CRIMINAL_DETENTION", filed, filed + timedelta(days=6))
    after = Measure("BAIL", held.end, held.end + timedelta(days=364))
    return (held, after)


def _sentence(rng: random.Random, crimes: tuple[str, ...]) -> Sentence:
    detained = crimes == (DRIVING,) or rng.random() < 0.4
    penalty = "CRIMINAL_DETENTION_PENALTY" if detained else "FIXED_TERM"
    months = rng.randint(1, 5) if detained else rng.randint(6, 30)
    fine = rng.choice((2000, 3000, 5000, 10000))
    return Sentence("GUILTY_PROBATION", penalty, months, max(2, months * 2), fine)


def _summary(rng: random.Random, person: Person, crime: str, filed: date) -> str:
    day = f"{filed.year}年{filed.month}月{filed.day}日"
    if crime == DRIVING:
        alcohol = rng.randint(8100, 24000) / 100
        return (
            f"{day}，{person.name}酒后驾驶小型汽车，血液酒精含量{alcohol:.2f}mg/100ml。"
        )
    act = CRIME_NAMES[crime].removesuffix("罪")
    return f"{day}，{person.name}在{rng.choice(_ROADS)}实施{act}行为。"


#: what each agency type issues: document type, name, number word, date field
_PAPERS: tuple[
    tuple[Reach, Literal["POLICE", "PROC", "COURT"], str, str, str, str], ...
] = (
    ("INVESTIGATION", "POLICE", "CASE_ACCEPT_FORM", "受案登记表", "受", "filed"),
    ("INVESTIGATION", "POLICE", "FILING_DECISION", "立案决定书", "立", "filed"),
    ("INVESTIGATION", "POLICE", "BAIL_DECISION", "取保候审决定书", "取保", "filed"),
    ("INVESTIGATION", "POLICE", "INTERROGATION_RECORD", "讯问笔录", "", "filed"),
    ("INVESTIGATION", "POLICE", "HOUSEHOLD_PROOF", "户籍证明", "", "filed"),
    (
        "INVESTIGATION",
        "POLICE",
        "CRIMINAL_RECORD_CHECK",
        "违法犯罪记录查询",
        "",
        "filed",
    ),
    ("INVESTIGATION", "POLICE", "ARRIVAL_STATEMENT", "到案经过", "", "filed"),
    (
        "INVESTIGATION",
        "POLICE",
        "RIGHTS_NOTICE_SUSPECT",
        "犯罪嫌疑人诉讼权利义务告知书",
        "",
        "filed",
    ),
    (
        "INVESTIGATION",
        "POLICE",
        "PROSECUTION_OPINION",
        "起诉意见书",
        "诉",
        "transferred",
    ),
    ("INVESTIGATION", "POLICE", "DOSSIER_INDEX", "电子卷宗目录", "", "transferred"),
    ("PROSECUTION", "PROC", "INDICTMENT_DOC", "起诉书", "刑诉", "indicted"),
    (
        "PROSECUTION",
        "PROC",
        "SENTENCING_RECOMMENDATION_DOC",
        "量刑建议书",
        "刑量建",
        "indicted",
    ),
    ("TRIAL", "COURT", "JUDGMENT_DOC", "刑事判决书", "判", "judged"),
    ("TRIAL", "COURT", "SERVICE_RECEIPT", "送达回证", "", "judged"),
    ("EXECUTION", "COURT", "EXECUTION_NOTICE", "执行通知书", "执", "effective"),
    ("EXECUTION", "COURT", "CASE_CLOSING_FORM", "结案登记表", "", "effective"),
)


def _documents(
    place: str, number: int, dates: dict[str, date], filed: date, reach: Reach
) -> Iterator[Document]:
    for needed, issuer, kind, name, word, at in _PAPERS:
        if REACHES.index(reach) < REACHES.index(needed):
            continue
        issued = filed if at == "filed" else dates[at]
        yield Document(
            kind,
            name,
            _paper_number(place, issuer, word, issued, number),
            issued,
            issuer,
        )


def _paper_number(place: str, issuer: str, word: str, issued: date, number: int) -> str:
    if not word:
        return ""
    short = place[0]
    if issuer == "POLICE":
        return f"{short}公（刑）{word}字〔{issued.year}〕{number:03d}号"
    if issuer == "PROC":
        return f"{short}检{word}〔{issued.year}〕{number}号"
    return f"（{issued.year}）鄂刑{word}{number}号"
