"""What an HTTP answer holds: a web page, or JSON without surprises."""

from __future__ import annotations

import json
from typing import NoReturn, cast

from hub.contract.messages import Tree
from hub.errors import AgencyAnswerUnreadable
from hub.wire.http import Answer


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
    """JSON as a tree; raises ``ValueError``. Fractions stay text, as written.

    UTF-8 only, with or without a byte order mark, whatever the media type claims;
    no NaN or Infinity, and nesting too deep for the parser is an error like others.
    """
    try:
        return cast(
            "Tree",
            json.loads(
                body.decode("utf-8-sig"), parse_float=str, parse_constant=_refuse
            ),
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
