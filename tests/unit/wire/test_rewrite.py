import json
import zipfile
from io import BytesIO

import pytest

from hub.wire.archive import check_listing, listing, pack, unpack
from hub.wire.rewrite import Unwritable, plain_texts, rewritten
from hub.wire.rewrite_text import rewritten_csv, rewritten_text


def upper(seen):
    def change(name, value):
        seen.append((name, value))
        return value.replace("张三", "李四")

    return change


FORMS = [
    ("<A><XM>张三</XM><N/>  <B x='张三'>1</B></A>", ["XM", "x", "B"]),
    ("<A><XM><![CDATA[张三]]></XM></A>", ["XM"]),
    ("<A>&lt;XM a=&quot;1&quot;&gt;张三&amp;amp;子&lt;/XM&gt;</A>", ["a", "XM"]),
    ('{"xm": "张三", "n": [1, 2.5], "in": "{\\"xm\\": \\"张三\\"}"}', None),
    ("{'xm':'张三','p':'D:\\new\\x','n':null,'l':[1,'张三']}", None),
    ('[{"a": {"b": "x\\u5f20\\u4e09"}}]', None),
    ("张三", [""]),
]


@pytest.mark.parametrize(("text", "names"), FORMS)
def test_a_text_that_nobody_changes_is_the_same(text, names):
    seen = []
    assert rewritten_text(text, lambda n, v: seen.append(n) or v) == text
    if names is not None:
        assert seen == names


@pytest.mark.parametrize(("text", "names"), FORMS)
def test_a_change_leaves_all_around_it_as_it_was(text, names):
    made = rewritten_text(text, upper([]))
    expected = text.replace("张三", "李四").replace("\\u5f20\\u4e09", "\\u674e\\u56db")
    assert made == expected


def test_values_come_with_the_name_they_stand_under_and_without_escapes():
    seen = []
    rewritten_text('<a:A xmlns:a="u"><a:XM>张&amp;三</a:XM></a:A>', upper(seen))
    rewritten_text('{"l": [{"k": "x\\ny"}, 7], "z": "q"}', upper(seen))
    assert seen == [("XM", "张&三"), ("k", "x\ny"), ("l", "7"), ("z", "q")]


def test_cdata_inside_cdata_is_opened_and_closed_again():
    inner = "<R><![CDATA[a]]]]><![CDATA[>张三]]></R>"
    outer = f"<S><![CDATA[{inner.replace(']]>', ']]]]><![CDATA[>')}]]></S>"
    made = rewritten_text(outer, upper([]))
    assert made == outer.replace("张三", "李四")


def test_a_json_number_never_begins_with_a_nought():
    made = rewritten_text(
        '{"n": 12, "m": -12, "k": 1}', lambda n, v: v.replace("1", "0")
    )
    assert json.loads(made) == {"n": 12, "m": -12, "k": 0}


def test_a_table_keeps_its_quotes_and_names_its_columns():
    text = '姓名,住址\r\n张三,"路1号,""A""\n二楼"\r\n\r\n'
    seen = []
    assert rewritten_csv(text, upper(seen)) == text.replace("张三", "李四")
    assert seen == [("姓名", "张三"), ("住址", '路1号,"A"\n二楼')]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_bytes_come_back_in_their_own_charset(encoding):
    text = "<A><XM>张三㛃</XM></A>" if encoding != "gbk" else "<A><XM>张三</XM></A>"
    body = text.encode(encoding)
    made = rewritten(body, "text/xml", upper([]))
    assert made == text.replace("张三", "李四").encode(encoding)


def test_a_lie_about_the_charset_is_kept():
    text = '<?xml version="1.0" encoding="UTF-8"?><A><XM>张三</XM></A>'
    made = rewritten(text.encode("gbk"), "text/xml; charset=utf-8", upper([]))
    assert made == text.replace("张三", "李四").encode("gbk")


def test_bytes_of_no_charset_are_refused():
    with pytest.raises(Unwritable):
        rewritten(b"<A>\xff\xff\xff</A>", "text/xml", upper([]))


def test_an_archive_is_changed_member_by_member_with_its_listing():
    members = {
        "head.xml": "<H><XM>张三</XM></H>".encode(),
        "data.csv": "姓名\r\n张三\r\n".encode("gb18030"),
        "files/张三.pdf": "%PDF 张三".encode(),
    }
    body = pack(members | {"manifest.txt": listing(members)})
    made = unpack(rewritten(body, "application/zip", upper([])))
    listed = made.pop("manifest.txt")
    check_listing(listed, made)
    assert list(made) == ["head.xml", "data.csv", "files/李四.pdf"]
    assert made["data.csv"].decode("gb18030") == "姓名\r\n李四\r\n"
    assert "张三".encode() not in made["files/李四.pdf"]


def test_the_texts_of_an_archive_are_those_of_its_members():
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a.xml", "<A>张三</A>")
    assert plain_texts(sink.getvalue()) == ["a.xml", "<A>张三</A>"]
