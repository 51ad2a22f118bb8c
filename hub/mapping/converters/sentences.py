"""Converters that take one part out of a whole sentence told as one text.

判处有期徒刑一年六个月，缓刑二年，并处罚金人民币三千元 tells three things. A mapping
names the part that a field takes and then its own converter:
``convert: [sentence_main, term_years]``. What fits none of the parts makes the whole
unreadable, so that no part is left out unseen.
Source: Criminal Law, articles 33, 34, 52, 72.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hub.errors import Text
from hub.mapping.converters.converter import Converter, as_it_is
from hub.mapping.converters.text import fold_width
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_MARKS = "[,;、]?"
_WHOLE = re.compile(
    r"(?:判处)?(?P<main>(?:有期徒刑|拘役|管制)[\d〇零一二三四五六七八九十两年个月日天又]{1,20}"
    r"|无期徒刑|死刑(?:,?缓期[二两]年执行|立即执行)?|死缓)?"
    rf"(?:{_MARKS}(?:宣告)?(?P<probation>缓刑[\d〇零一二三四五六七八九十两年个月日天又]{{1,20}}))?"
    rf"(?:{_MARKS}(?:并处|单处|判处)?罚金(?P<fine>[^,;、。]{{1,40}}(?:,\d{{3}}){{0,4}}[^,;、。]{{0,10}}))?"
    r"[。.]?"
)
_ON_SHAPE = Text("不是可拆分的判决内容", "it is no sentence that can be taken apart")


def _part(name: str) -> Callable[[Scalar], Result]:
    def read(value: Scalar) -> Result:
        """One part; absent where the sentence does not tell it.

        Source: Criminal Law, articles 33, 34, 52, 72.
        """
        original = as_text(value)
        if is_blank(original):
            return ABSENT
        text = fold_width(original).replace(" ", "")
        found = _WHOLE.fullmatch(text)
        if not found or not any(found.groups()):
            return Unreadable(original, _ON_SHAPE)
        return found[name] or ABSENT

    return read


_main, _probation = _part("main"), _part("probation")

CONVERTERS = (
    Converter(
        "sentence_main", Text("主刑", "a main penalty"), "text", _main, as_it_is(_main)
    ),
    Converter(
        "sentence_probation",
        Text("缓刑", "a probation"),
        "text",
        _probation,
        as_it_is(_probation),
    ),
    Converter("sentence_fine", Text("罚金", "a fine"), "text", _part("fine")),
)
