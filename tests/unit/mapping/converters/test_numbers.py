"""Case numbers, document numbers and codes of places and units."""

from __future__ import annotations

import pytest

from hub.mapping.converters.converter import Converter
from hub.mapping.value import ABSENT, Unreadable
from tests.unit.mapping.conftest import bare

Converters = dict[str, Converter]


@pytest.mark.parametrize(
    ("name", "raw", "number"),
    [
        ("police_number", "A4213810000002023080001", "A4213810000002023080001"),
        ("police_number", "a4213810000002023080001 ", "A4213810000002023080001"),
        ("police_number", "Ａ4213810000002023080001", "A4213810000002023080001"),
        ("police_number", "A3502127400002016051000", "A3502127400002016051000"),
        (
            "department_number",
            "深龙检起诉受[2014]44030700008号",
            "深龙检起诉受[2014]44030700008号",
        ),
        (
            "department_number",
            "黟检刑诉受〔2023〕341023000062号",
            "黟检刑诉受[2023]341023000062号",
        ),
        (
            "department_number",
            "黟检刑诉受【2023】341023000062号",
            "黟检刑诉受[2023]341023000062号",
        ),
        ("unified_number", "37078520150084600", "37078520150084600"),
        ("unified_number", "'98010020190091001", "98010020190091001"),
        ("unified_number", 37078520150084600, "37078520150084600"),
        ("court_number", "（2023）鄂1381刑初123号", "(2023)鄂1381刑初123号"),
        ("court_number", "(2023) 鄂1381刑初 123 号", "(2023)鄂1381刑初123号"),
        ("court_number", "〔２０２３〕鄂1381刑初123号", "(2023)鄂1381刑初123号"),
        ("court_number", "（2023）鄂13刑终5号之一", "(2023)鄂13刑终5号之一"),
        ("court_number", "（2013）南刑初字第21号", "(2013)南刑初字第21号"),
        ("court_number", "（2023）最高法刑核5号", "(2023)最高法刑核5号"),
        ("court_number_full", "(2023)鄂1381刑初123号", "(2023)鄂1381刑初123号"),
        (
            "document_number",
            "广公(刑)立字[2023]001号",
            "广公（刑）立字〔2023〕001号",
        ),
        (
            "document_number",
            "广公（刑）立字〔2023〕 001号",
            "广公（刑）立字〔2023〕001号",
        ),
        ("document_number", "（2023）鄂刑判1号", "（2023）鄂刑判1号"),
        ("division6", "421381", "421381"),
        ("division6", "421381000000", "421381"),
        ("division6", "421381101", "421381"),
        ("division6", 421381, "421381"),
        ("division6", "４２１３８１", "421381"),
        ("police_unit", "421381000000", "421381000000"),
    ],
)
def test_a_number_is_folded_to_its_canonical_form(
    converters: Converters, name: str, raw: str | int, number: str
) -> None:
    read = converters[name].read
    assert read is not None
    assert bare(read(raw)) == number
    assert read(number) == number


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("police_number", "B4213810000002023080001"),
        ("police_number", "A4213810000002023130001"),
        ("police_number", "A421381000000202308001"),
        ("department_number", "黟检刑诉受[2023]62号"),
        ("department_number", "黟检刑诉[2023]341023000062号"),
        ("unified_number", "3707852015008460"),
        ("unified_number", "3.70785E+16"),
        ("court_number", "2023鄂1381刑初123号"),
        ("court_number", "（2023）鄂138刑初123号"),
        ("court_number", "（2023）鄂1381刑初号"),
        ("division6", "42138"),
        ("division6", "广水市"),
        ("police_unit", "421381"),
    ],
)
def test_a_number_of_another_shape_is_kept_as_it_came(
    converters: Converters, name: str, raw: str
) -> None:
    read = converters[name].read
    assert read is not None
    assert bare(read(raw)) == Unreadable(raw)


def test_a_court_number_is_written_in_either_width(converters: Converters) -> None:
    half, full = converters["court_number"].write, converters["court_number_full"].write
    assert half is not None
    assert full is not None
    assert half("(2023)鄂1381刑初123号") == "(2023)鄂1381刑初123号"
    assert full("(2023)鄂1381刑初123号") == "（2023）鄂1381刑初123号"


def test_a_division_is_written_with_12_digits(converters: Converters) -> None:
    write = converters["division12"].write
    assert write is not None
    assert write("421381") == "421381000000"


@pytest.mark.parametrize(
    "name",
    ["police_number", "court_number", "document_number", "division6", "police_unit"],
)
def test_a_blank_number_is_absent(converters: Converters, name: str) -> None:
    read = converters[name].read
    assert read is not None
    assert [read(blank) for blank in ("", " ", "-")] == [ABSENT] * 3
