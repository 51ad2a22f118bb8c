"""Several values in one text."""

from __future__ import annotations

import re

import pytest

from hub.mapping.split import parts

MARKS = re.compile("[、,，;；|]")
WHOLES = frozenset({"掩饰、隐瞒犯罪所得罪", "盗窃罪", "生产、销售、提供假药罪"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("危险驾驶罪", ["危险驾驶罪"]),
        ("危险驾驶罪、盗窃罪", ["危险驾驶罪", "盗窃罪"]),
        (" 盗窃罪 ；诈骗罪|; ", ["盗窃罪", "诈骗罪"]),
        ("掩饰、隐瞒犯罪所得罪", ["掩饰、隐瞒犯罪所得罪"]),
        (
            "盗窃罪、掩饰、隐瞒犯罪所得罪,诈骗罪",
            ["盗窃罪", "掩饰、隐瞒犯罪所得罪", "诈骗罪"],
        ),
        ("生产、销售、提供假药罪、盗窃罪", ["生产、销售、提供假药罪", "盗窃罪"]),
        ("掩饰、别的", ["掩饰", "别的"]),
        ("、-、", []),
        ("", []),
    ],
)
def test_a_text_is_taken_apart(text: str, told: list[str]) -> None:
    assert list(parts(text, MARKS, WHOLES)) == told
