"""Lists that come in pages: by page number, offset, cursor or Link header.

Each walk ends where the far side says so, and never runs in a circle: a far side that
ignores what it is asked gives the same page for ever. For lists that change while
they are read, ``hub.wire.changes`` asks by value instead.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from hub.errors import AgencyAnswerUnreadable
from hub.wire.http import Answer

Row = TypeVar("Row")

#: pages of one walk; a list that is longer is not a list of changes
MOST_PAGES = 10_000

_LINK = re.compile(
    r"<([^<>]*)>((?:\s*;\s*[\w!#$%&'*+.^`|~-]+\s*=\s*(?:\"[^\"]*\"|[^\s\",;]+))*)"
)
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)


async def by_page(
    ask: Callable[[int], Awaitable[Sequence[Row]]],
    *,
    size: int,
    endpoint: str,
    first: int = 1,
) -> AsyncIterator[Sequence[Row]]:
    """Pages by number until one is short; ``size`` rows are asked for at once."""
    before: Sequence[Row] = ()
    for page in range(first, first + MOST_PAGES):
        rows = await ask(page)
        if rows and rows == before:
            raise _circle(endpoint)
        if rows:
            yield rows
        if len(rows) < size:
            return
        before = rows
    raise _circle(endpoint)


async def by_offset(
    ask: Callable[[int], Awaitable[Sequence[Row]]], *, size: int, endpoint: str
) -> AsyncIterator[Sequence[Row]]:
    """Pages by how many rows came before, until one is short.

    The far side may give fewer than asked at once: an empty page is the end then.
    """
    before: Sequence[Row] = ()
    offset = 0
    for _ in range(MOST_PAGES):
        rows = await ask(offset)
        if rows and rows == before:
            raise _circle(endpoint)
        if not rows:
            return
        yield rows
        offset += len(rows)
        before = rows
    raise _circle(endpoint)


async def by_cursor(
    ask: Callable[[str], Awaitable[tuple[Sequence[Row], str]]],
    *,
    endpoint: str,
    first: str = "",
) -> AsyncIterator[Sequence[Row]]:
    """Pages by the cursor that the page before gave, until there is none."""
    seen: set[Hashable] = set()
    cursor = first
    for _ in range(MOST_PAGES):
        rows, following = await ask(cursor)
        if rows:
            yield rows
        if not following:
            return
        if following in seen or following == cursor:
            raise _circle(endpoint)
        seen.add(following)
        cursor = following
    raise _circle(endpoint)


async def by_link(
    ask: Callable[[str], Awaitable[tuple[Sequence[Row], Answer]]],
    url: str,
    *,
    endpoint: str,
) -> AsyncIterator[Sequence[Row]]:
    """Pages by the Link header's ``rel="next"``, from ``url`` on, of one host only."""
    seen = {url}
    for _ in range(MOST_PAGES):
        rows, answer = await ask(url)
        if rows:
            yield rows
        following = next_link(answer, url, endpoint=endpoint)
        if not following:
            return
        if following in seen:
            raise _circle(endpoint)
        seen.add(following)
        url = following
    raise _circle(endpoint)


def next_link(answer: Answer, url: str, *, endpoint: str) -> str:
    """The address of the next page, empty at the end.

    Raises ``AgencyAnswerUnreadable`` for one that leads to another host: our login
    goes along with every call.
    """
    header = answer.headers.get("link", "")[:8_000]
    for target, parameters in _LINK.findall(header):
        kinds = [first or second for first, second in _REL.findall(parameters)]
        if any("next" in kind.lower().split() for kind in kinds):
            found = str(urljoin(url, target))
            if _origin(found) != _origin(url):
                raise AgencyAnswerUnreadable(
                    "下一页的地址指向另一主机",
                    "The next page's address leads to another host",
                    endpoint=endpoint,
                    body=answer.body,
                )
            return found
    return ""


def _origin(url: str) -> tuple[str, str]:
    try:
        told = urlsplit(url)
    except ValueError:
        return "", ""
    return told.scheme.lower(), told.netloc.lower()


def _circle(endpoint: str) -> AgencyAnswerUnreadable:
    return AgencyAnswerUnreadable(
        "对方的列表没有尽头（反复给出同一页）",
        "The agency's list does not end (the same page comes again and again)",
        endpoint=endpoint,
    )
