"""How the simulated police take in what others hand over (XtJs)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from tests.adapters.police_case import words
from tests.adapters.police_case.orders import save
from tests.simulators.soap import SoapFault, schema
from tests.simulators.state import State

_SCHEMA = schema(Path(__file__).parent / "xtjs.xsd")


@dataclass(frozen=True, slots=True)
class Said:
    """The system's answer: its code, its words, the case's number."""

    code: str
    text: str
    number: str = ""


def take(state: State, text: str) -> Said:
    """Judge a letter and keep it; the same SJBS twice changes nothing."""
    letter = _valid(text)
    mark = letter.findtext("TOU/SJBS") or ""
    digest = hashlib.sha256(text.encode()).hexdigest()
    before = state.answered(mark)
    if before is not None:
        known, answer = before
        if known != digest:
            return Said("2013", "相同标识不同内容")
        return Said(answer["code"], answer["text"], answer["number"])
    said = _judge(state, letter)
    if said.code == "0":
        _return_for_supplement(state, said.number)
    answer = {"code": said.code, "text": said.text, "number": said.number}
    state.receive(mark, digest, answer, text)
    return said


def _valid(text: str) -> etree._Element:
    try:
        letter = etree.fromstring(text.encode())
    except etree.XMLSyntaxError as error:
        raise SoapFault("Client.Schema", "xml is not well-formed") from error
    try:
        _SCHEMA.assertValid(letter)
    except etree.DocumentInvalid as error:
        raise SoapFault("Client.Schema", str(error)) from error
    return letter


def _judge(state: State, letter: etree._Element) -> Said:
    number = letter.findtext("AJ/AJBH") or ""
    case = state.get("case", number)
    if case is None or (letter.findtext("TOU/JSDWBH") or "")[:4] != number[1:5]:
        return Said("2001", "无此案件")
    if case["AJMC"] != letter.findtext("AJ/AJMC"):
        return Said("2007", "案件名称与编号不符")
    known = set(words.local("document_type").values())
    if any(paper.text not in known for paper in letter.iterfind("WSLB/WS/WSDM")):
        return Said("2015", "文书代码无法对应")
    return Said("0", "成功", number)


def _return_for_supplement(state: State, number: str) -> None:
    body = state.get("case", number)
    if body is not None:
        save(state, body | {"AJJD": words.SUPPLEMENT})
