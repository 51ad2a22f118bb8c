"""A file over HTTP, a range at a time: what ``fetch`` of a REST system is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

from hub.contract.messages import Piece
from hub.errors import AgencyAnswerUnreadable
from hub.wire.http import Answer, Http

_RANGE = re.compile(r"bytes\s+(?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18})")
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
#: what a far side may say to a range
ANSWERS = (
    HTTPStatus.OK,
    HTTPStatus.PARTIAL_CONTENT,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    *_GONE,
)


async def piece(
    http: Http,
    url: str,
    offset: int,
    most: int,
    headers: Mapping[str, str] | None = None,
) -> Piece | None:
    """At most ``most`` bytes from ``offset`` on; ``None`` where there is no file.

    A far side that knows no ranges sends the whole file, if that is not larger than
    what ``http`` takes; the piece is cut out of it. Raises what ``Http.call`` raises.
    """
    answer = await http.call(
        "GET",
        url,
        headers={**(headers or {}), **asking(offset, most)},
        accept_status=ANSWERS,
    )
    return told(answer, offset, most, endpoint=http.endpoint)


def asking(offset: int, most: int) -> dict[str, str]:
    """The header that asks for a range, for calls that are made elsewhere."""
    return {"Range": f"bytes={offset}-{offset + most - 1}"}


def told(answer: Answer, offset: int, most: int, *, endpoint: str) -> Piece | None:
    """The piece in an answer with a status of ``ANSWERS``; ``None``: no such file.

    Raises ``AgencyAnswerUnreadable`` where it is not the range that was asked for.
    """
    if answer.status in _GONE:
        return None
    if answer.status == HTTPStatus.OK:
        body = answer.body[offset : offset + most]
        return _piece(answer, body, offset, len(answer.body))
    start, end, size = _told(answer, endpoint)
    if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return _piece(answer, b"", offset, size)
    if (
        start != offset
        or end - start + 1 != len(answer.body)
        or len(answer.body) > most
    ):
        raise _unreadable(answer, endpoint)
    return _piece(answer, answer.body, offset, size)


def _piece(answer: Answer, body: bytes, offset: int, size: int) -> Piece:
    told = answer.headers
    version = told.get("etag") or told.get("last-modified") or ""
    return Piece(body, offset, size, version, answer.media)


def _told(answer: Answer, endpoint: str) -> tuple[int, int, int]:
    found = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    if found is None:
        raise _unreadable(answer, endpoint)
    start, end, size = (int(text or 0) for text in found.groups())
    return start, end, size


def _unreadable(answer: Answer, endpoint: str) -> AgencyAnswerUnreadable:
    return AgencyAnswerUnreadable(
        "对方给出的不是所要的文件片段",
        "The agency did not send the range of the file that was asked for",
        endpoint=endpoint,
        body=answer.body[:1_000],
    )
