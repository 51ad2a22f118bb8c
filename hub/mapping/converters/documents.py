"""Converters of the numbers that documents bear, in general and by kind.

Canonical: the year at the head in （）, a year further on in 〔〕, a unit's inner word
in （）, no gaps, digits of half width. Source: data standards section 6; 党政机关公文
处理工作条例 (GB/T 9704-2012, 7.2.5) for the brackets 〔〕 around the year.
"""

from __future__ import annotations

import re

from hub.errors import Text
from hub.mapping.converters.converter import Converter, Side, as_it_is
from hub.mapping.converters.numbered import bare, rounded
from hub.mapping.converters.objection import on_number
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_YEAR = r"(?:19|20|21)\d\d"
_N = r"第?\d+(?:-\d+)?号(?:之[一二三四五六七八九十]{1,3})?"
_WORD = "[一-龥A-Za-z·]"
#: a document's number as it is written nearly always, canonical already
_USUAL = re.compile(
    "[一-龥]{1,40}(?:（[一-龥]{1,20}）[一-龥]{0,20})?〔(?:19|20|21)[0-9]{2}〕[0-9]{1,9}号"
)
_ANY = re.compile(
    rf"{_WORD}{{1,40}}(?:（{_WORD}{{1,20}}）{_WORD}{{0,20}}){{0,3}}〔{_YEAR}〕{_N}"
    rf"|（{_YEAR}）{_WORD}{{1,10}}\d{{0,4}}{_WORD}{{0,30}}{_N}",
    re.ASCII,
)
#: 广公（刑）立字〔2023〕001号: unit, 公, inner unit, word
_POLICE = re.compile(
    rf"[一-龥]{{1,20}}公(?:（[一-龥]{{1,20}}）)?[一-龥]{{1,20}}〔{_YEAR}〕\d{{1,9}}号",
    re.ASCII,
)
#: 广检刑诉〔2023〕12号: unit, 检, business and kind
_PROCURATORATE = re.compile(
    rf"[一-龥]{{1,20}}检[一-龥]{{1,20}}〔{_YEAR}〕\d{{1,9}}(?:-\d{{1,4}})?号", re.ASCII
)
#: （2020）黑哈狱有减字5-4号: prison's sign, then 减, 假 or 暂 and 字
_PRISON = re.compile(
    rf"（{_YEAR}）[一-龥]{{1,20}}狱[一-龥]{{0,3}}[减假暂][一-龥]{{0,3}}字第?\d+(?:-\d+)?号",
    re.ASCII,
)
_YEAR_INSIDE = re.compile(rf"(?<!^)\(({_YEAR})\)", re.ASCII)
_TO_FULL = str.maketrans("()", "（）")
_ON_SHAPE = Text("不是文书文号", "it is no document number")


def _folded(original: str) -> str:
    text = _YEAR_INSIDE.sub(r"〔\1〕", rounded(bare(original)))
    return text.translate(_TO_FULL)


def _document(shape: re.Pattern[str]) -> Side:
    def read(value: Scalar) -> Result:
        """A document's number in the canonical form of this module.

        Source: data standards section 6; GB/T 9704-2012, 7.2.5.
        """
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        found = _folded(original)
        if shape.fullmatch(found):
            return found
        is_digits = original.strip()[:1].isdigit()
        return Unreadable(original, on_number(found) if is_digits else _ON_SHAPE)

    return read


_any = _document(_ANY)


def document_number(value: Scalar) -> Result:
    """A document's number of any kind: words, a year in brackets, n号.

    Source: data standards section 6; GB/T 9704-2012, 7.2.5.
    """
    if type(value) is str and _USUAL.fullmatch(value):
        return value
    return _any(value)


def _number(name: str, zh: str, en: str, read: Side) -> Converter:
    return Converter(name, Text(zh, en), "text", read, as_it_is(read))


CONVERTERS = (
    _number("document_number", "文书文号", "a document number", document_number),
    _number(
        "police_document_number",
        "公安文书文号",
        "a police document number",
        _document(_POLICE),
    ),
    _number(
        "procuratorate_document_number",
        "检察文书文号",
        "a procuratorate's document number",
        _document(_PROCURATORATE),
    ),
    _number(
        "prison_document_number",
        "监狱文书文号",
        "a prison's document number",
        _document(_PRISON),
    ),
)
