"""Converters of amounts of money. The unit is the field's, not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter
from hub.mapping.converters.numeral import CAPITALS, capitals, number, numeral
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_AMOUNT = re.compile(
    r"(人民币|RMB|CNY)?[¥￥]?(\d{1,24}(?:\.\d{1,24})?|\d{1,3}(?:,\d{3}){1,7}(?:\.\d{1,24})?)"
    r"([千万亿])?([元圆]整?|整)?(?:人民币)?",
    re.ASCII,
)
_IN_WORDS = re.compile(
    rf"(?:人民币)?([{CAPITALS}拾佰仟万亿]+)元(?:整|正)?"
    r"(?:零?([壹贰叁肆伍陆柒捌玖])角)?(?:零?([壹贰叁肆伍陆柒捌玖])分)?(?:整|正)?"
)
_ABOUT = re.compile(r"[约近超逾余多许]|左右|上下|以上|以下|不足|大概|至少|不低于")
_CURRENCY = re.compile(r"美元|港元|港币|欧元|日元|英镑|澳门元|USD|HKD|EUR|[$€£]")
_STORED = re.compile(r"\d{1,12}\.\d\d", re.ASCII)
_TIMES = {"": 1, "千": 1000, "万": 10_000, "亿": 100_000_000}
_CENT = Decimal("0.01")
_BELOW = Decimal(10) ** 12

_ON_ABOUT = Text("是约数，不是确数", "it tells about how much, not how much")
_ON_CURRENCY = Text("不是人民币", "it is another currency")
_ON_UNIT = Text(
    "写有币种而无单位，不知是元还是万元", "a currency without a unit: yuan or 万元?"
)
_ON_CENT = Text("不足一分", "it is finer than a cent")
_ON_SIZE = Text("金额过大", "the amount is too large")
_ON_MINUS = Text("金额为负", "the amount is negative")
_ON_SHAPE = Text("不是金额", "it is no amount")


def _amount(unit: Decimal) -> Callable[[Scalar], Result]:
    def read(value: Scalar) -> Result:
        """Yuan with two places. Source: data standards section 2, row "amount";
        支付结算办法 (银发〔1997〕393 号), annex 1.
        """
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        if isinstance(value, bool):
            return Unreadable(original, _ON_SHAPE)
        yuan = _yuan(fold_width(original).replace(" ", ""), unit)
        if isinstance(yuan, Text):
            return Unreadable(original, yuan)
        if yuan >= _BELOW:
            return Unreadable(original, _ON_SIZE)
        told = yuan.quantize(_CENT)
        return str(told) if told == yuan else Unreadable(original, _ON_CENT)

    return read


def _yuan(text: str, unit: Decimal) -> Decimal | Text:
    if found := _AMOUNT.fullmatch(text):
        told = Decimal(found[2].replace(",", ""))
        if found[3] or found[4]:  # a unit written out wins over the field's own
            return told * _TIMES[found[3] or ""]
        is_plain = found[0] == found[2]
        return told * unit if is_plain or unit == 1 else _ON_UNIT
    if found := _IN_WORDS.fullmatch(capitals(text)):
        whole = number(found[1])
        jiao, fen = (CAPITALS.index(part) if part else 0 for part in found.groups()[1:])
        if whole is not None:
            return Decimal(whole) + Decimal(jiao * 10 + fen) / 100
    return _objection(text)


def _objection(text: str) -> Text:
    if _ABOUT.search(text):
        return _ON_ABOUT
    if _CURRENCY.search(text):
        return _ON_CURRENCY
    return _ON_MINUS if re.fullmatch(r"-[\d.,]+.*", text) else _ON_SHAPE


def _written(spell: Callable[[Decimal], str]) -> Callable[[Result], Result]:
    """A write side of canonical amounts; NaN, Infinity and 1e9 are none."""

    def write(value: Result) -> Result:
        if type(value) is not str or not _STORED.fullmatch(value):
            return CANNOT_TELL
        return spell(Decimal(value))

    return write


def _plain_wan(yuan: Decimal) -> str:
    return f"{(yuan / 10_000).normalize():f}"


def _in_capitals(yuan: Decimal) -> str:
    """3500.00 as 叁仟伍佰元整, 0.05 as 零元零伍分."""
    jiao, fen = int(yuan * 10) % 10, int(yuan * 100) % 10
    told = f"{numeral(int(yuan))}元"
    if not jiao and not fen:
        return f"{told}整"
    told += f"{CAPITALS[jiao]}角" if jiao else "零"
    return f"{told}{CAPITALS[fen]}分" if fen else f"{told}整"


_TITLE = Text("金额", "an amount of money")
_yuan_side, _wan_side = _amount(Decimal(1)), _amount(Decimal(10_000))
_write_yuan = _written(lambda yuan: format(yuan, ".2f"))
_write_comma = _written(lambda yuan: format(yuan, ",.2f"))

CONVERTERS = (
    Converter("amount", _TITLE, "amount", _yuan_side, _write_yuan),
    Converter("amount_comma", _TITLE, "amount", _yuan_side, _write_comma),
    Converter("amount_wan", _TITLE, "amount", _wan_side, _written(_plain_wan)),
    Converter("amount_cn", _TITLE, "amount", _yuan_side, _written(_in_capitals)),
)
