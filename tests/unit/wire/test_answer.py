import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import AgencyAnswerUnreadable
from hub.wire.answer import is_page, json_of, parse_json
from hub.wire.http import Answer


def _answer(body: bytes, media: str = "application/json") -> Answer:
    return Answer(200, {"content-type": media}, body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1} b',
        '{"a": "姓名"}'.encode("gbk"),
        "{}".encode("utf-16"),
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_is_an_unreadable_answer_with_its_bytes(body: bytes) -> None:
    with pytest.raises(AgencyAnswerUnreadable) as caught:
        json_of(_answer(body), endpoint="ep")
    assert (caught.value.endpoint, caught.value.body) == ("ep", body)


def test_fractions_stay_as_they_were_written() -> None:
    assert parse_json(b'{"fj": 0.30, "n": 3}') == {"fj": "0.30", "n": 3}


def test_a_byte_order_mark_is_no_reason_to_refuse() -> None:
    assert parse_json(b"\xef\xbb\xbf[1]") == [1]


@pytest.mark.parametrize(
    "answer",
    [
        _answer(b"<html>", "text/html"),
        _answer(b"\r\n <!DOCTYPE html>"),
        _answer(b"\xef\xbb\xbf<html>"),
        _answer(b'{"really": "json"}', "text/html;charset=GBK"),
    ],
)
def test_a_page_is_known_by_its_content_or_its_claim(answer: Answer) -> None:
    assert is_page(answer)


def test_json_is_no_page() -> None:
    assert not is_page(_answer(b' {"a": "<html>"}'))
    assert not is_page(_answer(b""))


_trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(_trees)
def test_whatever_json_says_comes_back_as_it_was(tree: object) -> None:
    assert parse_json(json.dumps(tree).encode()) == tree


@given(st.integers())
def test_a_number_that_64_bits_do_not_hold_stays_as_written(number: int) -> None:
    fits = -(2**63) <= number < 2**63
    assert parse_json(b"%d" % number) == (number if fits else str(number))


@pytest.mark.parametrize("digits", ["9" * 20, "-" + "9" * 19, "9" * 5_000])
def test_a_number_of_any_length_is_read(digits: str) -> None:
    assert parse_json(f'{{"n": {digits}}}'.encode()) == {"n": digits}


@pytest.mark.parametrize(
    "body", [b"[" * 65 + b"]" * 65, b"[" * 200_000, b"[1," * 600_000, b" " * 10_000_001]
)
def test_json_beyond_the_caps_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"deep|marks|larger"):
        parse_json(body)


def test_json_within_the_caps_is_read() -> None:
    assert parse_json(b"[" * 64 + b"]" * 64)


@given(st.binary())
def test_any_bytes_are_read_or_refused_and_nothing_else(body: bytes) -> None:
    try:
        parse_json(body)
    except ValueError:
        return
