"""Chinese numerals of money, as banks write and read them."""

from __future__ import annotations

import pytest

from hub.mapping.converters.numeral import capitals, number, numeral


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (0, "零"),
        (10, "壹拾"),
        (1005, "壹仟零伍"),
        (1050, "壹仟零伍拾"),
        (10_005, "壹万零伍"),
        (107_000, "壹拾万柒仟"),
        (100_500, "壹拾万零伍佰"),
        (200_030_000, "贰亿零叁万"),
        (100_000_000_005, "壹仟亿零伍"),
    ],
)
def test_a_figure_is_written_by_the_rules_and_read_again(
    figure: int, text: str
) -> None:
    assert numeral(figure) == text
    assert number(text) == figure


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("拾", 10),
        ("拾贰", 12),
        ("壹拾万零柒仟", 107_000),
        (capitals("三千五百"), 3500),
        (capitals("兩千"), 2000),
        (capitals("两千"), 2000),
        (capitals("貳仟陸佰"), 2600),
    ],
)
def test_what_the_rules_leave_open_is_read(text: str, figure: int | None) -> None:
    assert number(text) == figure


@pytest.mark.parametrize(
    "text", ["", "万", "亿", "零零", "壹壹", "壹仟伍", "壹仟伍万零", "拾拾", "壹万万"]
)
def test_what_breaks_the_rules_is_no_numeral(text: str) -> None:
    assert number(text) is None
