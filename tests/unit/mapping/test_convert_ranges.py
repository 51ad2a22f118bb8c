"""What holds of every day, second, amount and number, in every spelling."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from hub.mapping.converters.clock import SHANGHAI
from hub.mapping.converters.identity import check_character

from .test_convert_properties import (
    BOTH,
    CONVERTERS,
    NONE_DATES,
    TO_THE_SECOND,
    quick,
)


@quick
@given(day=st.dates(date(1, 1, 2), date(9999, 12, 30)), data=st.data())
def test_every_day_is_read_in_every_shape(day: date, data: st.DataObject) -> None:
    shapes = [
        one
        for one in BOTH
        if one.gives == "date" and one.name not in ("date_excel", "date_yymmdd")
    ]
    converter = data.draw(st.sampled_from(shapes))
    if day.isoformat() in NONE_DATES:
        return
    assert converter.write is not None
    assert converter.read is not None
    written = converter.write(day.isoformat())
    assert isinstance(written, str)
    assert converter.read(written) == day.isoformat()


@quick
@given(day=st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_every_day_of_a_century_is_a_sheet_s_and_a_short_one(day: date) -> None:
    for name in ("date_excel", "date_yymmdd"):
        converter = CONVERTERS[name]
        assert converter.write is not None
        assert converter.read is not None
        written = converter.write(day.isoformat())
        assert isinstance(written, str)
        assert converter.read(written) == day.isoformat()


@quick
@given(moment=st.datetimes(datetime(1992, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001 - local clock
def test_every_second_is_read_as_it_was_written(moment: datetime) -> None:
    local = moment.replace(microsecond=0, tzinfo=SHANGHAI).isoformat()
    for name in TO_THE_SECOND:
        converter = CONVERTERS[name]
        assert converter.write is not None
        assert converter.read is not None
        written = converter.write(local)
        assert isinstance(written, str)
        assert converter.read(written) == local


@quick
@given(seconds=st.integers(-(10**9) * 2, 4 * 10**9))
def test_a_day_and_a_time_of_one_moment_agree(seconds: int) -> None:
    raw = f"/Date({seconds * 1000})/"
    time, day = CONVERTERS["local_time"].read, CONVERTERS["birth_date"].read
    assert time is not None
    assert day is not None
    told = time(raw)
    assert isinstance(told, str)
    assert told[:10] == day(raw) == day(told)


@quick
@given(cents=st.integers(0, 10**14 - 1))
def test_every_amount_is_written_in_capitals_and_read_again(cents: int) -> None:
    yuan = f"{cents // 100}.{cents % 100:02}"
    converter = CONVERTERS["amount_cn"]
    assert converter.write is not None
    assert converter.read is not None
    written = converter.write(yuan)
    assert isinstance(written, str)
    assert converter.read(written) == yuan


@quick
@given(body=st.from_regex(r"[0-9]{17}", fullmatch=True))
def test_the_check_character_is_that_of_iso_7064(body: str) -> None:
    assert check_character(body) == str(mod_11_2.calc_check_digit(body))


@quick
@given(day=st.dates(date(1900, 1, 1), date(1999, 12, 31)), sequence=st.integers(0, 995))
def test_an_old_number_and_its_new_one_are_the_same(day: date, sequence: int) -> None:
    body = f"422224{day:%Y%m%d}{sequence:03}"
    number = body + str(mod_11_2.calc_check_digit(body))
    converter = CONVERTERS["id_number_15"]
    assert converter.write is not None
    assert converter.read is not None
    old = converter.write(number)
    assert isinstance(old, str)
    assert len(old) == 15
    assert converter.read(old) == converter.read(number) == number


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("id_number", "421381190001010010"),
        ("credit_code", "91421381MA4A00003U"),
        ("credit_code", "11421381012345671T"),
    ],
)
def test_one_wrong_mark_never_passes(name: str, good: str) -> None:
    read = CONVERTERS[name].read
    assert read is not None
    for at in range(len(good)):
        for mark in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            bad = f"{good[:at]}{mark}{good[at + 1 :]}"
            assert (read(bad) == bad) == (bad == good)
