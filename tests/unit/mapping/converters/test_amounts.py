"""Whole numbers and amounts of money."""

from __future__ import annotations

import pytest

from hub.mapping.converters.converter import Converter
from hub.mapping.value import ABSENT, Unreadable
from tests.unit.mapping.conftest import bare

Converters = dict[str, Converter]


@pytest.mark.parametrize(
    ("raw", "yuan"),
    [
        ("3500", "3500.00"),
        ("3500.5", "3500.50"),
        ("3,500.00", "3500.00"),
        ("1,003,500", "1003500.00"),
        ("3500元", "3500.00"),
        ("3500元整", "3500.00"),
        ("人民币3500元", "3500.00"),
        ("￥3500", "3500.00"),
        ("３５００", "3500.00"),
        ("0.35万元", "3500.00"),
        ("０.３５万", "3500.00"),
        ("叁仟伍佰元整", "3500.00"),
        ("人民币壹万元整", "10000.00"),
        ("壹拾贰万叁仟零伍元", "123005.00"),
        ("拾元", "10.00"),
        ("贰亿零叁万元整", "200030000.00"),
        ("伍元叁角贰分", "5.32"),
        (3500, "3500.00"),
        (3500.5, "3500.50"),
        (0, "0.00"),
        ("", ABSENT),
        ("-", ABSENT),
        ("约3500元", Unreadable("约3500元")),
        ("-3500", Unreadable("-3500")),
        ("3500.005", Unreadable("3500.005")),
        ("35,00", Unreadable("35,00")),
        ("3500美元", Unreadable("3500美元")),
        ("壹壹元", Unreadable("壹壹元")),
        ("9" * 13, Unreadable("9" * 13)),
        ("1e400", Unreadable("1e400")),
        (True, Unreadable("true")),
    ],
)
def test_an_amount_is_yuan_with_two_places(
    converters: Converters, raw: str | int | float, yuan: object
) -> None:
    read = converters["amount"].read
    assert read is not None
    assert bare(read(raw)) == yuan


@pytest.mark.parametrize(
    ("raw", "yuan"),
    [
        ("0.35", "3500.00"),
        ("2", "20000.00"),
        ("3500元", "3500.00"),
        ("1万", "10000.00"),
    ],
)
def test_the_unit_is_the_field_s_unless_it_is_written_out(
    converters: Converters, raw: str, yuan: str
) -> None:
    read = converters["amount_wan"].read
    assert read is not None
    assert bare(read(raw)) == yuan


@pytest.mark.parametrize(
    ("name", "written"),
    [("amount", "3500.00"), ("amount_comma", "3,500.00"), ("amount_wan", "0.35")],
)
def test_an_amount_is_written_and_read_again(
    converters: Converters, name: str, written: str
) -> None:
    converter = converters[name]
    assert converter.write is not None
    assert converter.read is not None
    assert converter.write("3500.00") == written
    assert converter.read(written) == "3500.00"
    assert isinstance(converter.write("many"), Unreadable)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("12", 12),
        (" １２ ", 12),
        ("-3", -3),
        ("1,200", 1200),
        ("12.0", Unreadable("12.0")),
        (12, 12),
        (12.0, 12),
        ("0", 0),
        ("", ABSENT),
        ("1,2", Unreadable("1,2")),
        ("12.5", Unreadable("12.5")),
        ("2个月", Unreadable("2个月")),
        ("9" * 19, Unreadable("9" * 19)),
        (True, Unreadable("true")),
    ],
)
def test_a_whole_number_is_read(
    converters: Converters, raw: str | int | float, number: object
) -> None:
    read = converters["int"].read
    assert read is not None
    assert bare(read(raw)) == number


def test_a_whole_number_is_written_as_number_or_text(converters: Converters) -> None:
    number, text = converters["int"].write, converters["int_text"].write
    assert number is not None
    assert text is not None
    assert number(12) == 12
    assert text(12) == "12"
