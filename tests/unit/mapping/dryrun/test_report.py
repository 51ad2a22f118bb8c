"""Changes put together: counted, sampled, and without anybody's values."""

from __future__ import annotations

import json

import pytest

from hub.mapping.dryrun.difference import NOTHING, Change, State
from hub.mapping.dryrun.report import (
    Group,
    Report,
    Spot,
    digest_of,
    mask,
    shifts_of,
    shown,
)

NAME = Spot("records", "police_case: records.person.fields.name", "persons[].name")
SEX = Spot("records", "police_case: records.person.fields.sex", "persons[].sex")


def _name(old: str, new: str) -> Change:
    return Change.at("persons[0].name", State("value", old), State("value", new))


def _filled() -> Report:
    report = Report()
    for number in range(50):
        change = _name(f"欧阳{number}", f"震华{number}")
        report.add(f"raw {number}", [(Group(NAME), change), (Group(NAME), change)])
    refused = State("refused", "CODE_UNKNOWN")
    group = Group(SEX, "table sex", "code:sex")
    report.add(
        "raw 7", [(group, Change.at("persons[0].sex", State("value", "2"), refused))]
    )
    return report


def test_counts_are_of_changes_and_of_records() -> None:
    names, sexes = _filled().ordered("records")
    assert (names.spot, names.count, names.records) == (NAME, 100, 50)
    assert (sexes.count, sexes.records) == (1, 1)
    assert dict(sexes.shifts) == {"2 -> refused CODE_UNKNOWN": 1}
    assert dict(names.shifts) == {"value -> value": 100}


def test_samples_stay_few_however_many_changes_there_are() -> None:
    report = Report()
    for number in range(500):
        states = State("value", str(number)), State("value", str(number + 1))
        change = Change.at("persons[0].sex", *states)
        report.add(f"raw {number}", [(Group(SEX, "", "code:sex"), change)])
    (group,) = report.ordered("records")
    assert len(group.shifts) == 500
    assert len(group.samples) == 12


def test_what_is_kept_of_it_holds_nobody() -> None:
    report = _filled()
    assert report.ordered("records")[0].samples[0].before.value == "欧阳0"
    kept = json.dumps(report.plain("records"), ensure_ascii=False)
    assert "欧阳" not in kept
    assert "震华" not in kept


def test_the_digest_is_of_what_was_found_and_not_of_how() -> None:
    one, other = _filled(), _filled()
    assert digest_of(one.plain("records")) == digest_of(other.plain("records"))
    other.add("raw 99", [(Group(NAME), _name("甲", "乙"))])
    assert digest_of(one.plain("records")) != digest_of(other.plain("records"))
    assert shifts_of(one.plain("records")) == shifts_of(other.plain("records"))


def test_another_sort_of_shift_is_news() -> None:
    one, other = _filled(), _filled()
    gone = Change.at("persons[0].name", State("value", "甲"), NOTHING)
    other.add("raw 99", [(Group(NAME), gone)])
    (news,) = shifts_of(other.plain("records")) - shifts_of(one.plain("records"))
    assert news == (NAME.part, NAME.rule, NAME.field, "value -> absent")


@pytest.mark.parametrize(
    ("state", "masked", "open_"),
    [
        (State("value", "欧阳 Ab-12"), "汉汉 aa-99", "欧阳 Ab-12"),
        (State("unreadable", "２月30"), "unreadable: 9汉99", "unreadable: ２月30"),
        (State("value", {"XM": "甲"}), "{'aa': '汉'}", "{'XM': '甲'}"),
        (State("value", 5), "9", "5"),
        (State("refused", "CODE_UNKNOWN"), "refused CODE_UNKNOWN", None),
        (State("record"), "record", None),
        (NOTHING, "（无 / nothing）", None),
    ],
)
def test_a_state_is_shown_by_its_form(
    state: State, masked: str, open_: str | None
) -> None:
    assert shown(state) == masked
    assert shown(state, masked=False) == (open_ or masked)


def test_masking_leaves_no_letter_and_no_digit() -> None:
    assert mask("王𠮷 a9é٣Ж㐂") == "汉汉 a9a9a汉"
