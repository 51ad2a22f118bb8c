"""Plain text and file names."""

from __future__ import annotations

import pytest

from hub.mapping.converters.converter import Converter
from hub.mapping.value import ABSENT, Unreadable
from tests.unit.mapping.conftest import bare

Converters = dict[str, Converter]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  x\u00a0y ", "x y"),
        ("\ufeffx\u200b", "x"),
        ("\n 案情 \t", "案情"),
        (12, "12"),
        (12.0, "12"),
        (12.5, "12.5"),
        (True, "true"),
        ("-", ABSENT),
        ("null", ABSENT),
        ("\u200b", ABSENT),
    ],
)
def test_text_is_trimmed(
    converters: Converters, raw: str | int | float, text: object
) -> None:
    read = converters["trimmed"].read
    assert read is not None
    assert bare(read(raw)) == text


def test_plain_text_stays_as_it_is(converters: Converters) -> None:
    read = converters["text"].read
    assert read is not None
    assert read(" x ") == " x "
    assert read(" ") is ABSENT


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("起诉书.pdf", "起诉书.pdf"),
        ("D:\\卷宗\\起诉书.pdf", "起诉书.pdf"),
        ("/files/a/b.pdf", "b.pdf"),
        ("", ABSENT),
        ("..", Unreadable("..")),
        ("a/", Unreadable("a/")),
        ("a\x00.pdf", Unreadable("a\x00.pdf")),
    ],
)
def test_a_file_name_is_the_last_part_of_a_path(
    converters: Converters, raw: str, name: object
) -> None:
    read = converters["file_name"].read
    assert read is not None
    assert bare(read(raw)) == name
