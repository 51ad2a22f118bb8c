"""Why a value cannot be read: reasons that several converters give."""

from __future__ import annotations

import re
from typing import Final

from hub.errors import Text

DAMAGED: Final = Text("含有损坏的字符或控制字符", "it holds a damaged character")
NO_TEXT: Final = Text("不是文字", "it is no text")
SHAPE: Final = Text("不合该编号的格式", "it has not the shape of such a number")
SCIENCE: Final = Text("科学计数法已丢失末位数字", "scientific notation lost its digits")
MASKED: Final = Text("号码被遮盖", "digits are masked")

_SCIENCE = re.compile(r"[\d.]+E\+?\d+", re.ASCII | re.IGNORECASE)
_MASK = re.compile(r"[*\u25cf\u2022#]|[xX\u00d7]{2}")


def on_number(text: str) -> Text:
    """What is wrong with a text that has not the shape of a number."""
    if _SCIENCE.fullmatch(text):
        return SCIENCE
    return MASKED if _MASK.search(text) else SHAPE
