"""Codes translated in every case, their history, and what may have been meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hub.errors import CodeTableMissing
from hub.mapping.code_tables.tables import Tables
from hub.mapping.code_tables.translate import closest, spellings, suggest, translate
from hub.mapping.load import Mappings

ROOT = Path(__file__).parents[4]
IN_2005 = date(2005, 6, 1)
DRIVING = "CL1330101"


def test_a_withdrawn_division_is_itself_in_its_time_and_knows_what_it_became(
    standard: Tables,
) -> None:
    table = standard.table("division")
    assert table.name_on("421302", IN_2005) == ("曾都区", "Zengdu District")
    row = table.row("421302")
    assert row is not None
    assert row.is_valid(IN_2005)
    assert not row.is_valid(date(2024, 1, 1))
    assert {one.code for one in table.successors("421302")} == {"421303", "421321"}
    told = translate(standard, "police_case", "division", "421302", IN_2005)
    assert (told.code, told.relation, told.is_valid) == ("421302", "equal", True)
    assert {one.code for one in told.candidates} == {"421303", "421321"}
    today = translate(standard, "police_case", "division", "421302", date(2024, 1, 1))
    assert (today.code, today.is_valid) == ("421302", False)
    assert "2024-01-01" in today.reason.zh


def test_a_crime_has_the_name_of_its_time(standard: Tables) -> None:
    table = standard.table("crime")
    before = table.name_on("CL1690001", date(2024, 2, 29))
    after = table.name_on("CL1690001", date(2024, 3, 1))
    assert before is not None
    assert after is not None
    assert before[0] == "徇私舞弊低价折股、出售国有资产罪"
    assert after[0] == "徇私舞弊低价折股、出售公司、企业资产罪"
    driving = table.row(DRIVING)
    assert driving is not None
    assert not driving.is_valid(date(2011, 4, 30))
    assert driving.is_valid(date(2011, 5, 1))


@pytest.mark.parametrize(
    ("raw", "code", "day", "is_valid", "name"),
    [
        ("偷税罪", "CL2010001", "2005-06-01", True, "偷税罪"),
        ("偷税", "CL2010001", "2010-06-01", True, "逃税罪"),
        ("投毒案", "CL1140004", "2002-03-25", True, "投毒罪"),
        ("投放危险物质罪", "CL1140004", "2002-03-26", True, "投放危险物质罪"),
        ("开设赌场罪", "CL3030002", "2006-06-28", False, "开设赌场罪"),
        ("开设赌场罪", "CL3030002", "2006-06-29", True, "开设赌场罪"),
        ("嫖宿幼女罪", "CL3600002", "2015-10-31", True, "嫖宿幼女罪"),
        ("嫖宿幼女", "CL3600002", "2015-11-01", False, "嫖宿幼女罪"),
    ],
)
def test_a_crime_of_former_times_is_read_and_answered_by_its_day(  # noqa: PLR0917
    standard: Tables,
    raw: str,
    code: str,
    day: str,
    is_valid: bool,
    name: str,
) -> None:
    told = translate(standard, "court_case", "crime", raw, day=date.fromisoformat(day))
    assert (told.code, told.is_valid) == (code, is_valid)
    named = standard.table("crime").name_on(code, date.fromisoformat(day))
    assert named is not None
    assert named[0] == name


def test_a_withdrawn_crime_knows_what_it_became_and_483_are_in_force(
    standard: Tables,
) -> None:
    table = standard.table("crime")
    assert [one.name_zh for one in table.successors("CL3600002")] == ["强奸罪"]
    crimes = [row for row in table.rows if row.value("level") == "crime"]
    assert sum(not row.is_withdrawn for row in crimes) == 483
    assert all(row.value("article_zh") for row in crimes)


@pytest.mark.parametrize(
    ("revision", "name"), [("1984", "文盲或半文盲"), ("2006", "其他")]
)
def test_ninety_means_another_thing_in_each_edition(
    standard: Tables, revision: str, name: str
) -> None:
    row = standard.table("education", revision).row("90")
    assert row is not None
    assert row.name_zh == name


def test_a_crime_written_in_ten_ways_by_all_systems_is_one_crime(
    standard: Tables,
) -> None:
    mappings = Mappings.load(ROOT / "mappings", standard)
    raws: set[str] = set()
    for system in mappings.names:
        walks = spellings(standard, system, "crime", DRIVING)
        for walk in walks:
            told = translate(standard, system, "crime", walk.raw)
            assert told.code == DRIVING, (system, walk.raw)
            raws.add(walk.raw)
    assert len(mappings.names) == 7
    assert len(raws) >= 10
    assert {"危险驾驶罪", "危险驾驶", "危险驾驶案", "醉驾", "醉酒驾驶"} <= raws


@pytest.mark.parametrize("raw", ["危险驾驶", "危险驾驶案", "涉嫌危险驾驶罪", "醉驾"])
def test_a_spelling_of_everybody_is_read_by_every_mapping(
    standard: Tables, raw: str
) -> None:
    mappings = Mappings.load(ROOT / "mappings", standard)
    for system in mappings.names:
        for record in mappings.system(system).parsed.records.values():
            for rule in record.rules:
                is_crime = rule.lookup and rule.lookup.table == "crime"
                if is_crime and rule.take and not rule.converters:
                    assert rule.take(raw) == DRIVING


def test_what_nobody_knows_is_answered_with_what_is_nearest(standard: Tables) -> None:
    told = translate(standard, "court_case", "crime", "危险架驶罪")
    assert (told.code, told.relation) == (None, "none")
    assert told.candidates[0].code == DRIVING
    assert told.candidates[0].why in {"same_sound", "spelling"}
    assert told.reason.zh
    assert told.reason.en


def test_same_name_same_sound_and_spelling_are_told_apart(standard: Tables) -> None:
    table = standard.table("crime")
    assert closest(table, "盗窃罪")[0].why == "same_name"
    assert closest(table, "道窃罪")[0].why == "same_sound"
    assert closest(table, "盗窃财物罪")[0].why == "spelling"
    assert closest(table, "") == ()


def test_the_way_back_names_every_raw_code(standard: Tables) -> None:
    found = spellings(standard, "police_case", "sex", "1")
    assert found[0].relation == "equal"
    assert spellings(standard, "no_system", "sex", "1")[0].raw == "1"


def test_every_successor_stands_in_its_table(standard: Tables) -> None:
    for name in standard.names:
        table = standard.table(name)
        for row in table.rows:
            for code in row.replaced_by:
                assert table.row(code) is not None, (name, row.code, code)


@pytest.mark.parametrize(
    ("table", "raw", "code", "reason"),
    [
        ("crime", "危险驾驶罪", DRIVING, "same_name"),
        ("crime", "危险架驶", DRIVING, "same_sound"),
        ("crime", "醉酒架驶", DRIVING, "same_sound"),
        ("crime", "危险驾驶机动车罪", DRIVING, "spelling"),
        ("ethnic_group", "1", "01", "same_code"),
        ("division", "曾都区", "421303", "same_name"),
        ("division", "东郊区", "120110", "same_name"),
    ],
)
def test_an_unknown_value_gets_suggestions_with_score_and_reason(
    standard: Tables, table: str, raw: str, code: str, reason: str
) -> None:
    found = suggest(standard, table, raw)
    assert (found[0].code, found[0].reason) == (code, reason)
    assert len(found) <= 3
    assert len({one.code for one in found}) == len(found)
    assert all(0.6 <= one.score <= 1 for one in found)


def test_what_is_like_nothing_gets_no_suggestion(standard: Tables) -> None:
    assert suggest(standard, "sex", "") == ()
    assert suggest(standard, "marital_status", "甴曱") == ()
    with pytest.raises(CodeTableMissing):
        suggest(standard, "nothing", "x")
