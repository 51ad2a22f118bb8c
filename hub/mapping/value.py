"""What a converter may answer: a value, nothing told, or told and not readable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from hub.contract.messages import Tree
from hub.errors import Text

#: texts by which legacy systems say that nothing was told, in lower case
BLANKS: Final = frozenset({"", "-", "－", "--", "null"})

Scalar = str | int | float | bool


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


#: nothing was told: the field is left out
ABSENT: Final = _Absent.ABSENT
Absent = Literal[_Absent.ABSENT]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something was told that is no value; the original text is kept.

    ``rule`` names the converter or table that objected, ``code`` the leaf of the
    error tree, ``reason`` says more in both languages where more is known.
    """

    original: str
    reason: Text | None = None
    rule: str = ""
    code: str = "RECORD_INVALID"


Result = Tree | Absent | Unreadable


def as_text(value: Tree) -> str:
    """A scalar of a tree as text; JSON numbers and booleans in JSON's spelling."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    try:
        return str(value)
    except ValueError:  # Python spells no whole number above 4300 digits
        return hex(value)  # type: ignore[arg-type]  # only a whole number fails


def is_blank(value: Tree) -> bool:
    """Does this value of a tree say that nothing was told?"""
    if type(value) is str:
        ahead = value[:1]
        if "0" <= ahead <= "9" or "\u4e00" <= ahead <= "\u9fff":
            return False  # nearly every value; the rest is looked at closely
        return value.strip().lower() in BLANKS if len(value) < 40 else not value.strip()
    return value is None or value in ([], {})
