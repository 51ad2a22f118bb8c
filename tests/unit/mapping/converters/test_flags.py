"""Yes and no."""

from __future__ import annotations

import pytest

from hub.mapping.converters.converter import Converter
from hub.mapping.value import ABSENT, Unreadable
from tests.unit.mapping.conftest import bare

Converters = dict[str, Converter]


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        ("Y", True),
        ("y", True),
        ("1", True),
        (1, True),
        ("01", True),
        ("是", True),
        ("true", True),
        (True, True),
        ("Ｙ", True),
        ("有", True),
        ("N", False),
        ("0", False),
        (0, False),
        ("否", False),
        ("无", False),
        ("false", False),
        (False, False),
        ("", ABSENT),
        ("-", ABSENT),
        ("2", Unreadable("2")),
        (2, Unreadable("2")),
        ("未知", Unreadable("未知")),
    ],
)
def test_yes_and_no_are_read_and_two_is_not_guessed(
    converters: Converters, raw: str | int, flag: object
) -> None:
    read = converters["yes_no"].read
    assert read is not None
    assert bare(read(raw)) == flag


def test_two_means_no_only_where_the_field_says_so(converters: Converters) -> None:
    converter = converters["yes_no_12"]
    assert converter.read is not None
    assert converter.write is not None
    assert [converter.read(raw) for raw in ("1", "2", "")] == [True, False, ABSENT]
    assert bare(converter.read("0")) == Unreadable("0")
    assert [converter.write(flag) for flag in (True, False)] == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "spelled"),
    [("yes_no_10", "10"), ("yes_no_YN", "YN"), ("yes_no_cn", "是否")],
)
def test_yes_and_no_are_written_as_the_receiver_asks(
    converters: Converters, name: str, spelled: str
) -> None:
    converter = converters[name]
    assert converter.write is not None
    assert converter.read is not None
    assert [converter.write(flag) for flag in (True, False)] == list(spelled)
    assert [converter.read(word) for word in spelled] == [True, False]
