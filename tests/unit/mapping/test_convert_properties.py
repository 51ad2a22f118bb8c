"""What holds of every converter: it never raises, and loses nothing in silence."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hub.mapping.converters.converter import Converter
from hub.mapping.converters.identity import upgrade
from hub.mapping.converters.registry import registry
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Unreadable, as_text, is_blank

from .lexicon import CASES

CONVERTERS = registry(frozenset({"421381", "422224"}))
READING = [one for one in CONVERTERS.values() if one.read is not None]
WRITING = [one for one in CONVERTERS.values() if one.write is not None]
BOTH = [one for one in READING if one.write is not None]
PYTHON = {"text": str, "date": str, "time": str, "amount": str, "int": int}
#: told by date, with a time behind or in another shape
NONE_DATES = {"0000-00-00", "1900-01-01", "1753-01-01", "0001-01-01", "9999-12-31"}
#: read sides that take a part out of a text: absent where it has none
TAKING = {
    "name_alias",
    "name_self_stated",
    "sentence_main",
    "sentence_probation",
    "sentence_fine",
    "sign_of_court_number",
    "quantity_unit",
}
ENDLESS = {"死", "无"}
#: write sides to whole seconds: a fraction is left off, as their pages say
TO_THE_SECOND = {"time_dash", "time_compact", "time_iso", "time_excel"}

quick = settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _texts() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for case in CASES:
        if case.side == "read":
            found[case.converter].append(case.input)
    return found


TEXTS = _texts()
MARKS = (
    "0123456789０９Xx*'. -/年月日元万零一十壹拾号字第之（）()〔〕[]?·，缓刑"
    "\u3000\x0b\x00\ue000\ufffd"
)
#: what a legacy field may hold, with the marks that converters look for
RAW = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.text("0123456789０１２-/.年月日 :TZ+", max_size=24),
    st.text("一二十〇年月日个有期徒刑拘役零两壹仟元万角分整", max_size=12),
    st.text("0123456789Xx*' ", max_size=20),
    st.integers(-(10**22), 10**22),
    st.floats(allow_nan=True),
    st.booleans(),
)


@st.composite
def near(draw: st.DrawFn, name: str) -> Any:
    """A text of this converter's rows, as it is or with a few marks changed."""
    raw = draw(st.sampled_from(TEXTS[name]))
    if not isinstance(raw, str):
        return raw
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(raw)))
        gone = draw(st.integers(0, 1))
        raw = raw[:at] + draw(st.sampled_from([*MARKS, ""])) + raw[at + gone :]
    return raw


def raw_of(converter: Converter) -> st.SearchStrategy[Any]:
    return st.one_of(RAW, near(converter.name), near(converter.name))


def by_name(converter: Converter) -> str:
    return converter.name


@pytest.mark.parametrize("converter", READING, ids=by_name)
@quick
@given(data=st.data())
def test_reading_answers_a_value_or_keeps_the_original_with_a_reason(
    converter: Converter, data: st.DataObject
) -> None:
    raw = data.draw(raw_of(converter))
    check_answer(converter, raw)
    check_absence(converter, raw)


ODD = [
    *("1e999", "/Date(99999999999999)/", "9999999999999", "-99999999999"),
    *("0001-01-01T00:00:00+14:00", "9999-12-30T23:59:59-14:00", "\ud800", "\x00"),
    *("9" * 400, "（" * 200, "²", "①", "٣", 10**400, 10**5000),
    # whatever backtracks does not end here
    *("1" + " " * 100_000 + "1", "（2023）" + "一" * 100_000, "公检" * 50_000),
    *("(别名:x)" * 20_000, "罚金" + "一" * 100_000, "9" * 100_000, "-" * 100_000),
    *("有期徒刑" + "一" * 100_000, "1," * 50_000, "（" + "字第" * 50_000),
    *(float("inf"), float("nan"), -0.0, 1e22, 5e-324),
]


@pytest.mark.parametrize("converter", READING, ids=by_name)
def test_reading_odd_things_answers_too(converter: Converter) -> None:
    for raw in ODD:
        check_answer(converter, raw)


def check_answer(converter: Converter, raw: Any) -> None:
    assert converter.read is not None
    found = converter.read(raw)
    if isinstance(found, Unreadable):
        assert found.original == as_text(raw)
        assert found.reason is not None
    elif found is not ABSENT:
        kind = bool if converter.gives == "flag" else PYTHON[converter.gives]
        assert type(found) is kind
        assert found != "" or converter.name == "text_exact"


def check_absence(converter: Converter, raw: Any) -> None:
    """Only blanks and the sentinels that a row of the page names are absent."""
    assert converter.read is not None
    if converter.name in TAKING or converter.read(raw) is not ABSENT:
        return
    bare = fold_width(as_text(raw))
    if is_blank(bare) or raw is None:
        return
    if "term" in converter.name or "months" in converter.name:
        assert set(bare) & ENDLESS
    elif converter.name == "date_yymmdd":
        assert bare == "000000"
    elif converter.name.endswith("_excel"):
        assert bare.startswith("2958465")
    else:
        assert converter.gives in ("date", "time") or "partial" in converter.name
        day = CONVERTERS["partial_date"].read
        assert day is not None
        assert day(raw) is ABSENT or day(raw) in NONE_DATES


@pytest.mark.parametrize("converter", BOTH, ids=by_name)
@quick
@given(data=st.data())
def test_what_is_written_reads_back_as_the_same_value(
    converter: Converter, data: st.DataObject
) -> None:
    raw = data.draw(raw_of(converter))
    assert converter.read is not None
    value = converter.read(raw)
    if value is not ABSENT and not isinstance(value, Unreadable):
        check_round_trip(converter, value)


def may_be_untold(name: str, value: object) -> bool:
    """Values that a receiver's form cannot hold; all others must be written."""
    if name == "id_number_15":
        number = str(value)
        return upgrade(number[:6] + number[8:17]) != number
    if name in ("time_dash", "time_compact", "time_excel"):
        return str(value) < "1992"
    return False


@pytest.mark.parametrize("converter", BOTH, ids=by_name)
def test_a_row_s_value_is_read_and_written_as_itself(converter: Converter) -> None:
    rows = [
        case
        for case in CASES
        if (case.converter, case.side, case.outcome)
        == (converter.name, "read", "value")
    ]
    assert rows
    for case in rows:
        value = json.loads(case.expected)
        is_known = str(value)[:6] in ("421381", "422224")
        if is_known or not converter.name.startswith("id_number"):
            check_round_trip(converter, value)


def check_round_trip(converter: Converter, value: Any) -> None:
    assert converter.read is not None
    assert converter.write is not None
    written = converter.write(value)
    if isinstance(written, Unreadable):
        assert may_be_untold(converter.name, value)
        return
    assert isinstance(written, str | int | bool)
    again = converter.read(written)
    if converter.name in TO_THE_SECOND and isinstance(value, str):
        assert again == value[:19] + value[-6:]
    else:
        assert again == value
    assert isinstance(again, str | int | bool)
    assert converter.write(again) == written


STORED = st.recursive(
    RAW
    | st.sampled_from(
        ["NaN", "Infinity", "-0.00", "2023-02-30", "2023-08-01T08:05:09"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["years", "months", "days", "x"]), inner, max_size=3
        ),
    ),
    max_leaves=4,
)


@pytest.mark.parametrize("converter", WRITING, ids=by_name)
@quick
@given(stored=STORED)
@example(stored=float("nan"))
@example(stored="\ud800")
@example(stored={"years": float("inf")})
@example(stored=10**400)
def test_writing_whatever_the_store_holds_never_raises(
    converter: Converter, stored: Any
) -> None:
    assert converter.write is not None
    written = converter.write(stored)
    if isinstance(written, Unreadable):
        assert written.reason is not None
    elif written is ABSENT:
        assert converter.takes
    elif converter.takes:
        assert type(written) in (str, int)
    elif converter.name not in ("text", "text_exact"):
        assert converter.read is not None
        again = converter.read(written)  # type: ignore[arg-type]  # a scalar
        assert again is not ABSENT
        assert not isinstance(again, Unreadable)
