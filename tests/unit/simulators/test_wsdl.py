"""The server side of a WSDL writes what the wire's trees hold, attributes and nil."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.house.documents import ROOT
from tests.simulators.wsdl import Speaker

WSDL = ROOT / "docs/examples/jail.wsdl"
PERSON: dict[str, Any] = {"xm": "测试甲", "xb": "1", "@xh": "1"}
CASE: dict[str, Any] = {
    "ajbh": "A4213810000002023080001",
    "ajmc": "测试甲危险驾驶案",
    "larq": "2023-08-01",
    "zhxgsj": "2023-08-01T09:30:00",
    "jarq": {"@nil": "true", "#text": ""},
    "suspects": {"suspect": [PERSON]},
}


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    return Speaker(Path(WSDL))


def said(speaker: Speaker, case: dict[str, Any]) -> str:
    """The answer of the list that holds this case."""
    told = speaker.blank("QueryChangedCases") | {"cases": {"case": [case]}}
    body = speaker.reply("QueryChangedCases", told).body
    return bytes(body).decode("utf-8")


def test_an_attribute_and_a_nil_are_written_as_such(speaker: Speaker) -> None:
    body = said(speaker, CASE)
    assert ' xh="1"' in body
    assert re.search(r'<\w+:jarq [^>]*nil="true"/>', body)


def test_what_is_not_nil_is_written_with_its_text(speaker: Speaker) -> None:
    told = CASE | {"jarq": "2023-08-09", "@schemaLocation": "somewhere"}
    body = said(speaker, told)
    assert "jarq>2023-08-09<" in body
    assert "somewhere" not in body
