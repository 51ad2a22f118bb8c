"""What changed between two states of a table, kind by kind."""

from __future__ import annotations

from datetime import date

import pytest

from hub.mapping.code_tables.diff import crosswalk_diff, diff, standing
from hub.mapping.code_tables.table import Walk
from hub.mapping.code_tables.tables import Tables
from tests.unit.mapping.table_files import table

OLD = """\
10|东县|East County||1990||
11|西县|West County||1990||
12|南县|South County|10|1990||
13|北县|North County||1990||
14|甲乡|Jia||1990||
15|乙乡|Yi||1990||
16|丙乡|Bing||1990||
17|丁乡|Ding||1990||
18|戊乡|Wu||1990||
19|己乡|Ji||1990|1995|
20|庚乡|Geng||1990||"""
NEW = """\
10|东市|East City||1990||
11|辛州|Xin||2000||
12|南县|South County|11|1990||
13|北县|North County||1990|1999|30;31
14|甲乡|Jia||1990|1999|32
15|乙乡|Yi||1990|1999|32
16|丙乡|Bing||1990|1999|
17|丁乡|Ding||1991||
18|壬镇|Ren||1990||
19|癸市|Gui||2000||
30|北一区|North One||2000||
31|北二区|North Two||2000||
32|甲乙镇|Jiayi||2000||
33|西县|West County||2000||"""


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables.of(table(r1990=OLD, r2000=NEW))


def test_each_kind_of_change_is_found(tables: Tables) -> None:
    found = diff(tables.table("colour", "1990"), tables.table("colour", "2000"))
    told = {kind: [one.code for one in found.of(kind)] for kind in found.counts}
    assert told == {
        "added": ["30", "31", "32", "33"],
        "removed": ["20"],
        "withdrawn": ["13", "14", "15", "16"],
        "split": ["13"],
        "merged": ["32"],
        "renamed": ["10"],
        "reused": ["11", "18", "19"],
        "moved": ["12"],
        "validity": ["11", "17", "19"],
    }
    assert found.counts["added"] == 4
    assert found.of("split")[0].codes == ("30", "31")
    assert found.of("merged")[0].codes == ("14", "15")
    moved = found.of("moved")[0]
    assert (moved.old, moved.new) == ("10", "11")


def test_a_reused_code_says_why_it_is_believed_to_be_one(tables: Tables) -> None:
    found = diff(tables.table("colour", "1990"), tables.table("colour", "2000"))
    why = {one.code: (one.why, one.codes) for one in found.of("reused")}
    assert why == {
        "11": ("old_name_elsewhere", ("33",)),
        "18": ("nothing_alike", ()),
        "19": ("withdrawn_before", ()),
    }


def test_a_table_does_not_differ_from_itself(tables: Tables) -> None:
    new = tables.table("colour")
    assert diff(new, new).changes == ()


def test_other_columns_are_told_with_their_name() -> None:
    told = Tables.of(table(r1="1|红|red||||", r2="1|红|crimson||||"))
    found = diff(told.table("colour", "1"), told.table("colour", "2"))
    assert [(one.kind, one.why, one.new) for one in found.changes] == [
        ("changed", "name_en", "crimson")
    ]


@pytest.mark.parametrize(
    ("old", "new", "kind", "code", "codes"),
    [
        ("2008-12-31", "2009-12-31", "split", "421302", ("421303", "421321")),
        ("2008-12-31", "2009-12-31", "added", "421321", ()),
        ("2008-12-31", "2009-12-31", "withdrawn", "310119", ("310115",)),
        ("1992-12-31", "1993-12-31", "reused", "130123", ("130124",)),
        ("1992-12-31", "1993-12-31", "renamed", "132426", ()),
        ("2011-12-31", "2013-12-31", "withdrawn", "320103", ("320104",)),
        ("2019-04-30", "2023-12-31", "merged", "410308", ("410306", "410322")),
    ],
)
def test_the_history_of_the_divisions_tells_what_happened(  # noqa: PLR0917
    standard: Tables, old: str, new: str, kind: str, code: str, codes: tuple[str, ...]
) -> None:
    days = [date.fromisoformat(one) for one in (old, new)]
    found = diff(*(standing(standard.table("division"), day) for day in days))
    told = {one.code: one for one in found.of(kind)}
    assert code in told
    if codes:
        assert set(told[code].codes) == set(codes)


def test_both_editions_of_education_are_held_against_each_other(
    standard: Tables,
) -> None:
    editions = (standard.table("education", one) for one in ("1984", "2006"))
    found = diff(*editions)
    reused = {one.code: (one.old, one.new) for one in found.of("reused")}
    assert reused["90"] == ("文盲或半文盲", "其他")
    assert {"29", "88"} <= {one.code for one in found.of("removed")}
    assert "12" in {one.code for one in found.of("added")}


def test_rows_of_a_crosswalk_are_compared_by_their_raw_value() -> None:
    old = [Walk("a", "1", "equal"), Walk("b", "1", "equal"), Walk("c", "2", "equal")]
    old.append(Walk("e", "2", "equal"))
    new = [Walk("b", "2", "equal"), Walk("c", "2", "wider"), Walk("d", "1", "equal")]
    new.append(Walk("e", "2", "equal"))
    found = crosswalk_diff(old, new)
    assert [(one.kind, one.code, one.old, one.new) for one in found.changes] == [
        ("added", "d", "", "1 equal"),
        ("removed", "a", "1 equal", ""),
        ("relation", "c", "equal", "wider"),
        ("target", "b", "1", "2"),
    ]
