"""The words of the simulated court: supplier's integers, brackets, terms, rows."""

from __future__ import annotations

import hashlib
import random
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.simulators import world

SHANGHAI = ZoneInfo("Asia/Shanghai")
Row = dict[str, Any]

#: the supplier's own dictionaries: the standard's code -> the supplier's integer
SEX = {"1": 0, "2": 1, "0": 2, "9": 9}
STAGES = {"TRIAL": 30, "EXECUTION": 50}
TRIED, JUDGED, EFFECTIVE = 20, 30, 50
MEASURES = {
    "COMPELLED_APPEARANCE": 1,
    "BAIL": 2,
    "RESIDENTIAL_SURVEILLANCE": 3,
    "CRIMINAL_DETENTION": 4,
    "ARREST": 5,
}
RESULTS = {
    "GUILTY_IMPRISONMENT": 1,
    "GUILTY_PROBATION": 2,
    "GUILTY_PUBLIC_SURVEILLANCE": 3,
    "GUILTY_FINE_ONLY": 4,
    "GUILTY_EXEMPT": 5,
    "NOT_GUILTY": 6,
}
PENALTIES = {
    "PUBLIC_SURVEILLANCE": 1,
    "CRIMINAL_DETENTION_PENALTY": 2,
    "FIXED_TERM": 3,
    "LIFE": 4,
}
DOCUMENTS = {
    "PROSECUTION_OPINION": (9041, "起诉意见书"),
    "INDICTMENT_DOC": (9058, "起诉书"),
    "COURT_ACCEPT_NOTICE": (9080, "受理案件通知书"),
    "JUDGMENT_DOC": (9085, "刑事判决书"),
    "CORRECTION_RULING": (9087, "补正裁定书"),
    "SERVICE_RECEIPT": (9088, "送达回证"),
    "EXECUTION_NOTICE": (9089, "执行通知书"),
    "CASE_CLOSING_FORM": (9090, "结案登记表"),
    "DOSSIER_INDEX": (9148, "电子卷宗目录"),
}
#: division -> the court's short number, as the supplier gave them out
COURTS = {"421300": "2851", "421381": "2852", "421303": "2853", "421321": "2854"}
EDUCATION_SHIFT = 500
DEFENDANT = 1
_HAN = "〇一二三四五六七八九"
_NEVER = date(9999, 12, 31)


def sign(division: str) -> str:
    """The court's sign in case numbers: 鄂1381, 鄂13 for the intermediate court."""
    return f"鄂{division[2:4] if division.endswith('00') else division[2:]}"


def crime_code(code: str) -> str:
    """The supplier's number of a crime."""
    return f"3{code.removeprefix('CL').removeprefix('D'):0<8}"


def row_id(*parts: object) -> str:
    """32 hex digits that stay the same for the same thing."""
    told = "/".join(map(str, parts)).encode()
    return hashlib.md5(told, usedforsecurity=False).hexdigest()


def han(number: int) -> str:
    """A number below one hundred in Chinese: 十二, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _HAN[ones]
    return f"{_HAN[tens] if tens > 1 else ''}十{_HAN[ones] if ones else ''}"


def term(penalty: str, months: int, rng: random.Random | None = None) -> str:
    """A term as 010600, or in words: 有期徒刑一年六个月."""
    if rng is None or rng.random() < 0.5:
        return f"{months // 12:02d}{months % 12:02d}00"
    years, rest = divmod(months, 12)
    words = {"FIXED_TERM": "有期徒刑", "CRIMINAL_DETENTION_PENALTY": "拘役"}[penalty]
    words += f"{han(years)}年" if years else ""
    return words + (f"{han(rest)}个月" if rest else "")


def court_number(number: str, rng: random.Random) -> str:
    """The case number with the brackets some clerk's keyboard had."""
    plain = number.replace("（", "(").replace("）", ")")
    return rng.choice((number, number, plain, number.replace("）", ")"), f" {number}"))


def rows(case: world.Case, seed: int) -> dict[str, list[Row]]:
    """The rows of one case by table, traps included, no dirt."""
    rng = random.Random(f"trap/{seed}/court_case/{case.index}")
    key = row_id("aj", case.court_number)
    found: dict[str, list[Row]] = {"t_aj": [_case(case, key, rng)]}
    found |= {"t_dsr": [], "t_pj": [], "t_ws": []}
    for place, person in enumerate(case.persons):
        party = _party(case, person, key, place, rng)
        found["t_dsr"].append(party)
        if person.sentence:
            found["t_pj"] += _judgments(case, person.sentence, party, rng)
    for place, doc in enumerate(case.documents_of("COURT")):
        code = DOCUMENTS[doc.type][0]
        found["t_ws"].append(
            paper((key, place), code, doc.name, doc.number, doc.issued)
        )
    return found


def _case(case: world.Case, key: str, rng: random.Random) -> Row:
    return {
        "c_bh": key,
        "c_ah": court_number(case.court_number, rng),
        "n_ajlx": 11,
        "c_ay": crime_code(case.crimes[0]),
        "d_sarq": case.indicted,
        "d_larq": f"{case.court_filed.isoformat()} 00:00:00",
        "d_jarq": case.judged,
        "n_jafs": 1,
        "c_cbr": "承办法官",
        "c_gaajbh": rng.choice(
            (case.police_number, f"{case.police_number}  ", case.police_number.lower())
        ),
        "c_tysah": case.unified_number + rng.choice(("", "   ")),
        "c_ajmc": case.title,
        "n_sljd": STAGES[case.reach],
        "c_fydm": COURTS[case.division],
        "c_sfsc": "N",
        "d_zhgxsj": f"{case.modified:%Y-%m-%d %H:%M:%S}",
    }


def _party(
    case: world.Case, person: world.Person, key: str, place: int, rng: random.Random
) -> Row:
    measure = person.measures[-1]
    return {
        "c_bh": row_id("dsr", key, place),
        "c_ajbh": key,
        "n_xh": place,
        "c_xm": _name(person.name, rng),
        "n_xb": SEX[person.sex],
        "d_csrq": person.birth,
        "n_zjlx": 1,
        "c_zjhm": _identity(person.id_number, rng),
        "n_mz": int(person.ethnic_group),
        "n_whcd": int(person.education) + EDUCATION_SHIFT,
        "c_hjd": person.household + rng.choice(("", "000000")),
        "c_zz": person.address,
        "c_zy": person.occupation,
        "n_ssdw": DEFENDANT,
        "n_sljd": STAGES[case.reach],
        "c_zm": rng.choice(";；").join(crime_code(code) for code in person.crimes),
        "n_qzcs": MEASURES[measure.kind],
        "d_qsrq": measure.start,
        "d_jzrq": measure.end,
    }


def _name(name: str, rng: random.Random) -> str:
    if "·" in name:
        return name.replace("·", rng.choice("·•・"))
    if len(name) == 2 and rng.random() < 0.2:
        return f"{name[0]}　{name[1]}"
    return name


def _identity(number: str, rng: random.Random) -> str:
    return rng.choice((number, number, number.lower(), f"{number} "))


def _judgments(
    case: world.Case, given: world.Sentence, party: Row, rng: random.Random
) -> list[Row]:
    """The judgment, and for some a ruling that corrects what the judgment got wrong."""
    none_yet = rng.choice((None, _NEVER))
    right = judgment(
        party,
        given,
        judged=case.judged,
        effective=case.effective if case.reached("EXECUTION") else none_yet,
        rng=rng,
    )
    if rng.random() >= 0.2:
        return [right]
    wrong = right | {"c_xq": term(given.penalty, given.months + 1), "n_fj": Decimal(9)}
    ruling = dict.fromkeys(right) | {
        "c_bh": row_id("pj", party["c_bh"], 2),
        "c_ajbh": party["c_ajbh"],
        "c_dsrbh": party["c_bh"],
        "n_pjxh": 2,
        "n_pjlx": 2,
        "c_xq": right["c_xq"],
        "n_fj": right["n_fj"],
        "c_bz": "补正裁定",
    }
    return [wrong, ruling]


def judgment(
    party: Row,
    given: world.Sentence,
    *,
    judged: date,
    effective: date | None,
    rng: random.Random | None = None,
) -> Row:
    """One person's judgment; the fine is in units of ten thousand yuan."""
    return {
        "c_bh": row_id("pj", party["c_bh"], 1),
        "c_ajbh": party["c_ajbh"],
        "c_dsrbh": party["c_bh"],
        "n_pjxh": 1,
        "n_pjlx": 1,
        "n_pjjg": RESULTS[given.result],
        "n_xz": PENALTIES[given.penalty],
        "c_xq": term(given.penalty, given.months, rng),
        "n_hxyf": given.probation_months,
        "n_fj": Decimal(given.fine) / 10_000,
        "d_pjrq": judged,
        "d_sxrq": effective,
        "c_bz": None,
    }


def paper(
    spot: tuple[str, int], code: int, name: str, number: str, issued: date | str
) -> Row:
    """One document; ``spot`` is its case and its place among the case's papers."""
    key, place = spot
    return {
        "c_bh": row_id("ws", key, place),
        "c_ajbh": key,
        "n_xh": place,
        "n_wslx": code,
        "c_wsmc": name,
        "c_wswh": number or None,
        "d_qfrq": issued,
        "c_wjm": None,
    }
