"""Walk a change list whose pages shift while its rows change.

A page number counts rows, and a row that changes moves to the end, so everything
behind it slips one place to the front and the next page misses a row. Therefore
the walk asks by value: each question starts at the last modification time seen.
Rows at the seam come twice, and ``Window`` drops them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from hub.contract.window import Change

#: (since, page from 1, size) -> rows at or after ``since``, oldest first
Ask = Callable[[str, int, int], Awaitable[Sequence[Change]]]


#: how often a question is put again whose answer cannot be its own
_AGAIN = 2


async def walk(
    ask: Ask, since: str, *, size: int, most: int
) -> AsyncIterator[tuple[Change, ...]]:
    """The rows from ``since`` on, an answer at a time, until a short answer.

    ``size`` rows are asked for at once. When more rows than that share one second,
    the answer is made larger up to ``most`` (what the far side gives at once), and
    only beyond that are pages counted. An answer that cannot be the question's own
    (the one before once more, or rows older than asked for) is asked for again: taken
    for news it would hide what the question was put for.
    """
    page, asked = 1, size
    before: tuple[Change, ...] = ()
    again = 0
    while True:
        rows = tuple(await ask(since, page, asked))
        is_same = bool(rows) and rows == before
        if rows and not is_same:
            yield rows
        if again < _AGAIN and (is_same or _is_older(rows, since)):
            again += 1
            before = rows
            continue
        if len(rows) < asked or (is_same and page > 1):
            return  # the end; some systems repeat their last page for ever
        before, again = rows, 0
        last = max(row.modified for row in rows)
        if last > since:
            since, page, asked = last, 1, size
        elif asked < most:
            asked = min(asked * 2, most)
        else:
            page += 1


def _is_older(rows: Sequence[Change], since: str) -> bool:
    return any(row.modified < since for row in rows)
