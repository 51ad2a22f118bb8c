"""Chinese numerals of money: 叁仟伍佰 and 三千五百 as 3500, and back.

Source: 支付结算办法 (银发〔1997〕393 号), annex 1: how amounts are written in capitals.
What is not written by its rules is no numeral here: 壹仟伍 may be 1005 or 1500.
"""

from __future__ import annotations

import re

CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_TO_CAPITALS = str.maketrans(
    "〇○一二两兩三四五六七八九十百千萬億貳參陸圓弌弍弎",
    "零零壹贰贰贰叁肆伍陆柒捌玖拾佰仟万亿贰叁陆元壹贰叁",
)
_DIGIT = {mark: value for value, mark in enumerate(CAPITALS)}
_UNIT = {"拾": 10, "佰": 100, "仟": 1000}
_MARKS = re.compile(f"[{CAPITALS}拾佰仟万亿]{{1,30}}")
#: where the rules leave a zero open: before thousands behind 万 or 亿
_OPEN_ZERO = re.compile(r"(?<=[万亿])零(?=[壹贰叁肆伍陆柒捌玖]仟)")
_BELOW = 10**12


def capitals(text: str) -> str:
    """Small and old Chinese figures as those of banks."""
    return text.translate(_TO_CAPITALS)


def number(text: str) -> int | None:
    """What a numeral in capitals tells; ``None`` where it breaks the rules."""
    if not _MARKS.fullmatch(text):
        return None
    found = _sum(text)
    if found >= _BELOW:
        return None
    return found if _folded(numeral(found)) == _folded(text) else None


def _folded(text: str) -> str:
    """拾 and 壹拾 are the same at the head of a numeral; an open zero is left off."""
    text = _OPEN_ZERO.sub("", text)
    return f"壹{text}" if text.startswith("拾") else text


def _sum(text: str) -> int:
    """Sections end at 万 and 亿."""
    total = section = digit = 0
    for mark in text:
        if mark in _DIGIT:
            digit = _DIGIT[mark]
        elif mark in _UNIT:
            section += (digit or 1) * _UNIT[mark]
            digit = 0
        elif mark == "万":
            total += (section + digit) * 10_000
            section = digit = 0
        else:
            total = (total + section + digit) * 100_000_000
            section = digit = 0
    return total + section + digit


def numeral(number: int) -> str:
    """A whole number below 10^12 in capitals: 3500 is 叁仟伍佰."""
    told, is_gap = "", False
    for power, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section = number // power % 10_000
        if section:
            gap = is_gap or (told and section < 1000)
            told += ("零" if gap else "") + _section(section) + unit
        is_gap = bool(told) and not section
    return told or "零"


def _section(section: int) -> str:
    told, is_gap = "", False
    for power, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = section // power % 10
        if digit:
            told += ("零" if is_gap else "") + CAPITALS[digit] + unit
        is_gap = bool(told) and not digit
    return told
