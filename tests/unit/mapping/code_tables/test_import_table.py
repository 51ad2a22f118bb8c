"""The next revision of a table: planned, refused with reasons, written whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hub.mapping.code_tables.import_table import beside, plan
from hub.mapping.code_tables.order import Order, Plan
from hub.mapping.code_tables.sheet import gather
from hub.mapping.code_tables.tables import Tables
from hub.mapping.code_tables.write import put
from tests.unit.mapping.table_files import lines_of, table, text

ROWS = """\
1|红|red|2|1990||
2|蓝|blue||1990||
3|青|cyan||1990|2001|2
4|紫|purple||1990||"""
FILES = {
    **table(r2000=ROWS),
    "tables/colour/history/names.tsv": text(
        "code|name_zh|name_en|valid_from|valid_to\n"
        "1|丹|cinnabar|1980|1989\n1|红|red|1990|"
    ),
}
ORDER = Order("colour", "2010", "the office", {"code": "代码", "name_zh": "名称"})
LIST = "代码,名称,说明\n1,红色,x\n2,蓝,\n5,紫,\n"


def planned(told: str = LIST, order: Order = ORDER, encoding: str = "utf-8") -> Plan:
    return plan(FILES, order, told.encode(encoding), "list.csv")


def after(found: Plan, files: Mapping[str, bytes] = FILES) -> Tables:
    return Tables.of({**files, **found.files})


def test_a_code_left_out_is_named_and_nothing_is_to_be_written_without_its_end() -> (
    None
):
    found = planned()
    assert found.is_refused
    told = [one.message.en for one in found.findings if one.stops]
    assert len(told) == 1
    assert "4 紫" in told[0]
    assert "3 青" not in told[0]
    assert "--withdraw" in told[0]
    assert found.heirs == {"4": "5"}


def test_with_an_end_it_is_kept_as_withdrawn() -> None:
    found = planned(order=replace(ORDER, withdraw="2009-12-31"))
    assert not found.is_refused
    table_ = after(found).table("colour")
    rows = {row.code: row for row in table_.rows}
    assert sorted(rows) == ["1", "2", "3", "4", "5"]
    assert rows["4"].value("valid_to") == "2009-12-31"
    assert rows["3"].columns == {
        "parent": "",
        "valid_from": "1990",
        "valid_to": "2001",
        "replaced_by": "2",
    }
    assert rows["5"].value("valid_from") == "2010"
    assert rows["1"].value("parent") == "2"
    assert table_.is_valid("4", date(2009, 12, 31))
    assert not table_.is_valid("4", date(2010, 1, 1))
    assert table_.name_on("4", date(2005, 1, 1)) == ("紫", "purple")


def test_a_new_name_ends_the_old_one_in_the_history() -> None:
    found = planned(order=replace(ORDER, withdraw="2009"))
    assert lines_of(found.files, "tables/colour/history/names.tsv")[1:] == [
        ["1", "丹", "cinnabar", "1980", "1989"],
        ["1", "红", "red", "1990", "2009"],
        ["1", "红色", "", "2010"],
    ]
    table_ = after(found).table("colour")
    named = [table_.name_on("1", date(year, 6, 1)) for year in (1985, 2005, 2015)]
    assert [one[0] for one in named if one] == ["丹", "红", "红色"]


def test_the_source_is_told_in_its_own_row() -> None:
    found = planned(order=replace(ORDER, withdraw="2009", since="2010-03-01"))
    assert lines_of(found.files, "tables/sources.tsv")[1:] == [
        ["colour", "2000", "hub", "made up for tests", "none"],
        ["colour", "2010", "hub", "the office", "none", "2010-03-01"],
    ]
    assert after(found).table("colour").since == "2010-03-01"


def test_the_diff_and_the_columns_not_taken_are_shown() -> None:
    found = planned(order=replace(ORDER, withdraw="2009"))
    assert found.diff is not None
    assert dict(found.diff.counts) == {"added": 1, "withdrawn": 1, "renamed": 1}
    assert found.left == ("说明",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_list_is_read_in_either_encoding_with_either_delimiter(
    encoding: str, delimiter: str
) -> None:
    order = replace(ORDER, withdraw="2009")
    found = planned(LIST.replace(",", delimiter), order, encoding)
    assert not found.is_refused
    row = after(found).table("colour").own("1")
    assert row is not None
    assert row.name_zh == "红色"


@pytest.mark.parametrize(
    ("told", "where", "words"),
    [
        ("代码,name\n1,红\n", "list.csv:1", "the column 名称 (for name_zh)"),
        ("代码,代码,名称\n1,1,红\n", "list.csv:1", "must stand once"),
        ("代码,名称\n1,红\n\n1,蓝\n", "list.csv:4", "repeats line 2"),
        ("代码,名称\n,红\n", "list.csv:2", "is empty"),
        ("代码,名称\n1,红,x\n", "list.csv:2", "count of cells"),
        ("", "list.csv", "empty"),
        (
            "代码,名称,replaced_by\n1,红,7\n2,蓝,\n4,紫,\n",
            "tables/colour/2010.tsv:2",
            "replaced_by names 7",
        ),
        (
            "代码,名称,valid_to\n1,红,bald\n2,蓝,\n4,紫,\n",
            "tables/colour/2010.tsv:2",
            "no date",
        ),
    ],
)
def test_a_bad_list_is_refused_with_its_line(told: str, where: str, words: str) -> None:
    found = planned(told)
    faults = [one for one in found.findings if one.stops]
    assert where in {one.where for one in faults}
    assert any(words in one.message.en for one in faults)
    assert all(one.message.zh for one in faults)


def test_a_list_without_a_code_is_told_how_to_name_the_column() -> None:
    told = planned("代码,名称\n", replace(ORDER, columns={}))
    words = [one.message.en for one in told.findings]
    assert "--column code=NAME" in words[0]
    assert "--column name_zh=NAME" in words[1]


def test_bytes_of_neither_encoding_are_refused() -> None:
    found = plan(FILES, ORDER, b"\xff\xff\xff", "list.csv")
    assert found.is_refused
    assert "neither UTF-8 nor GB18030" in found.findings[0].message.en


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (replace(ORDER, revision="2000"), "--replace"),
        (replace(ORDER, withdraw="soon"), "--withdraw is no date"),
        (replace(ORDER, since="soon"), "--from is no date"),
        (replace(ORDER, revision="3"), ""),
    ],
)
def test_an_order_that_cannot_be_is_refused(order: Order, words: str) -> None:
    found = planned("代码,名称\n1,红\n2,蓝\n4,紫\n", order)
    assert found.is_refused == bool(words)
    assert not words or words in found.findings[0].message.en


def test_a_running_number_needs_the_day_from_which_it_counts() -> None:
    files = table(r1="1|红|red||||")
    order = replace(ORDER, revision="2")
    told = "代码,名称\n1,赤\n".encode()
    assert "--from" in plan(files, order, told, "list.csv").findings[0].message.en
    found = plan(files, replace(order, since="2020-01-01"), told, "list.csv")
    assert not found.is_refused
    table_ = after(found, files).table("colour")
    assert table_.name_on("1", date(2019, 12, 31)) == ("红", "red")
    assert table_.name_on("1", date(2020, 1, 1)) == ("赤", "")


def test_a_revision_can_be_replaced_as_a_whole() -> None:
    told = "代码,名称\n1,红\n2,蓝色\n4,紫\n"
    found = planned(told, replace(ORDER, revision="2000", replace=True))
    assert not found.is_refused
    table_ = after(found).table("colour")
    row = table_.own("2")
    assert row is not None
    assert row.name_zh == "蓝色"
    assert table_.older == ()
    assert [line[1] for line in lines_of(found.files, "tables/sources.tsv")[1:]] == [
        "2000"
    ]


def test_a_new_table_begins_with_its_first_list() -> None:
    order = replace(ORDER, table="shape", standard="hub", licence="none")
    found = planned("代码,名称,name_en\n1,圆,circle\n", order)
    assert found.findings == ()
    assert after(found).table("shape").rows[0].name_en == "circle"


def test_an_older_revision_joins_the_history_of_a_table() -> None:
    order = replace(ORDER, revision="1980")
    found = planned("代码,名称\n1,丹\n0,黑\n", order)
    assert "tables/colour/history/names.tsv" not in found.files
    tables = after(found)
    assert tables.table("colour").revision == "2000"
    row = tables.table("colour").row("0")
    assert row is not None
    assert row.name_zh == "黑"


def test_a_reused_code_keeps_nothing_unless_told_that_it_is_renamed() -> None:
    told = "代码,名称\n1,圆形\n2,蓝\n4,紫\n"
    row = after(planned(told)).table("colour").own("1")
    assert row is not None
    assert row.columns == {"valid_from": "2010", "parent": "", "valid_to": ""} | {
        "replaced_by": ""
    }
    order = replace(ORDER, renamed=frozenset({"1"}))
    row = after(planned(told, order)).table("colour").own("1")
    assert row is not None
    assert (row.value("parent"), row.value("valid_from")) == ("2", "1990")


def test_a_list_is_held_against_the_table_without_an_order() -> None:
    told = "代码,名称\n1,红\n2,蓝\n7,绿\n"
    found = beside(Tables.of(FILES), replace(ORDER, revision=""), told.encode(), "l")
    assert found.diff is not None
    assert dict(found.diff.counts) == {"added": 1, "removed": 1}
    assert not found.files


def test_files_are_put_whole_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    put(folder, FILES)
    found = planned(order=replace(ORDER, withdraw="2009"))
    put(folder, found.files)
    assert gather(folder) == {**FILES, **found.files}
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} == {".tsv"}
    Tables.load(folder)


def test_the_divisions_take_a_next_revision_with_a_change_of_each_kind(
    standard: Tables,
) -> None:
    root = Path(__file__).parents[4] / "mappings" / "tables"
    files = gather(root)
    live = {row.code: row for row in standard.table("division").rows}
    rows = {
        code: [code, row.name_zh, row.value("parent")]
        for code, row in live.items()
        if not row.is_withdrawn
    }
    rows["421302"] = ["421302", "新曾区", "421300"]  # withdrawn in 2009, now another
    rows["421321"][1] = "随州县"
    rows["429004"][2] = "421300"
    rows["421304"] = ["421304", "高新区", "421300"]
    del rows["420802"]
    told = "\n".join(["code,name_zh,parent", *(",".join(row) for row in rows.values())])
    order = Order("division", "2024", "made up", withdraw="2023-12-31")
    found = plan(files, order, told.encode(), "next.csv")
    assert not found.is_refused
    assert found.diff is not None
    kinds = {
        kind: [one.code for one in found.diff.of(kind)] for kind in found.diff.counts
    }
    assert kinds["added"] == ["421304"]
    assert kinds["withdrawn"] == ["420802"]
    assert kinds["renamed"] == ["421321"]
    assert kinds["reused"] == ["421302"]
    assert kinds["moved"] == ["429004"]
    table_ = after(found, files).table("division")
    assert len(table_.codes) == len(standard.table("division").codes) + 1
    for day, name in ((date(2005, 6, 1), "曾都区"), (date(2024, 6, 1), "新曾区")):
        named = table_.name_on("421302", day)
        assert named is not None
        assert named[0] == name
        assert table_.is_valid("421302", day)
    assert table_.name_on("421381", date(2005, 6, 1)) == ("广水市", "Guangshui City")
