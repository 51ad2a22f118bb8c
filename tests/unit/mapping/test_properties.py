"""What holds for every text whatever: nothing raises, nothing is lost in silence."""

from __future__ import annotations

import copy
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from hub.mapping.convert import Converter
from hub.mapping.convert_text import fold_width
from hub.mapping.load import SystemMapping
from hub.mapping.read import Mapped
from hub.mapping.registry import registry
from hub.mapping.value import ABSENT, Unreadable, as_text, is_blank
from hub.records.shape import SHAPES

from .conftest import Load
from .test_read import SECTIONS

CONVERTERS = registry(frozenset({"421381", "422224"}))
READING = [one for one in CONVERTERS.values() if one.read is not None]
BOTH = [one for one in READING if one.write is not None]
#: what a legacy field may hold: any text, with the marks that converters look for
RAW = st.one_of(
    st.text(max_size=30),
    st.text("0123456789０１２-/.年月日 :TZ+", max_size=24),
    st.text("一二十〇年月日个有期徒刑拘役零两壹仟元万角分整", max_size=12),
    st.text("0123456789Xx*' ", max_size=20),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=True),
    st.booleans(),
)
SENTINELS = {"0000-00-00", "1900-01-01", "1753-01-01", "0001-01-01", "9999-12-31"}
PYTHON = {"text": str, "date": str, "time": str, "amount": str, "int": int}

quick = settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("converter", READING, ids=lambda one: one.name)
@quick
@given(raw=RAW)
@example(raw="1e999")
@example(raw="/Date(99999999999999)/")
@example(raw="9999999999999")
@example(raw="-99999999999")
@example(raw="0001-01-01T00:00:00+14:00")
@example(raw="9999-12-30T23:59:59-14:00")
def test_reading_answers_a_value_or_keeps_the_original(
    converter: Converter, raw: str | int | float
) -> None:
    assert converter.read is not None
    found = converter.read(raw)
    if isinstance(found, Unreadable):
        assert found.original == as_text(raw)
    elif found is not ABSENT:
        kind = bool if converter.gives == "flag" else PYTHON[converter.gives]
        assert type(found) is kind
        assert found != ""


@pytest.mark.parametrize("converter", READING, ids=lambda one: one.name)
@quick
@given(raw=st.text(max_size=20))
@example(raw="1900-01-02")
@example(raw="0000-01-01")
@example(raw="9999-12-30")
def test_only_blanks_and_sentinels_are_absent(converter: Converter, raw: str) -> None:
    assert converter.read is not None
    if converter.name == "name_alias" or converter.read(raw) is not ABSENT:
        return
    bare = fold_width(raw)
    assert is_blank(bare) or bare in SENTINELS


@pytest.mark.parametrize("converter", BOTH, ids=lambda one: one.name)
@quick
@given(raw=RAW)
def test_what_is_written_reads_back_as_the_same_value(
    converter: Converter, raw: str | int | float
) -> None:
    assert converter.read is not None
    assert converter.write is not None
    value = converter.read(raw)
    if value is ABSENT or isinstance(value, Unreadable):
        return
    written = converter.write(value)
    if isinstance(written, Unreadable):
        return
    assert isinstance(written, str | int | float | bool)
    again = converter.read(written)
    if converter.gives == "time" and isinstance(value, str):
        assert isinstance(again, str)
        assert again[:19] == value[:19]
    else:
        assert again == value


@quick
@given(day=st.dates(date(1901, 1, 2), date(2200, 1, 1)), data=st.data())
def test_every_day_is_read_in_every_shape(day: date, data: st.DataObject) -> None:
    shapes = [one for one in CONVERTERS.values() if one.name.startswith("date_")]
    converter = data.draw(st.sampled_from(shapes))
    assert converter.write is not None
    assert converter.read is not None
    written = converter.write(day.isoformat())
    assert isinstance(written, str)
    assert converter.read(written) == day.isoformat()


@quick
@given(moment=st.datetimes(datetime(1901, 1, 2), datetime(2200, 1, 1)))  # noqa: DTZ001 - local clock
def test_every_second_is_read_as_it_was_written(moment: datetime) -> None:
    local = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=8)))
    for name in ("time_dash", "time_compact", "time_iso"):
        converter = CONVERTERS[name]
        assert converter.write is not None
        assert converter.read is not None
        written = converter.write(local.isoformat())
        assert isinstance(written, str)
        assert converter.read(written) == local.isoformat()


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


@quick
@given(position=st.integers(0, 17), digit=st.integers(0, 9))
def test_one_wrong_digit_never_passes(position: int, digit: int) -> None:
    good = "421381190001010010"
    bad = f"{good[:position]}{digit}{good[position + 1 :]}"
    read = CONVERTERS["id_number"].read
    assert read is not None
    assert (read(bad) == bad) == (bad == good)


KEYS = st.sampled_from(
    ["AJ", "AJBH", "AJMC", "LASJ", "AJJD", "RYLB", "RY", "XM", "CSRQ", "ZM", "XB", "N"]
)
TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=5)
    ),
    max_leaves=25,
)


@pytest.fixture
def mapping(load: Load) -> SystemMapping:
    return load(SECTIONS)


@quick
@given(tree=TREES)
def test_no_tree_whatever_raises(mapping: SystemMapping, tree: Any) -> None:
    before = copy.deepcopy(tree)
    for raw in (tree, {"AJ": tree}):
        mapped = mapping.read("case", raw)
        assert isinstance(mapped, Mapped)
        check_shape("case", mapped.body)
    assert tree == before


def check_shape(kind: str, body: Any) -> None:
    """A body holds nothing but what the canonical shape allows."""
    for name, value in body.items():
        if name == "unreadable":
            assert set(value) <= set(SHAPES[kind])
            continue
        many, _, inner = SHAPES[kind][name].partition(":")
        if many in ("one", "many"):
            for item in value if many == "many" else [value]:
                check_shape(inner, item)
        else:
            assert isinstance(value, str | int)
            assert value != ""
