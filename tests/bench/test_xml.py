"""XML in a SOAP string: bytes to trees, with the place of every record and leaf.

A page is 500 cases of 1.1 KB and 41 values (20 of the case, 6 a person, 4 a document)
as a police system sends them: an envelope in GBK whose one part is text, and the text
is XML that claims GBK again. A leaf's place is its way
through the tree (that is how rules and lineage name it), a record's also the line.
Beside it, of one run: lxml alone (parse and build plain dicts, no guard, no
attributes, no namespaces), and zeep's typed reading of the same cases.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from zeep import xsd

from hub.contract.messages import Tree
from hub.entry.assembly import rest_in_memory
from hub.wire.trees import element_tree, xml_element, xml_text
from tests.bench.world import PAGE, case

pytestmark = pytest.mark.bench

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


_PERSON = ("RYBH", "XM", "XB", "CSRQ", "ZJHM", "ZZ")
_MORE = ("SLDW", "SLRQ", "AJLX", "AJLY", "FASJ", "FADD", "ZBR", "ZBRDH", "BZ")


def slim(number: int) -> dict[str, Any]:
    """A case of the load benchmark, with as many values as XML was measured with."""
    told = dict.fromkeys(_MORE, "2023-08-01 00:00:00") | case(number)
    people = [{name: one[name] for name in _PERSON} for one in told["RYLB"]["RY"]]
    papers = [one | {"RQ": "20230802"} for one in told["WSLB"]["WS"]]
    return told | {"RYLB": {"RY": people}, "WSLB": {"WS": papers}}


def xml(name: str, told: Any) -> str:
    """A tree as XML."""
    if isinstance(told, dict):
        inner = "".join(xml(key, value) for key, value in told.items())
        return f"<{name}>{inner}</{name}>"
    if isinstance(told, list):
        return "".join(xml(name, one) for one in told)
    return f"<{name}>{escape(str(told))}</{name}>"


def envelope() -> bytes:
    """A page as it arrives."""
    cases = "\n".join(xml("AJ", slim(one)) for one in range(PAGE))
    inner = f'<?xml version="1.0" encoding="GBK"?><JG><AJLB>{cases}</AJLB></JG>'
    return (
        f'<?xml version="1.0" encoding="GBK"?><s:Envelope xmlns:s="{_SOAP}"><s:Body>'
        f"<AjCxResponse><return><![CDATA[{inner}]]></return></AjCxResponse>"
        "</s:Body></s:Envelope>"
    ).encode("gbk")


def by_the_hub(page: bytes) -> Tree:
    """Guarded, as an adapter reads it; no lines."""
    inner = xml_element(page, "").findtext(".//return")
    return xml_text(inner or "")


def by_the_hub_with_lines(page: bytes) -> list[tuple[int, Tree]]:
    """The same, and the line of each record in the page's text."""
    inner = xml_element(page, "").findtext(".//return")
    body = (inner or "").partition("?>")[2]
    records = xml_element(body.encode(), "utf-8").iterfind("AJLB/AJ")
    return [(one.sourceline or 0, element_tree(one)) for one in records]


def by_lxml(page: bytes) -> Any:
    """The least that can be done."""
    text = page.decode("gbk").partition("?>")[2]
    inner = etree.fromstring(text).findtext(".//return") or ""
    return _plain(etree.fromstring(inner.partition("?>")[2]))


def _plain(element: Any) -> Any:
    found: dict[str, Any] = {}
    for child in element:
        value = _plain(child) if len(child) else child.text or ""
        before = found.get(child.tag)
        if before is None:
            found[child.tag] = value
        elif type(before) is list:
            before.append(value)
        else:
            found[child.tag] = [before, value]
    return found


def _type(told: Any) -> xsd.ComplexType:
    """A zeep type for a case, made from an example."""
    parts = []
    for name, value in told.items():
        many = isinstance(value, list)
        one = value[0] if many else value
        kind = _type(one) if isinstance(one, dict) else xsd.String()
        parts.append(xsd.Element(name, kind, max_occurs="unbounded" if many else 1))
    return xsd.ComplexType(xsd.Sequence(parts))


def by_zeep(page: bytes) -> list[Any]:
    """Every record as a typed object."""
    text = page.decode("gbk").partition("?>")[2]
    inner = etree.fromstring(text).findtext(".//return") or ""
    records = etree.fromstring(inner.partition("?>")[2]).iterfind("AJLB/AJ")
    return [_CASE.parse(one, _SCHEMA) for one in records]


_SCHEMA = xsd.Schema()
_CASE = xsd.Element("AJ", _type(slim(0)))


def _rate(work: Callable[[bytes], Any], page: bytes, rounds: int) -> float:
    """Records a second, the best of some rounds."""
    best = 0.0
    for _ in range(rounds):
        began = time.perf_counter()
        work(page)
        best = max(best, PAGE / (time.perf_counter() - began))
    return best


def test_xml_in_a_soap_string(capsys: pytest.CaptureFixture[str]) -> None:
    page = envelope()
    assert by_the_hub(page) == by_lxml(page)
    lines = by_the_hub_with_lines(page)
    assert [line for line, _ in lines] == list(range(1, PAGE + 1))
    assert [told for _, told in lines] == by_lxml(page)["AJLB"]["AJ"]
    assert by_zeep(page)[1]["RYLB"]["RY"][0]["XM"] == slim(1)["RYLB"]["RY"][0]["XM"]
    rest_in_memory()
    hub = _rate(by_the_hub, page, 20)
    placed = _rate(by_the_hub_with_lines, page, 20)
    bare, zeep = _rate(by_lxml, page, 20), _rate(by_zeep, page, 3)
    with capsys.disabled():
        print(f"\nXML, GBK in a SOAP string, {len(page) / PAGE:,.0f} bytes a record")
        print(f"  hub                 {hub:8,.0f}/s  {hub / bare:.2f} of bare lxml")
        print(f"  hub, with the line  {placed:8,.0f}/s  {placed / bare:.2f} (20,000)")
        print(f"  bare lxml           {bare:8,.0f}/s")
        print(f"  zeep, typed         {zeep:8,.0f}/s  hub {placed / zeep:.1f} times")
