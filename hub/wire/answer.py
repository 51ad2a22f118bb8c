"""What an HTTP answer holds: a web page, or JSON without surprises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NoReturn, cast

from hub.contract.messages import Tree
from hub.errors import AgencyAnswerUnreadable
from hub.wire.http import Answer

MAX_BYTES = 10_000_000
#: as deep as XML may be
MAX_DEPTH = 64
#: brackets and commas of one document; an object costs some 230 bytes, so 120 MB
MAX_MARKS = 1_000_000
#: digits of a number that may not fit into 64 bits, and of one that surely does not
_LONG_NUMBER = re.compile(r"\d{19}")
_LONGEST = 20


def is_page(answer: Answer) -> bool:
    """Is this a web page, whatever its status says?"""
    start = answer.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start == b"<" or answer.media.lower().startswith("text/html")


def json_of(answer: Answer, *, endpoint: str) -> Tree:
    """The JSON of an answer; raises ``AgencyAnswerUnreadable`` with the bytes."""
    try:
        return parse_json(answer.body)
    except ValueError as error:
        raise AgencyAnswerUnreadable(
            endpoint=endpoint, body=answer.body, detail=type(error).__name__
        ) from error


def parse_json(body: bytes) -> Tree:
    """JSON as a tree; raises ``ValueError``.

    Fractions stay text, as written, and so do whole numbers that 64 bits do not hold.
    UTF-8 only, with or without a byte order mark, whatever the media type claims;
    no NaN or Infinity; no more bytes, marks and depth than the caps above.
    """
    if len(body) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES} bytes")
    opened = body.count(b"{") + body.count(b"[")
    if opened + body.count(b",") > MAX_MARKS:
        raise ValueError(f"more than {MAX_MARKS} marks")
    text = body.decode("utf-8-sig")
    try:
        found = json.loads(
            text,
            parse_float=str,
            parse_int=_whole if _LONG_NUMBER.search(text) else None,
            parse_constant=_refuse,
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if opened > MAX_DEPTH:
        _measure(found, MAX_DEPTH)
    return cast("Tree", found)


def _whole(digits: str) -> int | str:
    """A whole number if 64 bits hold it, else its digits."""
    if len(digits) > _LONGEST:
        return digits
    found = int(digits)
    return found if -(2**63) <= found < 2**63 else digits


def _measure(tree: Tree, left: int) -> None:
    """Raises ``ValueError`` for what is nested deeper than ``left``."""
    below: Iterable[Tree] = ()
    if isinstance(tree, dict | list):
        below = tree.values() if isinstance(tree, dict) else tree
    for one in below:
        if isinstance(one, dict | list):
            if left <= 1:
                raise ValueError(f"deeper than {MAX_DEPTH}")
            _measure(one, left - 1)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
