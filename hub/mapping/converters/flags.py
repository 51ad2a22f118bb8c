"""Converters of yes and no. ``2`` means no only where the field is defined so."""

from __future__ import annotations

from collections.abc import Callable

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_YES = frozenset({"y", "yes", "1", "01", "是", "有", "true", "t"})
_NO = frozenset({"n", "no", "0", "00", "否", "无", "false", "f"})
_XSD = {"true": True, "1": True, "false": False, "0": False}
_ON_WORD = Text("不是约定的是否写法", "it is no agreed word for yes or no")


def yes_no(value: Scalar) -> Result:
    """Y/N, 1/0, 是/否, 有/无, true/false; ``2`` is not guessed.

    Source: the data standards' table of divergent codings, row "boolean".
    """
    if isinstance(value, bool):
        return value
    word = fold_width(as_text(value)).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return ABSENT if is_blank(word) else Unreadable(as_text(value), _ON_WORD)


def yes_no_12(value: Scalar) -> Result:
    """1 for yes and 2 for no, for fields that are defined so; 0 is neither.

    Source: the data standards' table of divergent codings, row "boolean".
    """
    word = fold_width(as_text(value))
    if word in ("1", "2"):
        return word == "1"
    return ABSENT if is_blank(word) else Unreadable(as_text(value), _ON_WORD)


def xsd_boolean(value: Scalar) -> Result:
    """``true``, ``1``, ``false``, ``0`` and nothing else.

    Source: XML Schema Part 2, section 3.2.2. A SOAP client turns 是 or Y into
    *false*; here they are unreadable.
    """
    if isinstance(value, bool):
        return value
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    found = _XSD.get(original.strip(" \t\r\n"))
    return Unreadable(original, _ON_WORD) if found is None else found


def _spelt(yes: Result, no: Result) -> Callable[[Result], Result]:
    """Write a flag; anything else cannot be told, and is never *no*."""

    def write(value: Result) -> Result:
        if type(value) is not bool:
            return CANNOT_TELL
        return yes if value else no

    return write


def _flag(name: str, yes: str, no: str) -> Converter:
    title = Text(f"{yes}/{no}", f"{yes}/{no}")
    return Converter(name, title, "flag", yes_no, _spelt(yes, no))


_FLAG = Text("是否", "yes or no")
_write_12 = _spelt("1", "2")
_write_flag = _spelt(yes=True, no=False)

CONVERTERS = (
    Converter("yes_no", _FLAG, "flag", yes_no, _write_flag),
    Converter("yes_no_12", _FLAG, "flag", yes_no_12, _write_12),
    _flag("yes_no_10", "1", "0"),
    _flag("yes_no_YN", "Y", "N"),
    _flag("yes_no_cn", "是", "否"),
    Converter("xsd_boolean", _FLAG, "flag", xsd_boolean, _spelt("true", "false")),
)
