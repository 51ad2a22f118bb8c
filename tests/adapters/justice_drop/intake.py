"""How the simulated justice bureau checks what is dropped into its inbox: strictly.

Written without any part of the hub, so a fault of the hub cannot excuse itself.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree as ET

from tests.adapters.justice_drop.register import GROUPS, PENALTIES, digest
from tests.simulators.world import CRIME_NAMES, DIVISIONS

COLUMNS = [
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "民族",
    "罪名",
    "主刑",
    "刑期年",
    "刑期月",
    "刑期日",
    "缓刑考验期",
    "罚金",
    "判决日期",
    "生效日期",
    "户籍地",
    "居住地",
]
NEEDED = ("姓名", "性别", "出生日期", "罪名", "主刑", "缓刑考验期", "判决日期")
DATES = ("出生日期", "判决日期", "生效日期")
COUNTS = ("刑期年", "刑期月", "刑期日", "缓刑考验期")
HEAD = ("SJBS", "YWLB", "LCJDBH", "FSDWBH", "JSDWBH", "FSSJ", "SJLX", "AJMC", "AH")
OPTIONAL_HEAD = ("GAAJBH", "TYSAH", "WSXX")
PAPERS = ("刑事判决书", "执行通知书")
MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason for an ``.err``: line of the CSV (0: the whole), code, text."""

    line: int
    code: str
    text: str


class Refused(Exception):
    """What was dropped is not taken; holds the objections."""

    def __init__(self, *objections: Objection) -> None:
        super().__init__()
        self.objections = objections


@dataclass(frozen=True, slots=True)
class Handover:
    """A message that passed every check."""

    head: dict[str, str]
    papers: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    @property
    def division(self) -> str:
        """The county whose bureau takes the persons over."""
        return self.head["JSDWBH"].removeprefix("SFJ")


def check(name: str, body: bytes) -> Handover:
    """Take a dropped ZIP apart; raises ``Refused`` with every objection."""
    members = _members(body)
    head, papers = _head(members["head.xml"])
    if head["SJBS"] != name:
        raise Refused(Objection(0, "E01", "报文标识与文件名不一致"))
    rows = _rows(members["data.csv"])
    found = [*_envelope(head, papers), *_all_cells(rows)]
    if found:
        raise Refused(*found)
    return Handover(head, papers, tuple(rows))


def _members(body: bytes) -> dict[str, bytes]:
    damaged = Refused(Objection(0, "E01", "压缩包损坏或清单不符"))
    if len(body) > MAX_BYTES:
        raise damaged
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
        listed = found.pop("manifest.txt").decode("utf-8")
        told = [line.split("\t") for line in listed.splitlines()]
        same = {name: (int(size), md5.upper()) for name, size, md5 in told}
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise damaged from error
    if same != {name: (len(data), digest(data)) for name, data in found.items()}:
        raise damaged
    allowed = re.compile(r"head\.xml|data\.csv|files/[^/\\]+\.(pdf|ofd)")
    strange = any(not allowed.fullmatch(name) for name in found)
    if strange or not {"head.xml", "data.csv"} <= set(found):
        raise Refused(Objection(0, "E01", "包内文件不符合约定"))
    return found


def _head(body: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    try:
        root = ET.fromstring(body.decode("utf-8"))  # noqa: S314 - the hub's own file
    except (ET.ParseError, UnicodeDecodeError) as error:
        raise Refused(Objection(0, "E01", "head.xml 无法解析")) from error
    tags = [child.tag for child in root]
    known = set(HEAD) | set(OPTIONAL_HEAD)
    if root.tag != "HEAD" or set(tags) - known or len(tags) != len(set(tags)):
        raise Refused(Objection(0, "E02", "head.xml 含未约定的元素"))
    head = {child.tag: child.text or "" for child in root if child.tag != "WSXX"}
    if missing := [name for name in HEAD if not head.get(name)]:
        raise Refused(
            *(Objection(0, "E02", f"head.xml 缺少 {name}") for name in missing)
        )
    return head, tuple(item.findtext("WSMC") or "" for item in root.iter("WS"))


def _envelope(head: dict[str, str], papers: tuple[str, ...]) -> list[Objection]:
    found = []
    if (head["YWLB"], head["LCJDBH"], head["SJLX"]) != ("14", "1406", "1"):
        found.append(Objection(0, "E03", "业务类别、流程节点或数据类型无法识别"))
    if head["JSDWBH"].removeprefix("SFJ") not in DIVISIONS:
        found.append(Objection(0, "E04", "不属于本单位管辖"))
    if not re.fullmatch(r"(FY|GA|JCY|SFJ)\d{6}", head["FSDWBH"]):
        found.append(Objection(0, "E03", "发送单位无法识别"))
    if not re.fullmatch(r"[(（]\d{4}[)）]鄂\d{2,4}刑[初终再]\d+号", head["AH"]):
        found.append(Objection(0, "E09", "案号格式不符"))
    if not _is_time(head["FSSJ"]):
        found.append(Objection(0, "E09", "发送时间格式不符"))
    found += [
        Objection(0, "E05", f"缺少{name}") for name in PAPERS if name not in papers
    ]
    return found


def _rows(body: bytes) -> list[dict[str, str]]:
    try:
        lines = list(csv.reader(io.StringIO(body.decode("gb18030")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(Objection(0, "E08", "data.csv 不是约定的编码或格式")) from error
    if not lines or lines[0] != COLUMNS or len(lines) == 1:
        raise Refused(Objection(1, "E08", "data.csv 表头不符或没有数据"))
    if any(len(line) != len(COLUMNS) for line in lines):
        raise Refused(Objection(1, "E08", "data.csv 列数不一致"))
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:]]


def _all_cells(rows: list[dict[str, str]]) -> list[Objection]:
    return [
        objection
        for line, row in enumerate(rows, start=2)
        for objection in _cells(line, row)
    ]


def _cells(line: int, row: dict[str, str]) -> list[Objection]:
    found = [
        Objection(line, "E02", f"{name}为空")
        for name in NEEDED
        if not row[name].strip()
    ]
    known: dict[str, set[str]] = {
        "性别": {"男", "女"},
        "民族": {f"{name}族" for name in GROUPS.values()} | {""},
        "主刑": set(PENALTIES.values()),
    }
    found += [
        Objection(line, "E03", f"{name}无法识别")
        for name, values in known.items()
        if row[name] and row[name] not in values
    ]
    if set(row["罪名"].split("、")) - set(CRIME_NAMES.values()):
        found.append(Objection(line, "E03", "罪名无法识别"))
    found += [
        Objection(line, "E09", f"{name}格式不符")
        for name in DATES
        if row[name] and not _is_day(row[name])
    ]
    found += [
        Objection(line, "E09", f"{name}应为整数")
        for name in COUNTS
        if row[name] and not row[name].isdecimal()
    ]
    return found


def _is_day(text: str) -> bool:
    found = re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})日", text)
    try:
        return found is not None and bool(date(*map(int, found.groups())))
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - local clock
    except ValueError:
        return False
    return True


def person_of(row: dict[str, Any], number: str, begin: str, end: str) -> dict[str, Any]:
    """A row of a handover as a person on the bureau's register."""
    groups = {name: code for code, name in GROUPS.items()}
    return {
        "number": number,
        "name": row["姓名"],
        "sex": {"男": "1", "女": "2"}[row["性别"]],
        "birth": _iso(row["出生日期"]),
        "id_number": row["身份证号"],
        "ethnic_group": groups.get(row["民族"].removesuffix("族"), "01"),
        "crimes": row["罪名"].split("、"),
        "penalty": row["主刑"],
        "years": int(row["刑期年"] or 0),
        "months": int(row["刑期月"] or 0),
        "days": int(row["刑期日"] or 0),
        "probation_months": int(row["缓刑考验期"]),
        "fine": int(float(row["罚金"] or 0)),
        "judged": _iso(row["判决日期"]),
        "effective": _iso(row["生效日期"] or row["判决日期"]),
        "begin": begin,
        "end": end,
        "household": row["户籍地"],
        "address": row["居住地"],
    }


def _iso(text: str) -> str:
    year, month, day = re.findall(r"\d+", text)
    return date(int(year), int(month), int(day)).isoformat()
