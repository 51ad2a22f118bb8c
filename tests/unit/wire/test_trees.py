import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import RecordUnreadable, TransferNotAcceptable
from hub.wire.trees import (
    MAX_BYTES,
    csv_rows,
    rows,
    tree_xml,
    xml_text,
    xml_tree,
)


def test_elements_become_names_lists_and_texts() -> None:
    content = (
        b'<r xmlns="urn:x" xmlns:y="urn:y" y:n="7"><a> 1 </a><b/><c><d>1</d></c>'
        b"<c><d>2</d></c><y:e t='k'>v</y:e><!-- no --><?pi no?></r>"
    )
    assert xml_tree(content) == {
        "@n": "7",
        "a": " 1 ",
        "b": "",
        "c": [{"d": "1"}, {"d": "2"}],
        "e": {"@t": "k", "#text": "v"},
    }


def test_text_beside_children_is_not_lost() -> None:
    assert xml_tree(b"<r>x<a/>y\n</r>") == {"a": "", "#text": "xy\n"}


def test_text_around_a_comment_stays_whole() -> None:
    assert xml_tree(b"<r><a>1<!-- - -->2</a></r>") == {"a": "12"}


def test_a_declaration_that_lies_is_overruled() -> None:
    lie = '<?xml version="1.0" encoding="UTF-8"?><r><a>买买提</a></r>'.encode("gbk")
    assert xml_tree(lie) == {"a": "买买提"}


def test_xml_inside_text_may_declare_what_it_likes() -> None:
    inner = '<?xml version="1.0" encoding="GBK"?>\n<r><a>㛃</a></r>'
    assert xml_text(inner) == {"a": "㛃"}


def test_the_end_of_a_cdata_section_inside_one_is_put_together_again() -> None:
    content = b"<r><a><![CDATA[x]]]]><![CDATA[>y]]></a></r>"
    assert xml_tree(content) == {"a": "x]]>y"}


def test_ten_thousand_comments_cost_one_look_each() -> None:
    assert xml_tree(b"<!-- -->" * 10_000 + b"<r>1</r>") == "1"
    with pytest.raises(RecordUnreadable, match="DOCTYPE"):
        xml_tree(b"<!-- --><?a?>" * 10_000 + b"<!DOCTYPE r><r>1</r>")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<r>" + b"<a/>" * 1_000_000 + b"</r>", "1000000 tags"),
        (b"<r " + b" ".join(b'a%d=""' % i for i in range(1001)) + b"/>", "attributes"),
    ],
)
def test_what_would_cost_too_much_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(RecordUnreadable, match=told):
        xml_tree(content)


LAUGHS = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r>&b;</r>'
FILE = b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>'


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS,
        FILE,
        b'<?xml version="1.0"?><!-- x --><!DOCTYPE r SYSTEM "http://127.0.0.1/x"><r/>',
        LAUGHS.decode().encode("utf-16"),
        b"<r>&nbsp;</r>",
        b"<r><a></r>",
        b"<r>\x02</r>",
        b"",
        b"not xml",
        b"<a>" * 100 + b"</a>" * 100,
        b"<r>" + b"x" * MAX_BYTES + b"</r>",
    ],
)
def test_xml_that_is_hostile_or_broken_is_unreadable(content: bytes) -> None:
    with pytest.raises(RecordUnreadable):
        xml_tree(content)


def test_a_complaint_tells_the_place_and_not_the_text() -> None:
    with pytest.raises(RecordUnreadable) as caught:
        xml_tree("<r>\n<张三></李四></r>".encode())
    assert "line 2" in caught.value.message.en
    assert "张三" not in f"{caught.value.message} {caught.value.detail}"


_NAMES = st.sampled_from(["A", "B", "AJBH"])
_TEXTS = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffd\ufeff"
    ),
    min_size=1,
)
_TREES = st.recursive(
    _TEXTS, lambda inner: st.dictionaries(_NAMES, inner, min_size=1), max_leaves=8
)


@given(st.dictionaries(_NAMES, _TREES, min_size=1))
def test_what_is_written_reads_back(tree: dict[str, object]) -> None:
    if "锟斤拷" in str(tree):
        return
    assert xml_tree(tree_xml("R", tree).encode()) == tree  # type: ignore[arg-type]


def test_a_list_is_written_as_repeated_elements() -> None:
    told = tree_xml("R", {"A": [{"B": "1"}, {"B": "2"}], "C": None, "D": 3})
    assert told == "<R><A><B>1</B></A><A><B>2</B></A><C/><D>3</D></R>"


def test_what_xml_cannot_carry_is_not_sent() -> None:
    with pytest.raises(TransferNotAcceptable):
        tree_xml("R", {"A": "\x02"})


def test_rows_are_found_be_there_none_one_or_many() -> None:
    assert rows({"L": ""}, "L/R") == []
    assert rows({"L": {"R": {"a": "1"}}}, "L/R") == [{"a": "1"}]
    assert rows({"L": {"R": [{"a": "1"}, {"a": "2"}]}}, "L/R") == [
        {"a": "1"},
        {"a": "2"},
    ]


def test_csv_rows_stand_under_the_names_of_the_header() -> None:
    content = '姓名,证号\r\n"张 三","\'42""1"\r\n\r\n李四,\r\n'.encode("gbk")
    assert csv_rows(content) == [
        {"姓名": "张 三", "证号": "'42\"1"},
        {"姓名": "李四", "证号": ""},
    ]


@pytest.mark.parametrize(
    "content", [b"", b"a,a\r\n1,2\r\n", b"a,b\r\n1\r\n", b'a\r\n"1\r\n', b'a\r\n"1"2']
)
def test_csv_that_does_not_fit_its_header_is_unreadable(content: bytes) -> None:
    with pytest.raises(RecordUnreadable):
        csv_rows(content)


def test_an_element_that_is_said_to_be_nothing_is_empty() -> None:
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    content = (
        f'<A {xsi}><B xsi:nil="true"/><C xsi:nil="true" x="1"/><D xsi:nil="0"/></A>'
    )
    assert xml_tree(content.encode()) == {
        "B": "",
        "C": "",
        "D": {"@nil": "0", "#text": ""},
    }
