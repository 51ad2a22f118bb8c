"""What of a raw text may be counted by name: codes, and never what a person is called.

A field that a table reads holds codes, but a system may write anything there by
mistake. A text that no table knows is told only where it looks like a code; of
anything else only its shape is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from rapidfuzz import fuzz, process

#: the longest text that may still be a code or the name of one
LONGEST = 40
#: how often a page must have a text that a rule expects not to know
OFTEN = 5
#: a name at least this like a text vouches for it (0 to 100)
_ALIKE = 60.0
_OPEN, _CLOSE = "⟨", "⟩"

#: letters, digits and Han in their usual spellings, and the marks that codes hold
_CODE = re.compile(r"[\w\u4e00-\u9fff（）()、，,/·.〔〕\-+:：;；《》“” ]+")
#: identity numbers, bank cards, telephones; a police unit has 12 digits
_NUMBER = re.compile(r"\d{13}|(?<!\d)1[3-9]\d{9}(?!\d)")
_HAN = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,12}·[\u3400-\u9fff·]{1,20}")
#: the commonest surnames, which nine in ten people have
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧司阿古买"
)


def told(text: str, known: Collection[str], count: int, *, expected: bool) -> str:
    """The text, or its shape in brackets.

    ``known`` are the raw codes of the table as this system spells them; ``expected``
    says that the rule takes unknown texts for granted (``hold`` or ``pass``), so only
    one that comes often is a code; ``count`` is how often it came.
    """
    if expected and count < OFTEN:
        return shape(text)
    return text if looks_like_code(text, known) else shape(text)


def looks_like_code(text: str, known: Collection[str]) -> bool:
    """May this unknown text be told? Errs on the side of silence."""
    if len(text) > LONGEST or not _CODE.fullmatch(text) or _NUMBER.search(text):
        return False
    if _HAN.fullmatch(text) and (text[0] in _SURNAMES or "·" in text):
        return is_like(text, known)
    return True


def is_like(text: str, known: Collection[str]) -> bool:
    """Is any of the known codes spelt much like it?"""
    found = process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return found is not None


def shape(text: str) -> str:
    """How a text looks, without the text: ``⟨汉3⟩``, ``⟨9*18⟩``, ``⟨9*4 A*1⟩``."""
    runs: list[tuple[str, int]] = []
    for letter in text[: LONGEST * 4]:
        kind = _kind(letter)
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1] + 1)
        else:
            runs.append((kind, 1))
    if len(runs) > 8:
        return f"{_OPEN}…{len(text)}{_CLOSE}"
    return _OPEN + " ".join(f"{kind}*{many}" for kind, many in runs) + _CLOSE


def is_shape(text: str) -> bool:
    """Is this a shape and no code?"""
    return text.startswith(_OPEN)


def look(text: str) -> str:
    """A coarse class of a value and its length, by which two fields are alike."""
    kinds = {_kind(letter) for letter in text}
    kind = kinds.pop() if len(kinds) == 1 else "+"
    size = next(top for top in (1, 2, 4, 8, 16, 32, 10**9) if len(text) <= top)
    return f"{kind}{size if size < 10**9 else ''}"


def _kind(letter: str) -> str:
    if letter.isdecimal():
        return "9"
    if "\u3400" <= letter <= "\u9fff":
        return "汉"
    return "A" if letter.isalpha() else "."
