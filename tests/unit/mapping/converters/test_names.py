"""Personal names and aliases."""

from __future__ import annotations

import pytest

from hub.mapping.converters.converter import Converter
from hub.mapping.value import ABSENT, Unreadable
from tests.unit.mapping.conftest import bare

Converters = dict[str, Converter]

DOTS = "\u00b7\u2022\u2027\u30fb\uff65\uff0e\u002e\u2219\u318d"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        ("  张\u00a0三\u200b ", "张三"),
        ("欧阳 建 国", "欧阳建国"),
        ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提"),
        ("张三（别名：老三）", "张三"),
        ("张三(绰号老三)", "张三"),
        ("张三【曾用名 张四】", "张三"),
        ("张三（自报）", "张三"),
        ("张三（女）", "张三（女）"),
        ("㛃㵘", "㛃㵘"),
        ("㛃 㵘", "㛃㵘"),
        ("\U00020bb7田", "\U00020bb7田"),
        ("李〇", "李〇"),
        ("John  smith", "JOHN SMITH"),
        ("J. Smith", "J. SMITH"),
        ("ＡＢＤＵＬ", "ABDUL"),
    ],
)
def test_a_name_is_brought_to_its_canonical_form(
    converters: Converters, raw: str, name: str
) -> None:
    read = converters["name"].read
    assert read is not None
    assert bare(read(raw)) == name


@pytest.mark.parametrize("dot", DOTS)
def test_every_dot_in_a_name_is_the_same_dot(converters: Converters, dot: str) -> None:
    read = converters["name"].read
    assert read is not None
    assert read(f"古丽娜尔{dot}艾合买提") == "古丽娜尔·艾合买提"


@pytest.mark.parametrize(
    "raw",
    [
        "张\ufffd",
        "张\x00三",
        "（别名：老三）",
        "李?",
        "李〓",
        "王\ue000",
        "⼀",
        "张\x0b三",
    ],
)
def test_a_damaged_name_is_kept_as_it_came(converters: Converters, raw: str) -> None:
    read = converters["name"].read
    assert read is not None
    found = read(raw)
    assert isinstance(found, Unreadable)
    assert found.original == raw


@pytest.mark.parametrize(
    ("raw", "alias"),
    [
        ("张三（别名：老 三）", "老三"),
        ("张三(绰号:麻子)", "麻子"),
        ("张三", ABSENT),
        ("", ABSENT),
    ],
)
def test_an_alias_in_brackets_is_a_field_of_its_own(
    converters: Converters, raw: str, alias: object
) -> None:
    read = converters["name_alias"].read
    assert read is not None
    assert bare(read(raw)) == alias
