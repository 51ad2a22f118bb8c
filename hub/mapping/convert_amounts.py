"""Converters of numbers and amounts of money. The unit is the field's, not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from hub.errors import Text
from hub.mapping.convert import Converter
from hub.mapping.convert_text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_AMOUNT = re.compile(
    r"(?:人民币|RMB|CNY|[¥￥])?(\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?)(万)?(?:元整?|圆整?)?",
    re.ASCII,
)
_CAPITALS = re.compile(
    r"(?:人民币)?([零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)[元圆](?:整|正)?"
    r"(?:零?([壹贰叁肆伍陆柒捌玖])角)?(?:零?([壹贰叁肆伍陆柒捌玖])分)?(?:整|正)?"
)
_FIGURES = "壹贰叁肆伍陆柒捌玖"
_SECTION = (
    rf"(?:[{_FIGURES}]仟)?零?(?:[{_FIGURES}]佰)?零?(?:[{_FIGURES}]?拾)?零?[{_FIGURES}]?"
)
_WELL_FORMED = re.compile(rf"(?:{_SECTION}亿)?(?:{_SECTION}万)?{_SECTION}")
_DIGIT = {mark: value for value, mark in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNIT = {"拾": 10, "佰": 100, "仟": 1000}
_INT = re.compile(r"[+-]?(?:\d{1,18}|\d{1,3}(?:,\d{3}){1,5})(?:\.0+)?", re.ASCII)
_CENT = Decimal("0.01")


def integer(value: Scalar) -> Result:
    """A whole number; ``12.0`` is one, ``12.5`` is none."""
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    text = fold_width(original)
    if isinstance(value, bool) or not _INT.fullmatch(text):
        return Unreadable(original)
    return int(text.partition(".")[0].replace(",", ""))


def _amount(unit: Decimal) -> Callable[[Scalar], Result]:
    def read(value: Scalar) -> Result:
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        if isinstance(value, bool):
            return Unreadable(original)
        yuan = _yuan(fold_width(original).replace(" ", ""), unit)
        if yuan is None or yuan != yuan.quantize(_CENT) or yuan >= Decimal(10) ** 12:
            return Unreadable(original)
        return str(yuan.quantize(_CENT))

    return read


def _yuan(text: str, unit: Decimal) -> Decimal | None:
    if found := _AMOUNT.fullmatch(text):
        if len(found[1]) > 24:
            return None
        told = Decimal(found[1].replace(",", ""))
        # a unit written out wins over the field's own
        return told * (
            10_000 if found[2] else 1 if "元" in text or "圆" in text else unit
        )
    if (found := _CAPITALS.fullmatch(text)) and _WELL_FORMED.fullmatch(found[1]):
        jiao, fen = (_DIGIT[part] if part else 0 for part in found.groups()[1:])
        return Decimal(_capitals(found[1])) + Decimal(jiao * 10 + fen) / 100
    return None


def _capitals(text: str) -> int:
    """叁仟伍佰 as 3500; sections end at 万 and 亿."""
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


def _written(unit: Decimal, form: str) -> Callable[[Result], Result]:
    def write(value: Result) -> Result:
        try:
            return format(Decimal(str(value)) / unit, form)
        except InvalidOperation:
            return Unreadable("")

    return write


def _plain_wan(value: Result) -> Result:
    try:
        told = (Decimal(str(value)) / 10_000).normalize()
    except InvalidOperation:
        return Unreadable("")
    return f"{told:f}"


def _int_text(value: Result) -> Result:
    return str(value) if isinstance(value, int) else Unreadable("")


_TITLE = Text("金额", "an amount of money")
_NUMBER = Text("整数", "a whole number")
_read_yuan, _read_wan = _amount(Decimal(1)), _amount(Decimal(10_000))

CONVERTERS = (
    Converter("int", _NUMBER, "int", integer, lambda value: value),
    Converter("int_text", _NUMBER, "int", integer, _int_text),
    Converter("amount", _TITLE, "amount", _read_yuan, _written(Decimal(1), ".2f")),
    Converter(
        "amount_comma", _TITLE, "amount", _read_yuan, _written(Decimal(1), ",.2f")
    ),
    Converter("amount_wan", _TITLE, "amount", _read_wan, _plain_wan),
)
