"""A code is answered by the revision of its day, and none is ever lost."""

from __future__ import annotations

from datetime import date

import pytest

from hub.mapping.check import Check
from hub.mapping.code_tables.tables import Tables
from tests.unit.mapping.table_files import table, text

FIRST = "1|红|red||||\n2|蓝|blue||||\n3|青|cyan|||2005|1"
SECOND = "1|赤|crimson||||\n2|蓝|blue|||2015-06|4\n4|紫|purple||||"


@pytest.fixture
def tables() -> Tables:
    return Tables.of(table(r2000=FIRST, r2010=SECOND))


@pytest.mark.parametrize(
    ("code", "day", "name", "is_valid"),
    [
        ("1", "2005-06-01", "红", True),
        ("1", "1980-01-01", "红", True),
        ("1", "2009-12-31", "红", True),
        ("1", "2010-01-01", "赤", True),
        ("2", "2012-01-01", "蓝", True),
        ("2", "2015-06-30", "蓝", True),
        ("2", "2015-07-01", "蓝", False),
        ("3", "2005-12-31", "青", True),
        ("3", "2006-01-01", "青", False),
        ("3", "2020-01-01", "青", False),
        ("4", "2005-01-01", "紫", False),
        ("4", "2010-01-01", "紫", True),
    ],
)
def test_the_revision_of_the_day_answers(
    tables: Tables, code: str, day: str, name: str, *, is_valid: bool
) -> None:
    found = tables.table("colour")
    named = found.name_on(code, date.fromisoformat(day))
    assert named is not None
    assert named[0] == name
    assert found.is_valid(code, date.fromisoformat(day)) == is_valid


def test_a_code_that_the_newest_revision_lacks_is_still_read(tables: Tables) -> None:
    found = tables.table("colour")
    row = found.row("3")
    assert row is not None
    assert [one.code for one in found.successors("3")] == ["1"]
    assert found.codes == ("1", "2", "4", "3")
    lookup = Check("x", "demo", tables, {}).lookup("f", "colour", None)
    assert lookup is not None
    assert lookup.meanings["3"] == "3"


def test_a_code_left_out_without_an_end_is_over_when_the_next_revision_begins() -> None:
    found = Tables.of(table(r2000="1|红|red||||\n2|蓝|blue||||", r2010="1|红|red||||"))
    assert found.table("colour").is_valid("2", date(2009, 12, 31))
    assert not found.table("colour").is_valid("2", date(2010, 1, 1))


def test_what_nobody_ever_had_is_never_valid(tables: Tables) -> None:
    found = tables.table("colour")
    assert found.name_on("9", date(2005, 1, 1)) is None
    assert not found.is_valid("9", date(2005, 1, 1))


def test_sources_tell_from_which_day_a_revision_counts() -> None:
    files = table(r2000=FIRST, r2010=SECOND)
    files["tables/sources.tsv"] = text(
        "table|revision|standard|source|licence|valid_from\n"
        "colour|2010|x|x|x|2011-03-01"
    )
    found = Tables.of(files).table("colour")
    assert found.name_on("1", date(2011, 2, 28)) == ("红", "red")
    assert found.name_on("1", date(2011, 3, 1)) == ("赤", "crimson")


def test_running_numbers_are_counted_and_dates_follow_them() -> None:
    rows = {f"r{one}": "1|红|red||||" for one in ("9", "10", "2023", "202306")}
    assert Tables.of(table(**rows)).revisions("colour") == ("9", "10", "2023", "202306")
    assert Tables.of(table(**rows)).table("colour").revision == "202306"


def test_ninety_is_answered_by_the_edition_of_its_day(standard: Tables) -> None:
    table_ = standard.table("education")
    assert table_.name_on("90", date(2005, 6, 1)) == (
        "文盲或半文盲",
        "illiterate or semi-illiterate",
    )
    assert table_.name_on("90", date(2007, 3, 1)) == ("其他", "other")
    assert table_.is_valid("88", date(2007, 2, 28))
    assert not table_.is_valid("88", date(2007, 3, 1))


def test_a_change_of_an_older_revision_changes_the_digest_of_the_rules(
    tables: Tables,
) -> None:
    other = Tables.of(table(r2000=FIRST.replace("红", "丹"), r2010=SECOND))
    digests = [
        [one.digest for one in told.table("colour").revisions]
        for told in (tables, other)
    ]
    assert digests[0][0] == digests[1][0]
    assert digests[0][1] != digests[1][1]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("1979-06-01", "丹"),
        ("1985-06-01", "丹"),
        ("1991-06-01", "丹"),
        ("1992-06-01", "朱"),
        ("1999-06-01", "红"),
    ],
)
def test_a_gap_between_two_names_keeps_the_older_one(day: str, name: str) -> None:
    files = table(r2000=FIRST)
    files["tables/colour/history/names.tsv"] = text(
        "code|name_zh|name_en|valid_from|valid_to\n"
        "1|丹|cinnabar|1980|1989\n1|朱|vermilion|1992|1995"
    )
    named = Tables.of(files).table("colour").name_on("1", date.fromisoformat(day))
    assert named is not None
    assert named[0] == name


def test_a_division_counts_until_a_list_lacks_it(standard: Tables) -> None:
    found = standard.table("division")
    in_2009 = date(2009, 6, 1)  # the lists of 2008 and 2009 differ, both are silent
    assert found.is_valid("421302", in_2009)
    assert found.is_valid("421321", in_2009)
    assert not found.is_valid("421302", date(2009, 12, 31))
    assert found.is_valid("810000", date(2024, 1, 1))
