"""The unified social credit code of GB 32100-2015 and the organisation code of
GB 11714-1997, both with their check characters.
"""

from __future__ import annotations

import re

from stdnum.cn import uscc

from hub.errors import Text
from hub.mapping.converters.converter import CANNOT_TELL, Converter, as_it_is
from hub.mapping.converters.objection import on_number
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

#: digits and capitals without I, O, S, V and Z
_MARK = "[0-9A-HJ-NPQRTUWXY]"
_CREDIT = re.compile(rf"{_MARK}{{2}}\d{{6}}{_MARK}{{10}}", re.ASCII)
_ORGANISATION = re.compile(r"([0-9A-Z]{8})-?([0-9X])", re.ASCII)
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_QUOTES = "'\u2018\u2019`\uff07"

_ON_LETTERS = Text("含有标准不用的字母 I、O、S、V、Z", "I, O, S, V and Z are not used")
_ON_CHECK = Text("校验码不符", "the check character is wrong")
_ON_INNER = Text(
    "其中组织机构代码的校验码不符",
    "the check character of its organisation code is wrong",
)


def organisation_check(body: str) -> str:
    """The check character over the first 8 characters; A is 10 and Z is 35."""
    total = sum(
        weight * int(mark, 36) for weight, mark in zip(_WEIGHTS, body[:8], strict=True)
    )
    return "0X987654321"[total % 11]


def credit_code(value: Scalar) -> Result:
    """A unified social credit code, 18 characters, both check characters right.

    The division in it is that of the registering office and not looked up: offices
    of development zones have codes of their own. Source: GB 32100-2015, GB 11714-1997.
    """
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    code = _bare(value)
    if not _CREDIT.fullmatch(code):
        has_letters = len(code) == 18 and re.search("[IOSVZ]", code)
        return Unreadable(original, _ON_LETTERS if has_letters else on_number(code))
    if uscc.calc_check_digit(code[:17]) != code[17]:
        return Unreadable(original, _ON_CHECK)
    if organisation_check(code[8:16]) != code[16]:
        return Unreadable(original, _ON_INNER)
    return code


def organisation_code(value: Scalar) -> Result:
    """An organisation code, 9 characters without the hyphen. Source: GB 11714-1997."""
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    found = _ORGANISATION.fullmatch(_bare(value))
    if not found:
        return Unreadable(original, on_number(_bare(value)))
    if organisation_check(found[1]) != found[2]:
        return Unreadable(original, _ON_CHECK)
    return found[1] + found[2]


def organisation_of_credit_code(value: Scalar) -> Result:
    """The organisation code that a credit code holds. Source: GB 32100-2015."""
    found = credit_code(value)
    return found[8:17] if type(found) is str else found


def _bare(value: Scalar) -> str:
    if isinstance(value, bool):
        return ""
    return "".join(fold_width(as_text(value)).strip(_QUOTES).upper().split())


def _write_dash(value: Result) -> Result:
    if type(value) is not str or organisation_code(value) != value:
        return CANNOT_TELL
    return f"{value[:8]}-{value[8]}"


_CREDIT_TITLE = Text("统一社会信用代码", "a unified social credit code")
_ORGANISATION_TITLE = Text("组织机构代码", "an organisation code")

CONVERTERS = (
    Converter("credit_code", _CREDIT_TITLE, "text", credit_code, as_it_is(credit_code)),
    Converter(
        "organisation_code",
        _ORGANISATION_TITLE,
        "text",
        organisation_code,
        as_it_is(organisation_code),
    ),
    Converter(
        "organisation_code_dash",
        _ORGANISATION_TITLE,
        "text",
        organisation_code,
        _write_dash,
    ),
    Converter(
        "organisation_of_credit_code",
        _ORGANISATION_TITLE,
        "text",
        organisation_of_credit_code,
    ),
)
