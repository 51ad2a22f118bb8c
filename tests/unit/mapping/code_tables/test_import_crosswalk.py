"""Rows of a system's crosswalk brought in from a list."""

from __future__ import annotations

import pytest

from hub.mapping.code_tables.import_crosswalk import WalkOrder, plan_crosswalk
from hub.mapping.code_tables.order import Plan
from hub.mapping.code_tables.tables import Tables
from tests.unit.mapping.table_files import lines_of, table, text

PLACE = "tables/colour/crosswalk/shop.tsv"
FILES = {
    **table(r2000="1|红|red||||\n2|蓝|blue||||\n3|青|cyan|||2001|"),
    PLACE: text("raw|code|relation|note\nr|1|equal|\nb|2|equal|"),
}


def planned(told: str, *, replace: bool = False, source: str = "") -> Plan:
    order = WalkOrder("colour", "shop", source, {"raw": "原值"}, replace=replace)
    return plan_crosswalk(FILES, order, told.encode(), "rows.csv")


def test_rows_are_laid_over_those_that_stay() -> None:
    found = planned("原值,code,relation\nb,2,wider\nR,1,\n")
    assert not found.is_refused
    assert lines_of(found.files, PLACE)[1:] == [
        ["r", "1", "equal"],
        ["b", "2", "wider"],
        ["R", "1", "equal"],
    ]
    assert found.diff is not None
    assert dict(found.diff.counts) == {"added": 1, "relation": 1}


def test_replacing_removes_what_the_list_leaves_out() -> None:
    found = planned("原值,code\nb,1\n", replace=True)
    assert found.diff is not None
    assert dict(found.diff.counts) == {"removed": 1, "target": 1}
    assert lines_of(found.files, PLACE)[1:] == [["b", "1", "equal"]]


def test_the_source_of_a_crosswalk_has_its_row_too() -> None:
    found = planned("原值,code\nx,1\n", source="the shop's own list")
    rows = lines_of(found.files, "tables/sources.tsv")
    assert ["colour", "crosswalk/shop", "shop", "the shop's own list", "-"] in rows
    assert found.findings == ()


@pytest.mark.parametrize(
    ("told", "where", "words"),
    [
        ("原值,code\nx,9\n", f"{PLACE}:4", "does not stand in the table"),
        ("原值,code,relation\nx,1,same\n", f"{PLACE}:4", "relation must be one of"),
        ("原值,code\nx,1\nx,2\n", "rows.csv:3", "repeats line 2"),
        ("原值\nx\n", "rows.csv:1", "no column code"),
    ],
)
def test_rows_that_mean_nothing_are_refused(told: str, where: str, words: str) -> None:
    found = planned(told)
    faults = {one.where: one.message.en for one in found.findings if one.stops}
    assert words in faults[where]


def test_a_row_to_a_withdrawn_code_is_taken_with_a_warning() -> None:
    found = planned("原值,code\nx,3\n")
    assert not found.is_refused
    assert "withdrawn" in found.findings[0].message.en


def test_a_crosswalk_with_faults_is_mended_before_it_grows() -> None:
    files = {**FILES, PLACE: text("raw|code|relation|note\nr|9|equal|")}
    order = WalkOrder("colour", "shop", columns={"raw": "原值"})
    found = plan_crosswalk(files, order, "原值,code\nx,1\n".encode(), "rows.csv")
    assert found.is_refused
    assert not found.files


def test_a_new_system_begins_with_its_first_rows() -> None:
    order = WalkOrder("colour", "other", columns={"raw": "原值"})
    found = plan_crosswalk(FILES, order, "原值,code\nx,1\n".encode(), "rows.csv")
    walk = Tables.of({**FILES, **found.files}).crosswalk("other", "colour")
    assert walk is not None
    assert walk.meanings == {"x": "1"}
