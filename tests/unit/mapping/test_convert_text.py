"""Text, names, file names and yes/no."""

from __future__ import annotations

import pytest

from hub.mapping.convert import Converter
from hub.mapping.value import ABSENT, Unreadable

from .conftest import bare

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
