"""What ``hub tables check`` tells, and that the loader refuses the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import MappingInvalid
from hub.mapping.code_tables.check import check
from hub.mapping.code_tables.sheet import gather
from hub.mapping.code_tables.tables import Tables
from hub.mapping.code_tables.write import put
from tests.unit.mapping.table_files import table, text

SHIPPED = Path(__file__).parents[4] / "mappings" / "tables"
SYSTEMS = {path.stem for path in SHIPPED.parent.glob("*.yaml")}
GOOD = "1|红|red||||\n2|蓝|blue||||"
PLACE = "tables/colour/2001.tsv"


def test_the_shipped_tables_are_clean() -> None:
    assert check(gather(SHIPPED), systems=SYSTEMS) == ()


def test_a_clean_table_has_no_findings() -> None:
    assert check(table(r2001=GOOD)) == ()


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ("1|红|red||||\n1|蓝|blue||||", 3, "repeated"),
        ("|红|red||||", 2, "empty"),
        ("1 |红|red||||", 2, "white space"),
        ("1\u200b|红|red||||", 2, "invisible"),
        ("1|红", 2, "count of cells"),
        ("1|红|red|||||x|y", 2, "count of cells"),
        ("1|红|red|9|||", 2, "parent names 9"),
        ("1|红|red||||9", 2, "replaced_by names 9"),
        ("1|红|red||||1", 2, "the code itself"),
        ("1|红|red||2001-13||", 2, "no date"),
        ("1|红|red||20010101||", 2, "no date"),
        ("1|红|red||2005|2001|", 2, "ends before it begins"),
        ("1|红|red||2005-06-01|2005-05|", 2, "ends before it begins"),
    ],
)
def test_a_fault_of_a_row_is_told_with_its_line_and_refused_by_the_loader(
    tmp_path: Path, rows: str, line: int, words: str
) -> None:
    files = table(r2001=f"{rows}\n2|蓝|blue||||" if "2|蓝" not in rows else rows)
    found = [one for one in check(files) if one.stops]
    assert [(one.where, words in one.message.en) for one in found] == [
        (f"{PLACE}:{line}", True)
    ]
    assert found[0].message.zh
    put(tmp_path / "tables", files)
    with pytest.raises(MappingInvalid) as caught:
        Tables.load(tmp_path / "tables")
    assert caught.value.faults == tuple(one.fault for one in found)


@pytest.mark.parametrize(
    ("place", "told", "where", "words"),
    [
        (PLACE, b"code\tname_zh\n1\t\xba\xec\n", f"{PLACE}:2", "no UTF-8"),
        (PLACE, text("code|name|x\n"), f"{PLACE}:1", "header"),
        (PLACE, text("code|name_zh|name_en|x|x\n"), f"{PLACE}:1", "repeats x"),
        (
            "tables/colour/history/names.tsv",
            text("code|name_zh|name_en|valid_from|valid_to\n9|绿|green||"),
            "tables/colour/history/names.tsv:2",
            "no such code: 9",
        ),
        (
            "tables/shape/history/names.tsv",
            text("code|name_zh|name_en|valid_from|valid_to"),
            "tables/shape/history/names.tsv:1",
            "no such table",
        ),
        (
            "tables/sources.tsv",
            text("table|revision|standard|source|licence|valid_from\na|1|x|x|x|soon"),
            "tables/sources.tsv:2",
            "no date",
        ),
    ],
)
def test_a_fault_of_a_file_is_told_and_refused_by_the_loader(
    tmp_path: Path, place: str, told: bytes, where: str, words: str
) -> None:
    files = {**table(r2001=GOOD), place: told}
    found = [one for one in check(files) if one.stops]
    assert (found[0].where, words in found[0].message.en) == (where, True)
    put(tmp_path / "tables", files)
    with pytest.raises(MappingInvalid) as caught:
        Tables.load(tmp_path / "tables")
    assert found[0].fault in caught.value.faults


WALK = "tables/colour/crosswalk/shop.tsv"


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ("r|9|equal|", 2, "does not stand in the table"),
        ("r|1|same|", 2, "relation must be one of"),
        ("r|1|equal|\nr|2|equal|", 3, "repeated"),
        ("r|1|none|", 2, "none row has no code"),
    ],
)
def test_a_fault_of_a_crosswalk_is_told_with_its_line(
    rows: str, line: int, words: str
) -> None:
    files = {**table(r2001=GOOD), WALK: text(f"raw|code|relation|note\n{rows}")}
    found = check(files)
    assert [(one.where, one.stops) for one in found] == [(f"{WALK}:{line}", True)]
    assert words in found[0].message.en
    walk = Tables.of(files).crosswalk("shop", "colour")
    assert walk is not None
    assert walk.faults == (found[0].fault,)


@pytest.mark.parametrize(
    ("files", "where", "words"),
    [
        ({PLACE: text("code|name_zh|name_en\n１|红|red")}, f"{PLACE}:2", "look-alike"),
        ({PLACE: text("code|name_zh|name_en\nА1|红|red")}, f"{PLACE}:2", "look-alike"),
        ({PLACE: text("code|name_zh|name_en\n1|红 |red")}, f"{PLACE}:2", "name_zh"),
        ({PLACE: text("code|name_zh|name_en\n1|红|")}, f"{PLACE}:2", "no name_en"),
        ({"tables/sources.tsv": b""}, "tables/sources.tsv", "colour/2001"),
        (
            {"tables/colour/notes/x.tsv": b"x"},
            "tables/colour/notes/x.tsv",
            "nobody reads",
        ),
        (
            {WALK: text("raw|code|relation|note\nr|3|equal|")},
            f"{WALK}:2",
            "withdrawn (successors: 2)",
        ),
        (
            {WALK: text("raw|code|relation|note\nRot|1|equal|\nrot|2|equal|")},
            f"{WALK}:3",
            "only by width or case",
        ),
        (
            {"tables/colour/crosswalk/shopp.tsv": text("raw|code|relation|note")},
            "tables/colour/crosswalk/shopp.tsv",
            "did you mean shop",
        ),
        (
            {
                "tables/colour/history/names.tsv": text(
                    "code|name_zh|name_en|valid_from|valid_to\n"
                    "1|丹|cinnabar|2001|2005\n1|红|red|2005|"
                )
            },
            "tables/colour/history/names.tsv:3",
            "overlap",
        ),
        (
            {
                "tables/colour/history/names.tsv": text(
                    "code|name_zh|name_en|valid_from|valid_to\n1|丹|cinnabar|2001|"
                )
            },
            "tables/colour/history/names.tsv:2",
            "another one in the table",
        ),
        (
            {
                "tables/colour/2010.tsv": text("code|name_zh|name_en\n1|红|red"),
                "tables/sources.tsv": text(
                    "table|revision|standard|source|licence|valid_from\n"
                    "colour|2001|x|x|x|\ncolour|2010|x|x|x|"
                ),
            },
            "tables/colour/2010.tsv",
            "1 codes of the revision 2001 are gone",
        ),
    ],
)
def test_what_only_misleads_is_a_warning_and_stops_no_start(
    tmp_path: Path, files: dict[str, bytes], where: str, words: str
) -> None:
    whole = {**table(r2001=f"{GOOD}\n3|青|cyan|||2003|2"), **files}
    found = check(whole, systems={"shop"})
    assert [(one.where, one.stops) for one in found] == [(where, False)]
    assert words in found[0].message.en
    put(tmp_path / "tables", whole)
    Tables.load(tmp_path / "tables")


def test_two_revisions_that_claim_one_day_are_a_warning() -> None:
    files = table(r2001="1|红|red|||2010-12|", r2010="1|赤|crimson||||")
    assert "overlaps" in check(files)[0].message.en
    files = table(r2001="1|红|red|||2009-12|", r2010="1|赤|crimson||||")
    assert check(files) == ()


def test_one_table_can_be_asked_for() -> None:
    files = {**table(r2001="|红|red||||"), "tables/shape/1.tsv": b"x"}
    assert {one.where for one in check(files, "colour")} == {f"{PLACE}:2"}
    assert len(check(files)) > 1


def test_a_blank_line_does_not_shift_the_places() -> None:
    files = table(r2001="1|红|red||||\n\n1|蓝|blue||||")
    assert [one.where for one in check(files)] == [f"{PLACE}:4"]
