"""How system 1.5 takes in letters: AjxxJs, WsJs, and the receipt by HzCx."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from tests.adapters.procuratorate_15 import words
from tests.adapters.procuratorate_15.orders import SHANGHAI, now, save
from tests.simulators.soap import SoapFault, schema
from tests.simulators.state import State
from tests.simulators.world import DIVISIONS

HERE = Path(__file__).parent
SCHEMAS = {
    "AjxxJs": schema(HERE / "ajxxjs.xsd"),
    "WsJs": schema(HERE / "wsjs.xsd"),
}
_DECLARED = '<?xml version="1.0" encoding="GBK"?>'
_RETURNED = ("S120_SUPPLEMENT_1", "S130_SUPPLEMENT_2")


@dataclass(frozen=True, slots=True)
class Said:
    """The system's answer: a code, words, and its own numbers."""

    code: str
    text: str
    department: str = ""
    unified: str = ""


def take(state: State, operation: str, text: str) -> Said:
    """Judge a letter and keep it; the same SJBS twice changes nothing."""
    letter = _valid(operation, text)
    mark = (letter.findtext("HEAD/SJBS") or "").lower()
    digest = hashlib.sha256(text.encode()).hexdigest()
    before = state.answered(mark)
    if before is not None:
        told, answer = before
        return Said(**answer) if told == digest else Said("3013", "同一标识内容不同")
    if not (letter.findtext("HEAD/JSDWBH") or "").startswith("4213"):
        said = Said("3001", "不属于本单位管辖")
    elif operation == "AjxxJs":
        said = _accept(state, letter)
    else:
        said = _serve(state, letter)
    state.receive(mark, digest, asdict(said), text)
    return said


def receipt(state: State, mark: str) -> Said:
    """What was answered to this message."""
    before = state.answered(mark.lower())
    return Said(**before[1]) if before else Said("2404", "无此数据标识")


def _valid(operation: str, text: str) -> etree._Element:
    if not text.startswith(_DECLARED):
        raise SoapFault("Client.Schema", "encoding must be declared as GBK")
    try:
        letter = etree.fromstring(text.removeprefix(_DECLARED).encode())
        SCHEMAS[operation].assertValid(letter)
    except (etree.XMLSyntaxError, etree.DocumentInvalid) as error:
        raise SoapFault("Client.Schema", str(error)) from error
    return letter


def _accept(state: State, letter: etree._Element) -> Said:
    kinds = {found.text for found in letter.iterfind("WSXX/WS/WSLX")}
    if words.local("document_type")["PROSECUTION_OPINION"] not in kinds:
        return Said("3002", "缺少起诉意见书")
    causes = {found.text for found in letter.iterfind("XYRXX/XYR/AYXX/AY/AYDM")}
    if not kinds <= words.known("document_type") or not causes <= words.known("crime"):
        return Said("3015", "字典值无法对应")
    held = _under_review(state, letter.findtext("AJXX/AJBH") or "")
    if held is None:
        return _new_case(state, letter)
    card = held["AJXX"]
    if card["AJZT"] not in {words.local("stage")[name] for name in _RETURNED}:
        return Said("3013", "该案已受理，重复推送")
    review = words.local("stage")["S110_PROSECUTION_REVIEW"]
    save(state, held | {"AJXX": card | {"AJZT": review}})
    return Said("0", "成功", card["BMSAH"], card["TYSAH"])


def _under_review(state: State, police_number: str) -> dict[str, Any] | None:
    for _, _, body in state.changes("case", "", 1_000_000, 0):
        card = body["AJXX"]
        is_live = card["SFSC"] == "N" and card["AJLB_BM"] == "0301"
        if is_live and card["AJBH"] == police_number:
            return body
    return None


def _new_case(state: State, letter: etree._Element) -> Said:
    division = letter.findtext("HEAD/JSDWBH") or ""
    place = DIVISIONS.get(division, "随州")
    sequence = int(state.setting("sequence") or 90000) + 1
    state.set("sequence", str(sequence))
    today = datetime.now(SHANGHAI).date()
    department = f"{place}检起诉受[{today.year}]{division}{sequence:05d}号"
    unified = f"{division}{today.year}{sequence:05d}00"
    told = {item.tag: item.text or "" for item in letter.find("AJXX") or ()}
    first = letter.find("XYRXX/XYR/AYXX/AY")
    card = {
        "BMSAH": department,
        "TYSAH": unified,
        "AJBH": told["AJBH"],
        "AJMC": told["AJMC"],
        "AJLB_BM": "0301",
        "AJLB_MC": "一审公诉案件",
        "SFSC": "N",
        "CBDW_BM": division,
        "CBDW_MC": f"{place}检察院",
        "CJSJ": now(),
        "SLRQ": words.slashed(today),
        "ZCJG_DWDM": told.get("ZCJG_DWDM", ""),
        "ZCJG_DWMC": "",
        "AJZT": words.local("stage")["S110_PROSECUTION_REVIEW"],
        "AQZY": told.get("AQZY", ""),
        "DQRQ": words.slashed(today + timedelta(days=30)),
        "BJRQ": "",
        "CBR": "承办人",
        "CBRGH": "0001",
        "YSAY_AYDM": "" if first is None else first.findtext("AYDM") or "",
        "YSAY_AYMC": "" if first is None else first.findtext("AYMC") or "",
        "YSQTAY_AYDMS": "",
        "YSQTAY_AYMCS": "",
    }
    body = {
        "AJXX": card,
        "XYRXX": [_person(person) for person in letter.iterfind("XYRXX/XYR")],
        "WSXX": _papers(letter),
        "charset": "UTF-8",
        "dirt": "",
    }
    save(state, body)
    return Said("0", "成功", department, unified)


def _person(told: etree._Element) -> dict[str, Any]:
    plain = {item.tag: item.text or "" for item in told if not len(item)}
    lists = {
        item.tag: [{leaf.tag: leaf.text or "" for leaf in entry} for entry in item]
        for item in told
        if len(item)
    }
    return {"AYXX": [], "QZCSXX": []} | plain | lists


def _papers(letter: etree._Element) -> list[dict[str, Any]]:
    """What came is filed under the name of its kind."""
    return [
        {
            "WSMC": paper.findtext("WSLX") or "",
            "WSBH": "SIM-MB-000",
            "WSWH": paper.findtext("WSWH") or "",
            "QFRQ": paper.findtext("QFRQ") or "",
            "WJM": "",
        }
        for paper in letter.iterfind("WSXX/WS")
    ]


def _serve(state: State, letter: etree._Element) -> Said:
    unified = letter.findtext("AJXX/TYSAH") or ""
    department = letter.findtext("AJXX/BMSAH") or ""
    held = state.get("case", department)
    if held is None or held["AJXX"]["TYSAH"] != unified:
        return Said("3004", "无此受理案件")
    kinds = {found.text for found in letter.iterfind("WSXX/WS/WSLX")}
    if words.local("document_type")["JUDGMENT_DOC"] not in kinds:
        return Said("3002", "缺少判决书")
    if not kinds <= words.known("document_type"):
        return Said("3015", "字典值无法对应")
    names = {paper["WSMC"] for paper in held["WSXX"]}
    fresh = [paper for paper in _papers(letter) if paper["WSMC"] not in names]
    judged = words.local("stage")["S230_JUDGED_PENDING"]
    card = held["AJXX"] | {"AJZT": judged}
    save(state, held | {"AJXX": card, "WSXX": [*held["WSXX"], *fresh]})
    return Said("0", "成功", department, unified)
