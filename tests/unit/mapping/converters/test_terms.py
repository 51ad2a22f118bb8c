"""Terms of punishment: one text, three numbers."""

from __future__ import annotations

import pytest

from hub.contract.messages import Tree
from hub.mapping.converters.converter import Converter
from hub.mapping.value import ABSENT, Unreadable
from tests.unit.mapping.conftest import bare

Converters = dict[str, Converter]


@pytest.mark.parametrize(
    ("raw", "term"),
    [
        ("010600", (1, 6, 0)),
        ("0106", (1, 6, 0)),
        ("000200", (0, 2, 0)),
        ("000015", (0, 0, 15)),
        ("001800", (1, 6, 0)),
        ("1年6个月", (1, 6, 0)),
        ("有期徒刑一年六个月", (1, 6, 0)),
        ("判处有期徒刑十二年", (12, 0, 0)),
        ("有期徒刑二十年", (20, 0, 0)),
        ("有期徒刑一年零三个月", (1, 3, 0)),
        ("有期徒刑十个月", (0, 10, 0)),
        ("拘役二个月", (0, 2, 0)),
        ("拘役两个月十五日", (0, 2, 15)),
        ("6个月", (0, 6, 0)),
        ("18个月", (1, 6, 0)),
        ("６个月", (0, 6, 0)),
        ("2月", (0, 2, 0)),
    ],
)
def test_a_term_is_three_numbers(
    converters: Converters, raw: str, term: tuple[int, int, int]
) -> None:
    for ending in ("", "_cn"):
        parts = ("years", "months", "days")
        sides = [converters[f"term_{part}{ending}"].read for part in parts]
        assert tuple(side(raw) for side in sides if side) == term


@pytest.mark.parametrize(
    "raw", ["18", "1", "有期徒刑", "10600", "十十年", "约一年", "一年半"]
)
def test_what_is_no_term_is_kept_as_it_came(converters: Converters, raw: str) -> None:
    read = converters["term_months"].read
    assert read is not None
    assert bare(read(raw)) == Unreadable(raw)
    assert read("") is ABSENT


@pytest.mark.parametrize("raw", ["无期徒刑", "死缓", "死刑，缓期二年执行", "判处死刑"])
def test_a_penalty_without_end_has_no_term(converters: Converters, raw: str) -> None:
    for part in ("years", "months", "days"):
        read = converters[f"term_{part}"].read
        assert read is not None
        assert read(raw) is ABSENT


@pytest.mark.parametrize(
    ("raw", "term"),
    [
        ("18", (1, 6, 0)),
        (2, (0, 2, 0)),
        ("2.0", (0, 2, 0)),
        ("2个月", (0, 2, 0)),
        (0, (0, 0, 0)),
    ],
)
def test_a_term_told_in_months_becomes_years_and_months(
    converters: Converters, raw: str | int, term: tuple[int, int, int]
) -> None:
    sides = [converters[f"months_{part}"].read for part in ("years", "months", "days")]
    assert tuple(side(raw) for side in sides if side) == term


@pytest.mark.parametrize(
    ("raw", "months"),
    [
        ("18", 18),
        ("010600", 18),
        ("一年六个月", 18),
        ("", ABSENT),
        ("15日", Unreadable("15日")),
    ],
)
def test_a_term_is_told_as_a_number_of_months(
    converters: Converters, raw: str, months: object
) -> None:
    read = converters["term_total_months"].read
    assert read is not None
    assert bare(read(raw)) == months


@pytest.mark.parametrize(
    ("sentence", "words", "compact", "months"),
    [
        ({"years": 1, "months": 6, "days": 0}, "1年6个月", "010600", 18),
        ({"months": 2}, "2个月", "000200", 2),
        ({"penalty": "LIFE"}, ABSENT, ABSENT, ABSENT),
        ({"days": 15}, "15日", "000015", Unreadable("")),
    ],
)
def test_a_sentence_s_term_is_written(
    converters: Converters,
    sentence: Tree,
    words: object,
    compact: object,
    months: object,
) -> None:
    names = ("term_cn", "term_ymd", "term_in_months")
    sides = [converters[name].write for name in names]
    told = [bare(side(sentence)) for side in sides if side]
    assert told == [words, compact, months]
