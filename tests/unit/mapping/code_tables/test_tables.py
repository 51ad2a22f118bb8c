"""Code tables and crosswalks."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import CodeTableMissing, MappingInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.code_tables.write import SOURCES
from hub.mapping.load import Mappings
from hub.records.shape import SHAPES


def put(folder: Path, name: str, *lines: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(line.replace("|", "\t") for line in lines), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(
        tmp_path,
        "colour/2001.tsv",
        "code|name_zh|name_en|short",
        "1|红|red|r",
        "2|蓝|blue|b",
    )
    return tmp_path


def test_a_row_is_found_by_its_code(folder: Path) -> None:
    table = Tables.load(folder).table("colour")
    row = table.row("1")
    assert row is not None
    assert (row.name_zh, row.name_en, row.columns["short"]) == ("红", "red", "r")
    assert table.row("3") is None
    assert table.by("short") == {"r": "1", "b": "2"}


def test_the_newest_revision_counts_and_the_old_one_is_kept(folder: Path) -> None:
    put(folder, "colour/2020.tsv", "code|name_zh|name_en", "1|赤|red")
    tables = Tables.load(folder)
    assert tables.table("colour").revision == "2020"
    assert len(tables.table("colour", "2001").rows) == 2


def test_a_missing_table_is_named_with_the_nearest_one(folder: Path) -> None:
    with pytest.raises(CodeTableMissing, match="did you mean colour"):
        Tables.load(folder).table("color")
    with pytest.raises(CodeTableMissing):
        Tables.load(folder).table("colour", "1999")


def test_every_fault_of_a_table_is_told_at_once(folder: Path) -> None:
    put(folder, "a/1.tsv", "code|name", "1|x")
    put(folder, "b/1.tsv", "code|name_zh|name_en", "1|x|x", "1|y|y", "2|z")
    with pytest.raises(MappingInvalid) as caught:
        Tables.load(folder)
    places = [fault.where for fault in caught.value.faults]
    assert places == [
        "tables/a/1.tsv:1",
        "tables/a/1.tsv:2",
        "tables/b/1.tsv:3",
        "tables/b/1.tsv:4",
    ]


def test_a_crosswalk_reads_all_relations_and_writes_only_equal(folder: Path) -> None:
    put(
        folder,
        "colour/crosswalk/shop.tsv",
        "raw|code|relation|note",
        "dark red|1|narrower|",
        "red|1|equal|",
        "rot|1|equal|the second spelling",
        " B |2|equal",
        "none||none|",
    )
    walk = Tables.load(folder).crosswalk("shop", "colour")
    assert walk is not None
    assert walk.faults == ()
    assert walk.meanings == {
        "dark red": "1",
        "red": "1",
        "rot": "1",
        "B": "2",
        "none": "",
    }
    assert walk.spellings == {"1": "red", "2": "B"}
    assert Tables.load(folder).crosswalk("other", "colour") is None


def test_a_faulty_crosswalk_stops_only_who_uses_its_system(folder: Path) -> None:
    put(
        folder,
        "colour/crosswalk/shop.tsv",
        "raw|code|relation",
        "x|9|equal|",
        "y|1|equals|",
        "y|1|equal|",
        "y|2|equal|",
        "|1|equal|",
        "z|1|none|",
    )
    put(folder, "shape/crosswalk/shop.tsv", "raw|code|relation|note")
    tables = Tables.load(folder)
    Mappings.load(folder, tables, only=["other"])
    with pytest.raises(MappingInvalid) as caught:
        Mappings.load(folder, tables)
    told = {fault.where: fault.message.en for fault in caught.value.faults}
    assert sorted(told) == [
        *(f"tables/colour/crosswalk/shop.tsv:{line}" for line in (1, 2, 3, 5, 6, 7)),
        "tables/shape/crosswalk/shop.tsv",
    ]
    assert "did you mean equal" in told["tables/colour/crosswalk/shop.tsv:3"]


def test_every_code_of_the_canonical_shape_has_its_table(standard: Tables) -> None:
    used = {
        shape.partition(":")[2]
        for fields in SHAPES.values()
        for shape in fields.values()
        if shape.startswith("code:")
    }
    assert used <= set(standard.names)


def test_every_table_says_where_it_is_from(standard: Tables) -> None:
    folder = Path(__file__).parents[4] / "mappings" / "tables"
    lines = (folder / "sources.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    assert rows[0] == [*SOURCES]
    assert {(row[0], row[1]) for row in rows[1:]} == {
        (path.parent.name, path.stem) for path in folder.glob("*/*.tsv")
    }
    assert all(all(row[:5]) for row in rows[1:])


def test_a_withdrawn_division_is_kept_with_its_successor(standard: Tables) -> None:
    row = standard.table("division").row("422224")
    assert row is not None
    assert (row.name_zh, row.columns["in_2023"]) == ("应山县", "N")
    assert all(standard.table("division").row(code) for code in ("810000", "830000"))


def test_a_parent_stands_in_its_own_table(standard: Tables) -> None:
    for name in ("division", "crime", "stage", "compulsory_measure", "penalty_type"):
        table = standard.table(name)
        parents = {row.columns["parent"] for row in table.rows} - {""}
        assert all(table.row(code) for code in parents), name


def test_an_agency_names_its_type_and_division(standard: Tables) -> None:
    types, divisions = standard.table("agency_type"), standard.table("division")
    for row in standard.table("agency").rows:
        assert types.row(row.columns["type"])
        assert divisions.row(row.columns["division"])
        assert (row.columns["acts_as"] == "COMMUNITY_CORRECTION") == (
            row.columns["type"] == "JUSTICE"
        )
