import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import RecordUnreadable
from hub.wire.decode import decode

TEXT = "张三酒后驾驶，血液酒精含量153.93mg/100ml。"


@pytest.mark.parametrize(
    ("really", "declared"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8", ""),
        ("gbk", "GBK"),
        ("gbk", "UTF-8"),
        ("gbk", ""),
        ("gb18030", "gb2312"),
        ("utf-8-sig", "GBK"),
        ("utf-16", "UTF-8"),
        ("utf-8", "no-such-encoding"),
        ("big5", "big5"),
        ("utf-8", "ISO-8859-1"),
        ("gbk", "ISO-8859-1"),
        ("gbk", "windows-1252"),
    ],
)
def test_the_text_comes_out_whatever_was_declared(really: str, declared: str) -> None:
    text = TEXT if really != "big5" else "張三"
    assert decode(text.encode(really), declared) == text


def test_a_western_encoding_is_believed_where_nothing_else_fits() -> None:
    assert decode("é".encode("latin-1"), "ISO-8859-1") == "é"


def test_a_rare_character_survives_a_declaration_of_gbk() -> None:
    assert decode("㛃㵘".encode("gb18030"), "GBK") == "㛃㵘"


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\ufffd")))
def test_what_is_utf8_and_says_so_is_read_as_it_is(text: str) -> None:
    if text.startswith("\ufeff") or "锟斤拷" in text:
        return
    assert decode(text.encode(), "utf-8") == text


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\x80\x81",
        "张\ufffd".encode(),
        "锟斤拷".encode("gbk"),
        TEXT.encode("gbk")[:-1] + b"\xff",
    ],
)
def test_text_that_lost_characters_is_refused(content: bytes) -> None:
    with pytest.raises(RecordUnreadable) as caught:
        decode(content, "utf-8")
    assert "张" not in f"{caught.value} {caught.value.detail}"
