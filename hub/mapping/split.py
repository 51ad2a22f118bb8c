"""Several values in one text, taken apart: 危险驾驶罪、盗窃罪."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hub.mapping.value import is_blank


def parts(text: str, marks: re.Pattern[str], wholes: frozenset[str]) -> Iterator[str]:
    """The parts of a text, each stripped, blank ones left out.

    A mark may stand inside a value (掩饰、隐瞒犯罪所得罪): where neighbouring parts
    put together are one of ``wholes``, the longest such stays whole.
    """
    if marks.search(text) is None:
        if not is_blank(text):
            yield text.strip()
        return
    cuts = [(found.start(), found.end()) for found in marks.finditer(text)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    at = 0
    while at < len(starts):
        last = _longest(text, starts[at], ends[at:], wholes)
        part = text[starts[at] : ends[at + last]].strip()
        if not is_blank(part):
            yield part
        at += last + 1


def _longest(text: str, start: int, ends: list[int], wholes: frozenset[str]) -> int:
    for last in range(len(ends) - 1, 0, -1):
        if text[start : ends[last]].strip() in wholes:
            return last
    return 0
