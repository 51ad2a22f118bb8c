"""Converters of how much of a thing there is: a number and its unit in one text."""

from __future__ import annotations

import re
from decimal import Decimal

from hub.errors import Text
from hub.mapping.converters.converter import Converter, as_it_is
from hub.mapping.converters.numeral import CAPITALS, capitals, number
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_IN_DIGITS = re.compile(
    r"(\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?)([^\d.,]{0,12})",
    re.ASCII,
)
_IN_WORDS = re.compile(rf"([{CAPITALS}拾佰仟万亿]+)([^{CAPITALS}拾佰仟万亿\d]{{0,12}})")
_ABOUT = re.compile(r"[约近余多几数若许]|左右|上下|以上|以下|不等|大概")
_ON_ABOUT = Text("是约数，不是确数", "it tells about how much, not how much")
_ON_SHAPE = Text("不是数量", "it is no quantity")


def quantity(value: Scalar) -> Result:
    """The number of ``2部``, ``15.5克``, ``叁台``, as a plain decimal number.

    Source: GB/T 15835-2011 (numerals in text); 公安机关涉案财物管理若干规定
    (公通字〔2015〕21 号), article 8: name, quantity and unit of each thing.
    """
    found = _taken_apart(value)
    if found is None:
        return ABSENT
    return found if isinstance(found, Unreadable) else found[0]


def quantity_unit(value: Scalar) -> Result:
    """The unit of the same (部, 克, 台); absent where none is told.

    Source: 公安机关涉案财物管理若干规定 (公通字〔2015〕21 号), article 8.
    """
    found = _taken_apart(value)
    if found is None:
        return ABSENT
    return found if isinstance(found, Unreadable) else found[1] or ABSENT


def _taken_apart(value: Scalar) -> tuple[str, str] | Unreadable | None:
    original = as_text(value)
    if is_blank(original):
        return None
    text = fold_width(original).replace(" ", "")
    if isinstance(value, bool) or _ABOUT.search(text):
        about = not isinstance(value, bool)
        return Unreadable(original, _ON_ABOUT if about else _ON_SHAPE)
    if found := _IN_DIGITS.fullmatch(text):
        return _plain(Decimal(found[1].replace(",", ""))), found[2]
    if found := _IN_WORDS.fullmatch(capitals(text)):
        told = number(found[1])
        if told is not None:
            return str(told), found[2]
    return Unreadable(original, _ON_SHAPE)


def _plain(told: Decimal) -> str:
    text = f"{told:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


CONVERTERS = (
    Converter(
        "quantity", Text("数量", "a quantity"), "text", quantity, as_it_is(quantity)
    ),
    Converter("quantity_unit", Text("计量单位", "its unit"), "text", quantity_unit),
)
