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
_ANSWERS = (
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
    wanted = f"bytes={offset}-{offset + most - 1}"
    answer = await http.call(
        "GET",
        url,
        headers={**(headers or {}), "Range": wanted},
        accept_status=_ANSWERS,
    )
    if answer.status in _GONE:
        return None
    if answer.status == HTTPStatus.OK:
        body = answer.body[offset : offset + most]
        return _piece(answer, body, offset, len(answer.body))
    start, end, size = _told(http, answer)
    if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return _piece(answer, b"", offset, size)
    if (
        start != offset
        or end - start + 1 != len(answer.body)
        or len(answer.body) > most
    ):
        raise _unreadable(http, answer)
    return _piece(answer, answer.body, offset, size)


def _piece(answer: Answer, body: bytes, offset: int, size: int) -> Piece:
    told = answer.headers
    version = told.get("etag") or told.get("last-modified") or ""
    return Piece(body, offset, size, version, answer.media)


def _told(http: Http, answer: Answer) -> tuple[int, int, int]:
    found = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    if found is None:
        raise _unreadable(http, answer)
    start, end, size = (int(text or 0) for text in found.groups())
    return start, end, size


def _unreadable(http: Http, answer: Answer) -> AgencyAnswerUnreadable:
    return AgencyAnswerUnreadable(
        "对方给出的不是所要的文件片段",
        "The agency did not send the range of the file that was asked for",
        endpoint=http.endpoint,
        body=answer.body[:1_000],
    )
