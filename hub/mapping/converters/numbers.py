"""Converters of the numbers of cases and persons, each kind by its own shape."""

from __future__ import annotations

import re

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter, Side, as_it_is
from hub.mapping.converters.numbered import is_day, part, rounded, shaped, squared
from hub.mapping.value import Result, Scalar

_YEAR = r"(?:19|20|21)\d\d"
_MONTH = r"(?:0[1-9]|1[0-2])"
#: a Han character of a type word: any but 字, which older numbers have
_NO_ZI = "一-\u5b56\u5b58-龥"
_UNIT = r"(?P<unit>\d{12})"
_AFTER = r"(?:-\d+)?号(?:之[一二三四五六七八九十]{1,3})?"

_POLICE = re.compile(rf"A{_UNIT}{_YEAR}{_MONTH}\d{{4}}", re.ASCII)
_PERSON = re.compile(rf"R{_UNIT}{_YEAR}{_MONTH}\d{{4}}", re.ASCII)
_INCIDENT = re.compile(rf"J{_UNIT}{_YEAR}{_MONTH}\d{{4,10}}", re.ASCII)
_DETAINED = re.compile(r"(?P<centre>\d{9})(?P<day>\d{8})\d{4}", re.ASCII)
_DEPARTMENT = re.compile(
    rf"[一-龥]+?受\[{_YEAR}\](?P<unit>\d{{6}})\d{{5,6}}号", re.ASCII
)
_UNIFIED = re.compile(rf"(?P<unit>\d{{6}}){_YEAR}\d{{7}}", re.ASCII)
_COURT = re.compile(
    rf"\({_YEAR}\)(?:"
    rf"(?P<sign>最高法|[一-龥](?:\d{{2}}|\d{{4}})?)[{_NO_ZI}]{{1,4}}\d+{_AFTER}"
    rf"|[一-龥]{{1,8}}字第\d+{_AFTER})",
    re.ASCII,
)

_police = shaped(
    _POLICE,
    told="""A + 12-digit unit + yyyymm + 4 digits.

    Source: data standards section 6; a public example, A3502127400002016051000.
    """,
)
_person = shaped(
    _PERSON,
    told="""R + 12-digit unit + yyyymm + 4 digits.

    Source: data standards section 6, from practice; no public standard tells it.
    """,
)
_incident = shaped(
    _INCIDENT,
    told="""J + 12-digit unit + yyyymm, then 4 to 10 digits: its length is not fixed.

    Source: data standards section 6, seen beside A-numbers.
    """,
)
_detained = shaped(
    _DETAINED,
    sound=lambda number: is_day(number[9:17]),
    told="""Centre (9 digits) + day of intake (8) + 4 digits.

    Source: GA 300.3-2001.
    """,
)
_department = shaped(
    _DEPARTMENT,
    squared,
    told="""Unit, business, 受[year] + unit + 5 digits (version 1.5) or 6 (2.0) + 号.

    Source: data standards section 6, from public examples.
    """,
)
_unified = shaped(
    _UNIFIED,
    told="""Unit (6) + year (4) + number (5) + version (2).

    Source: data standards section 6, from public examples; the split is inferred.
    """,
)
_court = shaped(
    _COURT,
    rounded,
    "（）",
    told="""(year) + court's sign + type word + n号; before 2016 (year)…字第n号.

    -n and 之一 may follow the number. Source: 法〔2015〕137 号.
    """,
)
_day = part(_detained, _DETAINED, "day")


def _intake(value: Scalar) -> Result:
    """The day of intake in a detained person's number. Source: GA 300.3-2001."""
    found = _day(value)
    if type(found) is not str:
        return found
    return f"{found[:4]}-{found[4:6]}-{found[6:]}"


def _full_brackets(value: Result) -> Result:
    if type(value) is not str or not _COURT.fullmatch(value):
        return CANNOT_TELL
    return value.replace("(", "（").replace(")", "）")


def _number(name: str, zh: str, en: str, read: Side) -> Converter:
    return Converter(name, Text(zh, en), "text", read, as_it_is(read))


def _taken(name: str, zh: str, en: str, read: Side) -> Converter:
    return Converter(name, Text(zh, en), "text", read)


_COURT_TITLE = Text("法院案号", "a court case number")

CONVERTERS = (
    _number("police_number", "公安案件编号", "a police case number", _police),
    _number("police_person_number", "公安人员编号", "a police person number", _person),
    _number(
        "police_incident_number", "警情编号", "a police incident number", _incident
    ),
    _number("detained_number", "在押人员编号", "a detained person's number", _detained),
    _number(
        "department_number", "部门受案号", "a department acceptance number", _department
    ),
    _number("unified_number", "统一受案号", "a unified acceptance number", _unified),
    Converter("court_number", _COURT_TITLE, "text", _court, as_it_is(_court)),
    Converter("court_number_full", _COURT_TITLE, "text", _court, _full_brackets),
    _taken(
        "unit_of_police_number",
        "案件编号中的办案单位",
        "the unit in a police number",
        part(_police, _POLICE, "unit"),
    ),
    _taken(
        "unit_of_department_number",
        "受案号中的单位",
        "the unit in an acceptance number",
        part(_department, _DEPARTMENT, "unit"),
    ),
    _taken(
        "unit_of_unified_number",
        "统一受案号中的单位",
        "the unit in a unified number",
        part(_unified, _UNIFIED, "unit"),
    ),
    _taken(
        "sign_of_court_number",
        "案号中的法院代字",
        "the court's sign in a case number",
        part(_court, _COURT, "sign"),
    ),
    _taken(
        "centre_of_detained_number",
        "在押人员编号中的看守所",
        "the centre in a detained person's number",
        part(_detained, _DETAINED, "centre"),
    ),
    Converter(
        "intake_of_detained_number",
        Text("入所日期", "a day of intake"),
        "date",
        _intake,
    ),
)
