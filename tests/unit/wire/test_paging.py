"""Lists in pages: each style to its end, and no far side leads in a circle."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import AgencyAnswerUnreadable
from hub.wire.answer import json_of
from hub.wire.http import Answer, Http
from hub.wire.paging import by_cursor, by_link, by_offset, by_page, next_link

END = "page-test"


async def _all(walk) -> list[int]:
    return [row async for rows in walk for row in rows]


@given(st.integers(0, 23), st.integers(1, 7))
async def test_every_style_brings_every_row_once(many: int, size: int) -> None:
    rows = list(range(many))

    async def page(number: int) -> list[int]:
        return rows[(number - 1) * size : number * size]

    async def offset(start: int) -> list[int]:
        return rows[start : start + max(1, size - 1)]  # gives less than asked

    async def cursor(told: str) -> tuple[list[int], str]:
        start = int(told or 0)
        following = start + size
        return rows[start:following], str(following) if following < many else ""

    assert await _all(by_page(page, size=size, endpoint=END)) == rows
    assert await _all(by_offset(offset, size=size, endpoint=END)) == rows
    assert await _all(by_cursor(cursor, endpoint=END)) == rows


async def test_a_far_side_that_ignores_the_page_is_found_out() -> None:
    async def same(_: int) -> list[int]:
        return [1, 2]

    async def circle(told: str) -> tuple[list[int], str]:
        return [1], "b" if told == "a" else "a"

    for walk in (
        by_page(same, size=2, endpoint=END),
        by_offset(same, size=2, endpoint=END),
        by_cursor(circle, endpoint=END),
    ):
        with pytest.raises(AgencyAnswerUnreadable, match="again and again"):
            await _all(walk)


async def test_links_are_followed_to_the_end() -> None:
    async def far(request: web.Request) -> web.StreamResponse:
        page = int(request.query.get("page", "1"))
        answer = web.json_response([page * 10, page * 10 + 1])
        if page < 4:
            link = f'</list?page={page + 1}>; rel="next", </list>; rel=first'
            answer.headers["Link"] = link
        return answer

    app = web.Application()
    app.router.add_get("/list", far)
    async with TestServer(app) as server, Http(END) as http:

        async def ask(url: str):
            answer = await http.call("GET", url)
            return json_of(answer, endpoint=END), answer

        start = str(server.make_url("/list"))
        found = await _all(by_link(ask, start, endpoint=END))
    assert found == [10, 11, 20, 21, 30, 31, 40, 41]


def _answer(link: str) -> Answer:
    return Answer(200, {"link": link}, b"[]")


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ("", ""),
        ('<https://a/x?p=2>; rel="next"', "https://a/x?p=2"),
        ("<?p=2>; rel=next; title=more", "https://a/x?p=2"),
        ('<y>; rel="prev", <z>; title="a, b"; REL="last next"', "https://a/z"),
        ('<y>; rel="nextish"', ""),
        ("<y; rel=next", ""),
        ("<" * 8_000, ""),
        ("<a>;" * 2_000, ""),
    ],
)
def test_link_headers_are_read(link: str, following: str) -> None:
    assert next_link(_answer(link), "https://a/x", endpoint=END) == following


@pytest.mark.parametrize("target", ["https://b/x", "http://a/x", "//b/x", "file:///x"])
def test_no_link_leads_our_login_to_another_host(target: str) -> None:
    answer = _answer(f'<{target}>; rel="next"')
    with pytest.raises(AgencyAnswerUnreadable, match="another host"):
        next_link(answer, "https://a/x", endpoint=END)
